"""The project's own texts agree with themselves: annotated articles, examples, training rows, hard cases."""

from __future__ import annotations

import html
import importlib.util
import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "eval" / "gold"
ROWS = sorted((ROOT / "configs" / "train" / "rows").glob("*.jsonl"))
KINDS = {"direct", "indirect", "mixed"}
STANCES = {"favor", "against", "neutral"}
SPEAKER_KINDS = {"person", "country", "organization", "group", "unnamed"}
MARKS = "\"“”‘’„‟«»'`—"


def read_jsonl(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load_build():
    spec = importlib.util.spec_from_file_location("gold_build", GOLD / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


ARTICLES = read_jsonl(GOLD / "articles.jsonl")
CASES = yaml.safe_load((ROOT / "tests" / "data" / "hard_cases.yaml").read_text(encoding="utf-8"))
TOPICS = yaml.safe_load((ROOT / "configs" / "topics.yaml").read_text(encoding="utf-8"))
TARGETS = {target["id"] for topic in TOPICS["topics"] for target in topic["targets"]}

each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])


def test_articles_are_what_their_readable_sources_say():
    build = load_build()
    assert build.to_jsonl(build.build_all()) == (GOLD / "articles.jsonl").read_text(encoding="utf-8")


def test_markup_gives_nested_and_shared_spans():
    text, spans = load_build().parse_text("[s1,s2:He] [c1:said] [x1:that [s3:she] [c3:asked] [x3:why]] and [c2:wept].")
    assert text == "He said that she asked why and wept."
    assert spans[1]["source"] == spans[2]["source"] == [[0, 2]]
    assert [text[s:e] for s, e in spans[1]["content"] + spans[3]["content"]] == ["that she asked why", "why"]


@pytest.mark.parametrize("marked", ["He [c1:said", "He said]", "He [c1:] said", "He [said]"])
def test_faulty_markup_is_refused(marked):
    with pytest.raises(ValueError, match="span"):
        load_build().parse_text(marked)


@each_article
def test_spans_stand_on_whole_words(article):
    text = article["text"]
    for statement in article["statements"]:
        assert statement["content"]
        for part in ("source", "cue", "content"):
            assert statement[part] == sorted(statement[part])
            for start, end in statement[part]:
                assert 0 <= start < end <= len(text)
                piece = text[start:end]
                assert piece == piece.strip()
                assert not (start and text[start - 1].isalnum() and piece[0].isalnum()), piece
                assert not (end < len(text) and text[end].isalnum() and piece[-1].isalnum()), piece
                assert "\n" not in piece, "a span of these articles stays within its paragraph"
        assert len(statement["cue"]) <= 1 and len(statement["source"]) <= 1


@each_article
def test_entities_speakers_and_stances_are_known(article):
    ids = [entity["id"] for entity in article["entities"]]
    assert len(set(ids)) == len(ids)
    assert {entity["kind"] for entity in article["entities"]} <= SPEAKER_KINDS
    for statement in article["statements"]:
        assert statement["speakers"] and set(statement["speakers"]) <= set(ids)
        targets = [stance["target"] for stance in statement["stances"]]
        assert set(targets) <= TARGETS and len(set(targets)) == len(targets)
        assert {stance["stance"] for stance in statement["stances"]} <= STANCES
    used = {speaker for statement in article["statements"] for speaker in statement["speakers"]}
    assert used == set(ids), "an entity that says nothing"


def quoted(piece: str, next_piece: str) -> bool:
    """All in quotation marks; they may stay open at the end of a paragraph when the next piece opens them again."""
    goes_on = next_piece[:1] == piece[0] == "“"
    return piece[0] in '"“‘«' and (piece[-1] in '"”’»' or goes_on)


@each_article
def test_kind_agrees_with_quotation_marks(article):
    for statement in article["statements"]:
        pieces = [article["text"][start:end] for start, end in statement["content"]]
        marked = [quoted(piece, next_piece) for piece, next_piece in zip(pieces, [*pieces[1:], ""], strict=True)]
        assert statement["kind"] in KINDS
        assert (statement["kind"] == "direct") == all(marked), pieces
        if statement["kind"] == "mixed":
            assert any(re.search(r"[\"“‘«]", piece) for piece in pieces), pieces


def test_articles_cover_every_target():
    seen = {stance["target"] for a in ARTICLES for s in a["statements"] for stance in s["stances"]}
    assert seen >= TARGETS


def test_examples_hold_the_annotated_texts():
    examples = [path for path in (ROOT / "eval" / "examples").iterdir() if path.is_file()]
    assert {path.suffix for path in examples} == {".txt", ".md", ".html", ".jsonl"}
    texts = {article["id"]: article["text"].split("\n\n") for article in ARTICLES}
    for path in examples:
        raw = path.read_text(encoding="utf-8")
        shown = json.loads(raw)["text"] if path.suffix == ".jsonl" else html.unescape(raw)
        assert any(all(paragraph in shown for paragraph in paragraphs) for paragraphs in texts.values()), path.name


@pytest.mark.parametrize("path", ROWS, ids=lambda path: path.name)
def test_training_rows_name_known_targets_and_speak_once(path):
    rows = read_jsonl(path)
    assert len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"group", "speaker", "text", "stances"} and row["speaker"] and row["text"]
        for target, stance in row["stances"]:
            assert target in TARGETS and stance in STANCES, row


@pytest.mark.parametrize("path", ROWS, ids=lambda path: path.name)
def test_training_rows_share_no_wording_with_the_evaluation(path):
    evaluated = set().union(*(shingles(article["text"]) for article in ARTICLES))
    for row in read_jsonl(path):
        assert not shingles(row["text"]) & evaluated, row["text"]


def test_there_are_enough_hard_cases_with_names_of_their_own():
    names = [case["name"] for case in CASES]
    assert len(names) >= 70 and len(set(names)) == len(names)
    assert sum(not case["statements"] for case in CASES) >= 8


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_hard_case_is_anchored_in_its_text(case):
    for statement in case["statements"]:
        at = 0
        for piece in statement["content"]:
            found = case["text"].find(piece, at)
            assert found >= 0, piece
            at = found + len(piece)
        for part in ("cue", "source"):
            assert statement[part] is None or re.search(rf"(?<!\w){re.escape(statement[part])}(?!\w)", case["text"])
        assert statement["kind"] in KINDS
        if statement["kind"] == "direct":
            assert all(piece[0] in MARKS for piece in statement["content"])
