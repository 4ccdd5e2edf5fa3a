"""Whom sources mean by gold coreference: what is scored, what counts as right, the baseline."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stance.config import load_config
from stance.errors import InputError
from stance.evaluate import coref, load_task, run_evaluate
from stance.types import Speaker, SpeakerKind

TEXT = "Pia Lund met officials. Lund said no. She added more. We agree to it."
MENTIONS = [
    (0, 8, "lund", "name"), (13, 22, "officials", "nominal"), (24, 28, "lund", "name"), (38, 41, "lund", "pronoun"),
    (54, 56, "we", "pronoun"),
]  # fmt: skip
ATTRIBUTIONS = [("a", 24, 28, 29, 33, "lund"), ("b", 38, 41, 42, 47, "lund"), ("c", 54, 56, 57, 62, "we")]


def written(folder: Path, genre: str = "news", coreference: bool = True) -> Path:
    attributions = [
        {"id": i, "source": [[s, e]], "cue": [[c, d]], "content": [[d + 1, d + 3]], "kind": "indirect",
         "speaker_entity": entity, "speaker_type": "person"}
        for i, s, e, c, d, entity in ATTRIBUTIONS
    ]  # fmt: skip
    row = {"id": "1", "genre": genre, "text": TEXT, "attributions": attributions}
    mentions = [{"start": s, "end": e, "entity": entity, "kind": kind} for s, e, entity, kind in MENTIONS]
    path = folder / "mine.dev.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    if coreference:
        rows = json.dumps({"id": "1", "mentions": mentions}) + "\n"
        (folder / "mine.coref.dev.jsonl").write_text(rows, encoding="utf-8")
    return path


def test_resolver_is_scored_beside_the_nearest_name(tmp_path: Path) -> None:
    result = run_evaluate("gum", load_config(), written(tmp_path))
    assert result.counts == {"articles": 1, "statements": 2}  # nobody is named for "we"
    assert {s.name: s.scores.value("speakers") for s in result.systems} == {"stance": 1.0, "nearest name": 1.0}
    assert result.main.scores.total("speakers.pronoun").numbers() == {"right": 1, "total": 1}


def test_named_person_is_not_right_as_somebody_unnamed(tmp_path: Path) -> None:
    (case,) = coref.read_cases(load_task("gum", written(tmp_path)))
    lund = case.entities["a"]
    given = case.doc.statements[0]

    def right(name: str, kind: SpeakerKind) -> bool:
        return coref.is_right(replace(given, speakers=(Speaker("", name, kind),)), lund, None)

    assert right("Lund", "person")
    assert not right("officials", "unnamed")
    assert not coref.is_right(given, lund, None)


def test_genre_and_the_second_file_are_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no attribution"):
        run_evaluate("gum", load_config(), written(tmp_path, genre="fiction"))
    alone = tmp_path / "alone"
    alone.mkdir()
    with pytest.raises(InputError, match=r"mine\.coref\.dev\.jsonl"):
        run_evaluate("gum", load_config(), written(alone, coreference=False))
