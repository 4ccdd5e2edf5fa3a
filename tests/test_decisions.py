"""Decisions about speakers beat the model, survive labelling again, and can be taken back to the byte."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.decide import behind, decide, find, settle, speakers, split, strangers
from stance.errors import ConfigError, InputError
from stance.rows import statement_rows
from stance.speakers import Decisions, Settled, load
from stance.store import DECISIONS, RunFolder, decisions_file, read_info, read_run
from stance.types import Article, Doc, Span, Speaker, Stance, Statement

SETTINGS = {"version": "1", "config": {}, "hash": "aaa", "topics": {"topics": []}}
TEXT = "Someone said that limes help."
VENN = Speaker("mara-venn@norway", "Mara Venn", "person", "mayor", "Norway", "name", 0.9)
VEN = Speaker("mara-wenn@sweden", "Mara Wenn", "person", "painter", "Sweden", "surname", 0.8)
HILL = Speaker("ole-hill@norway", "Ole Hill", "person", "", "Norway", "pronoun", 0.7)
OFFICIAL = Speaker("unnamed:official@norway", "an official", "unnamed", "official", "Norway", "name", 0.7)


def doc(name: str, *sources: tuple[Speaker, ...]) -> Doc:
    """An article in which each of the sources says that limes help."""
    statements = tuple(
        Statement(
            f"{name}:{number}",
            (Span(18 + number, 28),),
            Span(8, 12),
            Span(0, 7),
            "indirect",
            0.9,
            speakers=source,
            stances=(Stance("trees", "limes", "favor", (0.8, 0.1, 0.1), 0.8),),
        )
        for number, source in enumerate(sources, 1)
    )
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    return Doc(Article(name, TEXT, "Limes", "2024-05-01", "Daily", sha256=digest), statements=statements)


DOCS = (
    doc("a", (VENN,), (HILL, VENN), (OFFICIAL,)),
    doc("b", (VEN,), (), (VEN,)),
    doc("c", (VENN, VEN)),
)


def label(folder, *docs, **options):
    run = RunFolder(folder, {**SETTINGS, **options})
    for one in docs:
        if run.claim(one.article):
            run.add([one])
    return run.finish(1)


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    label(folder, *DOCS)
    return folder


def tables(folder) -> dict[str, bytes]:
    """Every file of a run but its decisions."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != DECISIONS}


def said(folder) -> dict[str, list[str]]:
    return {row["statement_id"]: [s["id"] for s in row["speakers"]] for _, rows in read_run(folder) for row in rows}


def speaker(folder, statement_id, number=0):
    rows = {row["statement_id"]: row for _, own in read_run(folder) for row in own}
    return rows[statement_id]["speakers"][number]


MERGE = {"merge": ["mara-wenn@sweden"], "into": "mara-venn@norway"}


def test_merge_gives_the_statements_to_one_speaker_in_every_table_and_report(run):
    assert decide(run, MERGE) == 3
    assert said(run)["b:1"] == ["mara-venn@norway"]
    assert speaker(run, "b:1") == {
        "id": "mara-venn@norway",
        "name": "Mara Venn",
        "kind": "person",
        "role": "painter",
        "affiliation": "Norway",
        "how": "decision",
        "score": 1.0,
    }
    assert said(run)["c:1"] == ["mara-venn@norway"], "a joint source names a speaker once"
    assert speaker(run, "a:1")["how"] == "name", "what a decision does not change keeps its how"
    stored = pq.read_table(run / "statements.parquet").to_pylist()
    assert {row["statement_id"]: [s["id"] for s in row["speakers"]] for row in stored} == said(run)
    assert read_info(run)["counts"]["speakers"] == 2


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (MERGE, {"split": "mara-wenn@sweden"}),
        ({"merge": ["mara-venn@norway", "mara-wenn@sweden"], "into": "ole-hill@norway"}, None),
        ({"merge": ["unnamed:official@norway"], "into": "ole-hill@norway"}, {"split": "unnamed:official@norway"}),
        (
            {"split": "mara-venn@norway", "articles": ["a"], "into": "m-v@norway", "name": "M V"},
            {"merge": ["m-v@norway"], "into": "mara-venn@norway"},
        ),
    ],
)
def test_what_is_taken_back_leaves_the_same_tables_byte_for_byte(run, there, back):
    before = tables(run)
    decide(run, there)
    assert tables(run) != before
    for step in [back] if back else [{"split": one} for one in there["merge"]]:
        decide(run, step)
    assert tables(run) == before


def test_labelling_again_keeps_the_decisions_and_carries_them_out(run):
    decide(run, MERGE)
    label(run, *DOCS, doc("d", (VEN,)))
    assert said(run)["d:1"] == ["mara-venn@norway"]
    decide(run, {"split": "mara-wenn@sweden"})
    assert said(run)["d:1"] == said(run)["b:1"] == ["mara-wenn@sweden"], "what was resolved in the articles is not lost"


def test_starting_anew_keeps_the_decisions(run):
    decide(run, MERGE)
    again = RunFolder(run, {**SETTINGS, "hash": "bbb"}, overwrite=True)
    again.claim(DOCS[1].article)
    again.add([DOCS[1]])
    again.finish(1)
    assert said(run) == {"b:1": ["mara-venn@norway"], "b:2": [], "b:3": ["mara-venn@norway"]}


def test_several_runs_go_by_one_file(run, tmp_path):
    shared = tmp_path / "shared.yaml"
    decide(run, MERGE, shared)
    assert decisions_file(run) == shared
    assert not (run / DECISIONS).exists()
    other = tmp_path / "other"
    label(other, DOCS[1], decisions=str(shared))
    assert said(other)["b:1"] == ["mara-venn@norway"]
    assert speaker(other, "b:1")["name"] == "Mara Wenn", "the run has no other name for that id"
    label(other, DOCS[1], DOCS[2])
    assert decisions_file(other) == shared, "a run goes on with the file that it began with"


def test_rename_and_set_change_a_speaker_wherever_it_speaks(run):
    decide(run, {"rename": "mara-venn@norway", "name": "Mara K. Venn"})
    decide(run, {"set": "mara-venn@norway", "role": "prime minister", "affiliation": "Oslo", "wikidata": "Q1"})
    for statement, number in (("a:1", 0), ("a:2", 1), ("c:1", 0)):
        own = speaker(run, statement, number)
        assert (own["id"], own["name"], own["role"]) == ("mara-venn@norway", "Mara K. Venn", "prime minister")
        assert (own["affiliation"], own["how"]) == ("Oslo", "decision")
    assert find(speakers(run), "mara-venn@norway").wikidata == "Q1"


def test_split_gives_single_statements_to_somebody_else(run):
    decide(run, split(run, "Mara Venn", [], ["a:2"], "Mara Venn, painter"))
    assert said(run)["a:2"] == ["ole-hill@norway", "mara-venn-painter@norway"]
    assert speaker(run, "a:2", 1)["name"] == "Mara Venn, painter"
    assert said(run)["a:1"] == ["mara-venn@norway"]
    decide(run, split(run, "mara-wenn@sweden", ["b"], [], "ole-hill@norway"))
    assert said(run)["b:1"] == ["ole-hill@norway"]
    assert said(run)["c:1"] == ["mara-venn@norway", "mara-wenn@sweden"]


def test_a_statement_without_a_speaker_can_be_given_one(run):
    decide(run, split(run, "unknown", [], ["b:2"], "Ida Lund"))
    assert speaker(run, "b:2") == {
        "id": "ida-lund",
        "name": "Ida Lund",
        "kind": "person",
        "role": "",
        "affiliation": "",
        "how": "decision",
        "score": 1.0,
    }


def test_the_later_of_two_decisions_holds():
    there, back = {"merge": ["a"], "into": "b"}, {"merge": ["b"], "into": "a"}
    assert Decisions.of([there, back]).merged == {"b": "a"}
    assert Decisions.of([there, {"merge": ["b"], "into": "c"}, {"merge": ["c"], "into": "a"}]).merged == {
        "b": "c",
        "c": "a",
    }
    assert Decisions.of([{"rename": "a", "name": "X"}, {"rename": "a", "name": "Y"}]).values == {"a": {"name": "Y"}}


IDS = ["mara-venn@norway", "mara-wenn@sweden", "ole-hill@norway", "unnamed:official@norway"]
ROWS = [row for one in DOCS for row in statement_rows(one)]


@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] != pair[1])))
def test_whatever_was_merged_can_be_taken_back(pairs):
    merges = [{"merge": [one], "into": to} for one, to in pairs]
    splits = [{"split": one} for one in Decisions.of(merges).merged]
    merged, back, before = (Settled(ROWS, decisions) for decisions in (merges, merges + splits, []))
    for row in ROWS:
        assert back.row(row) == before.row(row)
        for speaker in merged.speakers(row):
            assert merged.follow(speaker["id"]) == speaker["id"], "nobody is merged half way"


def test_a_decision_moves_what_was_joined_by_name_with_it(tmp_path):
    plain = Speaker("mara-venn", "Mara Venn", "person", "", "", "name", 0.9)
    label(tmp_path / "run", doc("a", (VENN,), (HILL,)), doc("b", (plain,)))
    run = tmp_path / "run"
    assert said(run)["b:1"] == ["mara-venn@norway"], "joined by name"
    decide(run, {"merge": ["mara-venn@norway"], "into": "ole-hill@norway"})
    assert said(run) == {"a:1": ["ole-hill@norway"], "a:2": ["ole-hill@norway"], "b:1": ["ole-hill@norway"]}
    decide(run, {"split": "mara-venn"})
    assert said(run)["b:1"] == ["mara-venn"], "told apart, it is joined to nobody"


def test_a_wrong_decision_changes_neither_file_nor_tables(run):
    decide(run, MERGE)
    before, kept = tables(run), (run / DECISIONS).read_bytes()
    with pytest.raises(ConfigError, match="Wikidata"):
        decide(run, {"set": "mara-venn@norway", "wikidata": "7"})
    assert (tables(run), (run / DECISIONS).read_bytes()) == (before, kept)


def test_any_name_that_can_be_shown_is_kept_as_it_is(run):
    name = "Ünï \"q\" 's' 👩\u200d🚀 [x]: {y} # c - é"
    decide(run, {"rename": "mara-venn@norway", "name": name})
    assert speaker(run, "a:1")["name"] == find(speakers(run), name).entry.name == name
    assert load(run / DECISIONS)[0]["name"] == name


def test_a_country_takes_a_persons_statements_without_the_title(run):
    decide(run, {"merge": ["mara-venn@norway"], "into": "norway"})
    decide(run, {"set": "norway", "kind": "country"})
    assert (speaker(run, "a:1")["kind"], speaker(run, "a:1")["role"]) == ("country", "")
    decide(run, {"set": "norway", "role": "host"})
    assert speaker(run, "a:1")["role"] == "host", "unless people say so"


def test_decisions_at_the_same_time_are_all_kept_and_carried_out(run, tmp_path):
    shared, other = tmp_path / "shared.yaml", tmp_path / "other"
    label(other, *DOCS)
    for one in (run, other):
        shared.write_text("", encoding="utf-8")
        settle(one, shared)
    wanted = [{"set": one, "role": f"role {n}"} for n, one in enumerate(IDS[:3])]
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(decide, one, decision) for decision in wanted for one in (run, other)]:
            done.result()
    assert sorted(map(str, load(shared))) == sorted(str(decision) for decision in wanted for _ in range(2))
    settle(run)
    assert [speaker(run, "a:1")["role"], speaker(run, "b:1")["role"]] == ["role 0", "role 1"]
    assert not list(tmp_path.rglob("*.tmp"))


def test_tables_that_cannot_be_written_stay_and_can_follow_later(run):
    before = tables(run)
    (run / "statements.parquet.tmp").mkdir()
    with pytest.raises(InputError, match=r"Cannot write into .*Mend that, then: stance speakers apply"):
        decide(run, MERGE)
    (run / "statements.parquet.tmp").rmdir()
    (run / "statements.jsonl.tmp").unlink()
    assert tables(run) == before
    assert settle(run) == 3


def test_tables_that_lack_decisions_are_known(run, tmp_path):
    assert not behind(run)
    decide(run, MERGE)
    assert not behind(run)
    later = (run / "statements.parquet").stat().st_mtime_ns + 1_000_000_000
    os.utime(run / DECISIONS, ns=(later, later))
    assert behind(run)


def test_ids_of_another_run_are_named(run):
    decide(run, MERGE)
    decide(run, {"split": "ole-hill@norway", "articles": ["a"], "into": "o-h", "name": "O. H."})
    decide(run, {"rename": "o-h", "name": "O. Hill"})
    assert strangers(run) == []
    for decision in ({"merge": ["x", "mara-venn@norway"], "into": "y"}, {"split": "z"}, {"rename": "z", "name": "Z"}):
        decide(run, decision)
    assert strangers(run) == ["x", "z"]


def test_who_may_be_meant_is_asked(run):
    with pytest.raises(InputError, match=r"Did you mean mara-venn@norway \(3\), mara-wenn@sweden \(3\)\?"):
        find(speakers(run), "mara")
    with pytest.raises(InputError, match="stance speakers list RUN --find"):
        find(speakers(run), "nobody like them")


def test_wrong_decisions_stop_a_run_before_the_work(tmp_path):
    (tmp_path / "d.yaml").write_text("- {splt: a}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"d.yaml:1"):
        RunFolder(tmp_path / "run", {**SETTINGS, "decisions": str(tmp_path / "d.yaml")})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mara-venn@norway", ["a"], [], None), "Say with --as"),
        (("mara-venn@norway", [], [], "X"), "Say which with --article or --statement"),
        (("mara-venn@norway", ["b"], [], "X"), "says nothing in 'b'"),
        (("mara-ven@norway", [], [], None), 'Did you mean "mara-venn@norway"'),
        (("Mara Venn", ["a"], [], "Mara (Venn)"), "would have the id mara-venn@norway, which is taken"),
    ],
)
def test_split_says_what_it_needs(run, arguments, message):
    with pytest.raises(InputError, match=message):
        split(run, *arguments)


def test_a_file_changed_by_hand_is_carried_out(run):
    decide(run, MERGE)
    (run / DECISIONS).write_text("[]\n", encoding="utf-8")
    assert settle(run) == 3
    assert said(run)["b:1"] == ["mara-wenn@sweden"]
    assert settle(run) == 0


def test_resolved_speakers_are_kept_as_they_were(run):
    before = (run / "resolved.jsonl").read_bytes()
    decide(run, MERGE)
    assert (run / "resolved.jsonl").read_bytes() == before
