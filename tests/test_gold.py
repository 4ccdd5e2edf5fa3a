"""The project's own texts agree with themselves: annotated articles, examples, training rows, hard cases."""

from __future__ import annotations

import html
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "eval" / "gold"
ROWS = [ROOT / "configs" / "train" / "rows" / "rare_targets.jsonl"]
MARKED = ROOT / "configs" / "train" / "rows" / "marked.jsonl"
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


BUILD = load_build()
ARTICLES = read_jsonl(GOLD / "articles.jsonl")
HEADS = {head["id"]: head for head in map(BUILD.parse_head, sorted((GOLD / "source").glob("*.txt")))}
RULES = yaml.safe_load((GOLD / "cases.yaml").read_text(encoding="utf-8"))
CASES = yaml.safe_load((ROOT / "tests" / "data" / "hard_cases.yaml").read_text(encoding="utf-8"))
TOPICS = yaml.safe_load((ROOT / "configs" / "topics.yaml").read_text(encoding="utf-8"))
TARGETS = {target["id"] for topic in TOPICS["topics"] for target in topic["targets"]}

each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])


def test_articles_are_what_their_readable_sources_say():
    assert BUILD.to_jsonl(BUILD.build_all()) == (GOLD / "articles.jsonl").read_text(encoding="utf-8")


def test_markup_gives_nested_and_shared_spans():
    text, spans = BUILD.parse_text("[s1,s2:He] [c1:said] [x1:that [s3:she] [c3:asked] [x3:why]] and [c2:wept].")
    assert text == "He said that she asked why and wept."
    assert spans[1]["source"] == spans[2]["source"] == [[0, 2]]
    assert [text[s:e] for s, e in spans[1]["content"] + spans[3]["content"]] == ["that she asked why", "why"]


@pytest.mark.parametrize("marked", ["He [c1:said", "He said]", "He [c1:] said", "He [said]"])
def test_faulty_markup_is_refused(marked):
    with pytest.raises(ValueError, match="span"):
        BUILD.parse_text(marked)


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


def test_articles_cover_every_target_several_times_and_from_both_sides():
    seen = Counter((x["target"], x["stance"]) for a in ARTICLES for s in a["statements"] for x in s["stances"])
    for target in TARGETS:
        assert sum(seen[target, stance] for stance in STANCES) >= 3, target
        assert seen[target, "favor"] and seen[target, "against"], target
    everywhere = Counter(stance for (_, stance), number in seen.items() for _ in range(number))
    assert min(everywhere.values()) > 0.15 * everywhere.total()


def test_articles_are_of_many_kinds_and_sizes_that_news_has():
    assert len(ARTICLES) >= 40 and len({article["text"] for article in ARTICLES}) == len(ARTICLES)
    assert len({HEADS[article["id"]]["genre"] for article in ARTICLES}) >= 8
    for article in ARTICLES:
        assert 250 <= len(article["text"].split()) <= 600, article["id"]
        assert 10 <= len(article["statements"]) <= 28, article["id"]
    kinds = Counter(statement["kind"] for article in ARTICLES for statement in article["statements"])
    assert kinds["indirect"] > 0.6 * kinds.total()


def test_articles_share_no_wording_with_each_other():
    kept = [shingles(article["text"]) for article in ARTICLES]
    for number, article in enumerate(ARTICLES):
        for other in kept[:number]:
            assert not kept[number] & other, article["id"]


CLAIMS = [
    (case, article["id"], number)
    for article in ARTICLES
    for case, _, number in (claim.partition("/") for claim in HEADS[article["id"]].get("covers", "").split())
]
CASE_IDS = {case for part in RULES.values() for case in part}


def test_every_hard_case_of_the_guidelines_occurs():
    assert {case for case, _, _ in CLAIMS} == CASE_IDS
    assert len(set(CLAIMS)) == len(CLAIMS)
    for case, article, number in CLAIMS:
        assert bool(number) != case.endswith("-not"), f"{article}: {case}/{number}"


def labels(statement: dict) -> set[str]:
    return {stance["stance"] for stance in statement["stances"]}


def is_interrupted(statement: dict) -> bool:
    return statement["content"][0][1] <= statement["cue"][0][0] <= statement["content"][-1][0]


def has_twin(statement: dict, article: dict) -> bool:
    return sum(other["content"] == statement["content"] for other in article["statements"]) == 2


SHAPES = {
    "floating-quotation": lambda s, a: not s["cue"] and not s["source"] and s["kind"] == "direct",
    "verbatim-unmarked": lambda s, a: not s["cue"] and s["source"] and s["kind"] == "indirect",
    "sourceless-passive-in-readout": lambda s, a: s["cue"] and not s["source"] and len(s["speakers"]) > 1,
    "interrupted": lambda s, a: is_interrupted(s),
    "quote-runs-on": lambda s, a: len(s["content"]) > 1 and s["kind"] == "direct",
    "quoted-sentence-after-cue": lambda s, a: len(s["content"]) > 1 and s["kind"] == "mixed",
    "unclosed-quotation": lambda s, a: "\n\n" in a["text"][s["content"][0][0] : s["content"][-1][1]],
    "backshifted-continuation": lambda s, a: len(s["content"]) > 1 and s["cue"][0][0] < s["content"][0][0],
    "cue-in-relative-clause": lambda s, a: is_interrupted(s),
    "nested-other-actor": lambda s, a: s["parent"] is not None,
    "nested-in-quotation": lambda s, a: s["parent"] is not None and s["kind"] == "indirect",
    "medium-quotes": has_twin,
    "quoted-judgement-mixed": lambda s, a: s["kind"] == "mixed",
    "quoted-term-indirect": lambda s, a: s["kind"] == "indirect",
    "joint-countries": lambda s, a: len(s["speakers"]) > 1 and speaker_kinds(s, a) <= {"country", "organization"},
    "joint-persons": lambda s, a: len(s["speakers"]) > 1 and speaker_kinds(s, a) == {"person"},
    "metonym": lambda s, a: speaker_kinds(s, a) <= {"country", "organization"},
    "administration": lambda s, a: speaker_kinds(s, a) == {"country"},
    "ministry": lambda s, a: speaker_kinds(s, a) == {"organization"},
    "outlet": lambda s, a: speaker_kinds(s, a) == {"organization"},
    "kremlin-spokesman": lambda s, a: speaker_kinds(s, a) == {"person"},
    "unnamed-person": lambda s, a: speaker_kinds(s, a) == {"unnamed"},
    "unnamed-group": lambda s, a: speaker_kinds(s, a) == {"group"},
    "no-target": lambda s, a: not s["stances"],
    "logistics": lambda s, a: not s["stances"],
    "patrol-fact": lambda s, a: not s["stances"],
    "facts-neutral": lambda s, a: labels(s) == {"neutral"},
    "conditional-neutral": lambda s, a: labels(s) == {"neutral"},
    "launch-reported": lambda s, a: labels(s) == {"neutral"},
    "neutral-on-target": lambda s, a: "neutral" in labels(s),
    "both-ways": lambda s, a: labels(s) >= {"favor", "against"},
}


def speaker_kinds(statement: dict, article: dict) -> set[str]:
    return {entity["kind"] for entity in article["entities"] if entity["id"] in statement["speakers"]}


def test_statements_have_the_form_of_the_hard_case_that_they_stand_for():
    articles = {article["id"]: article for article in ARTICLES}
    for case, name, number in CLAIMS:
        if number:
            (statement,) = (s for s in articles[name]["statements"] if s["id"] == f"s{number}")
            assert SHAPES.get(case, lambda s, a: True)(statement, articles[name]), f"{name}: {case}/{number}"


@each_article
def test_a_parent_holds_its_child(article):
    by_id = {statement["id"]: statement for statement in article["statements"]}
    assert len(by_id) == len(article["statements"])
    for statement in article["statements"]:
        if statement["parent"]:
            outer = by_id[statement["parent"]]["content"]
            for start, end in statement["cue"] + statement["content"]:
                assert any(o[0] <= start and end <= o[1] for o in outer)


@each_article
def test_only_floating_quotations_passives_and_transcripts_lack_a_source_or_cue(article):
    for statement in article["statements"]:
        if not statement["source"] and statement["cue"]:
            assert HEADS[article["id"]]["genre"] in ("readout", "statement"), statement["id"]
        if not statement["source"] and not statement["cue"]:
            assert statement["kind"] == "direct", statement["id"]
        if statement["source"] and not statement["cue"]:
            assert HEADS[article["id"]]["genre"] in ("transcript", "hearing"), statement["id"]


def test_datasheet_counts_what_is_there():
    genres = {name: head["genre"] for name, head in HEADS.items()}
    shown = BUILD.COUNTS.search((GOLD / "README.md").read_text(encoding="utf-8"))[0]
    assert shown == BUILD.counts(ARTICLES, genres)


def test_bare_text_tells_nothing_and_can_be_coded_again(tmp_path):
    path = next((GOLD / "source").glob("01-*.txt"))
    blank = BUILD.bare(path)
    article = BUILD.build(path)
    assert article["text"] in blank and "covers" not in blank and "[s" not in blank
    coded = tmp_path / "second.txt"
    coded.write_text(
        blank.replace("Belozerov explained", "[s1:Belozerov] [c1:explained]")
        .replace("Russia's position.", "[x1:Russia's position].")
        .replace("== entities\n", "== entities\nb | Belozerov | person | | Russia\n")
        .replace("== statements\n", "== statements\n1 | indirect | b | brics=\n"),
        encoding="utf-8",
    )
    second = BUILD.build(coded)
    BUILD.check_second([article], [second])
    assert second["statements"][0]["stances"] == [{"target": "brics", "stance": "neutral"}]
    second["text"] = second["text"].replace("explained", "told")
    with pytest.raises(ValueError, match=r"irkutsk: the text was changed after .*Belozerov '"):
        BUILD.check_second([article], [second])


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


def test_marked_statements_name_known_targets_and_hold_no_text():
    rows = read_jsonl(MARKED)
    assert len({(row["article"], str(row["content"]), str(row["cue"])) for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"article", "content", "cue", "source", "stances", "topic"}
        assert all(target in TARGETS and stance in STANCES for target, stance in row["stances"]), row
        assert all(start < end for start, end in row["content"])


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
