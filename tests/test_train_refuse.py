"""Nothing that is evaluated on is trained on: not the texts, not their like, not their parts."""

import json
import logging
from pathlib import Path

import pytest

from stance.errors import InputError
from stance.train import refuse
from stance.train.refuse import Guard, evaluation_files, refuse_evaluated

FIRST = (
    "The harbour council of Vara met on Tuesday to speak about the ferry and its fares. Mayor Ilse Brandt told the "
    "members that the old lighthouse would have to be repaired before the winter storms come back to the coast.\n"
    "Karl Amt of the seamen's union rejected the plan, and asked for lower dues on small fishing boats instead."
)
OTHER = (
    "Engineers in Tirn have begun to measure how much snow the new bridge can carry when the valley is closed. They "
    "expect first results by May, their spokeswoman Ada Quist wrote to the paper."
)
SENTENCE = FIRST.split(". ")[1].split("\n")[0]


@pytest.fixture
def gold(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "first", "text": FIRST}) + "\n", encoding="utf-8")
    monkeypatch.setattr(refuse, "evaluation_files", lambda: [path])
    return path


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        FIRST.upper(),
        FIRST.replace("Tuesday", "Friday").replace("winter", "autumn"),
        SENTENCE,
        SENTENCE.replace("winter storms", "storms"),
        f"{OTHER} {SENTENCE} And so on.",
        f"{OTHER}\n\n{FIRST}\n\n{OTHER}",
    ],
    ids=["same", "capitals", "other words here and there", "a sentence", "a like sentence", "inside", "pasted"],
)
def test_evaluation_texts_their_like_and_their_parts_are_known(text):
    assert Guard([("first", FIRST)]).like(text) == "first"


@pytest.mark.parametrize(
    "text", [OTHER, "Mayor Ilse Brandt told the members.", "", "He said that the talks were useful."]
)
def test_other_and_very_short_texts_are_not(text):
    assert Guard([("first", FIRST)]).like(text) is None


def test_refusal_names_the_rows_and_what_they_are_like(gold, tmp_path):
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in (("a", OTHER), ("b", SENTENCE))))
    with pytest.raises(
        InputError, match=r"train\.jsonl holds .*1 texts: 'b' \(like 'gold\.jsonl first'\).*Take them out"
    ):
        refuse_evaluated([path])
    path.write_text(json.dumps({"id": "a", "text": OTHER}) + "\n")
    refuse_evaluated([path])


def test_articles_that_models_are_scored_on_are_refused_but_a_shared_sentence_is_not(tmp_path):
    dev, train = tmp_path / "dev.jsonl", tmp_path / "train.jsonl"
    dev.write_text(json.dumps({"id": "d", "text": FIRST}) + "\n")
    train.write_text(json.dumps({"id": "t", "text": f"{OTHER} {SENTENCE}"}) + "\n")
    refuse_evaluated([train], [dev])
    train.write_text(json.dumps({"id": "t", "text": FIRST + " Thus it ended."}) + "\n")
    with pytest.raises(InputError, match="'t'"):
        refuse_evaluated([train], [dev])


def test_public_rows_that_repeat_a_scored_text_are_left_out_and_told(caplog):
    rows = [{"id": "x", "text": SENTENCE}, {"text": OTHER}]
    with caplog.at_level(logging.WARNING):
        assert Guard([("dev 1", FIRST)]).without(rows, "set.jsonl") == rows[1:]
    assert "set.jsonl: left out" in caplog.text and "'x' (like 'dev 1')" in caplog.text


def test_every_recipe_knows_the_projects_own_articles_and_pairs():
    articles, pairs = (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in evaluation_files()
    )
    guard = Guard.of(evaluation_files())
    assert len(articles) >= 16 and all(guard.like(row["text"]) for row in articles)
    assert len(pairs) >= 360 and all(guard.like(row["text"]) for row in pairs if len(row["text"].split()) > 8)
    assert guard.like("that Algiers will share with its neighbours what it learns about the bomb makers in the Sahel")


def test_rows_that_come_with_the_recipes_are_clean():
    folder = Path(__file__).parents[1] / "configs" / "train" / "rows"
    refuse_evaluated(sorted(folder.glob("*.jsonl")))
