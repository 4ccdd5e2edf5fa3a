"""Filters and groupings, on the invented run; counts by an independent reading of statements.jsonl."""

import json
import re
from typing import get_args

import pytest
from report_run import build

from stance.errors import InputError
from stance.report.corpus import read_corpus
from stance.report.filters import Filters, day
from stance.report.group import positions
from stance.report.positions import Grouping

NAMED = ("person", "country", "organization")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return build(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def corpus(run):
    return read_corpus(run)


@pytest.fixture(scope="module")
def rows(run):
    """The statements of the run, the first printing of the same words, with all outlets."""
    lines = (run / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    found = {}
    for row in sorted(map(json.loads, lines), key=lambda row: row["date"] or "9999"):
        found.setdefault(re.sub(r"\W+", " ", row["text"].lower()), []).append(row)
    return [{**own[0], "outlets": {row["outlet"] for row in own}} for own in found.values()]


def ids(row):
    return {said.statement_id for said in row.said}


def test_rows_of_each_grouping(corpus, rows):
    by = {
        "speaker": lambda row: {s["id"] for s in row["speakers"] if s["kind"] in NAMED},
        "affiliation": lambda row: (
            {(s["affiliation"] or (s["name"] if s["kind"] in NAMED else "")).lower() for s in row["speakers"]} - {""}
        ),
        "role": lambda row: {s["role"].lower() for s in row["speakers"] if s["kind"] in NAMED} - {""},
        "kind": lambda row: {s["kind"] for s in row["speakers"]},
        "outlet": lambda row: {o.lower() for o in row["outlets"] if o},
    }
    assert tuple(by) == get_args(Grouping)
    for name, keys in by.items():
        data = positions(corpus, name)
        wanted = {key for row in rows for key in keys(row)}
        assert {row.id for row in data.speakers} == wanted
        for own in data.speakers:
            assert own.statements == sum(own.id in keys(row) for row in rows), (name, own.id)
        assert data.unknown.statements == sum(not keys(row) for row in rows)
        assert data.total.statements == len(rows), "each utterance once, whoever said it and wherever it stands"


def test_rows_with_most_statements_come_first(corpus):
    counts = [row.statements for row in positions(corpus).speakers]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        (Filters(kinds=("direct",)), lambda row: row["kind"] == "direct"),
        (
            Filters(speaker_kinds=("unnamed", "group")),
            lambda row: any(s["kind"] in ("unnamed", "group") for s in row["speakers"]),
        ),
        (Filters(how=("surname", "title")), lambda row: any(s["how"] in ("surname", "title") for s in row["speakers"])),
        (
            Filters(since="2020", until="2021-06"),
            lambda row: row["date"] and "2020-01-01" <= row["date"] <= "2021-06-30",
        ),
        (Filters(topic="trams"), lambda row: any(s["topic"] == "trams" for s in row["stances"])),
        (Filters(topic="Tram-Line"), lambda row: any(s["target"] == "tram-line" for s in row["stances"])),
        (Filters(speaker="Marrow"), lambda row: any(s["id"] == "ilse-marrow" for s in row["speakers"])),
    ],
    ids=["kind", "speaker kind", "how", "days", "topic", "target", "speaker"],
)
def test_filters(corpus, rows, filters, keep):
    # Copies of the invented run are in capitals only, so the first printing passes where any does.
    wanted = {row["statement_id"] for row in rows if keep(row)}
    assert wanted
    assert ids(positions(corpus, filters=filters).total) == wanted


def test_outlet_filter_counts_what_it_prints_and_names_the_others(corpus, rows):
    data = positions(corpus, filters=Filters(outlets=("WIRE & sons",)))
    assert data.total.statements == sum("Wire & Sons" in row["outlets"] for row in rows)
    assert {said.outlet for said in data.total.said} == {"Wire & Sons"}
    outlets = {o for own in data.total.evidence for o in own.outlets}
    assert "Fjord Daily" in outlets


def test_statements_without_a_date_are_counted_when_days_are_asked_for(corpus, rows):
    data = positions(corpus, filters=Filters(since="2019", speaker="Lund"))
    undated = [row for row in rows if not row["date"] and any(s["id"] == "pia-lund" for s in row["speakers"])]
    assert data.undated == len(undated) > 0
    assert positions(corpus).undated == 0


def test_less_confidence_than_asked_for_is_unsure(corpus, rows):
    data = positions(corpus, filters=Filters(min_confidence=0.8))
    stances = [s for row in rows for s in row["stances"] if s["target"]]
    found = sum(p.counts["unsure"] for p in data.total.positions.values() if p.target)
    assert found == sum(s["abstained"] or s["confidence"] < 0.8 for s in stances)
    assert data.total.statements == len(rows), "nothing is hidden"


def test_a_speaker_by_outlet(corpus, rows):
    data = positions(corpus, "outlet", Filters(speaker="Mara Venn"))
    for row in data.speakers:
        wanted = [r for r in rows if row.name in r["outlets"] and any(s["id"] == "mara-venn" for s in r["speakers"])]
        assert row.statements == len(wanted) > 0


def test_a_name_finds_a_row_before_it_finds_a_speaker(corpus):
    assert [row.name for row in positions(corpus, "affiliation", Filters(speaker="norway")).speakers] == ["Norway"]
    assert len(positions(corpus, "affiliation", Filters(speaker="oto brandt")).speakers) > 1
    assert [row.id for row in positions(corpus, filters=Filters(speaker="Norway")).speakers] == ["norway"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kinds": ("indirekt",)}, r"no kind of statement 'indirekt'.*Did you mean \"indirect\"\?"),
        ({"speaker_kinds": ("persons",)}, r"no kind of speaker 'persons'.*\"person\""),
        ({"since": "May 2024"}, r"'May 2024' is no date. Write it as 2024, 2024-05 or 2024-05-17"),
        ({"until": "2024-02-30"}, "no date"),
        ({"until": "2024-13"}, "no date"),
        ({"since": "2024", "until": "2023"}, "No day is since 2024 and until 2023"),
    ],
)
def test_wrong_filters_are_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        Filters(**wrong)


def test_unknown_outlet_is_refused_with_the_nearest(corpus):
    with pytest.raises(InputError, match=r"no outlet 'Fjord Dayly' in the run. Did you mean \"Fjord Daily\""):
        positions(corpus, filters=Filters(outlets=("Fjord Dayly",)))


def test_parts_of_dates():
    dates = ("2023", "2023-02", "2023-04-05")
    assert [day(text, "last") for text in dates] == [
        "2023-12-31",
        "2023-02-28",
        "2023-04-05",
    ]
    assert [day(text, "first") for text in ("2023", "2023-02")] == ["2023-01-01", "2023-02-01"]


def test_texts_are_read_when_asked_for(corpus):
    said = corpus.statements[0][0]
    text = corpus.texts([said.article_id])[said.article_id]
    assert " ... ".join(text[start:end] for start, end in said.content) == said.text
    assert (text[slice(*said.cue_span)], text[slice(*said.source_span)]) == (said.cue, said.source)
