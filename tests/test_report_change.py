"""Change over time, agreement and comparisons."""

import random
from pathlib import Path

import pytest
from report_run import TOPICS, build

from stance.errors import InputError
from stance.report.agreement import SHARED, coalitions, pairs
from stance.report.change import CONFIDENT, change_point, contradictions, grain, period, series, shifts
from stance.report.compare import compare
from stance.report.corpus import Corpus, Said, read_corpus
from stance.report.filters import Filters
from stance.report.group import positions
from stance.report.page import Look, comparison_page, page
from stance.types import Speaker, Stance

NUMBER = {"favor": 1, "against": -1, "neutral": 0}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return read_corpus(build(tmp_path_factory.mktemp("run") / "run"))


def said(number, who, target, label, date="2024-05-01", confidence=0.9, outlet="Daily"):
    topic = next(t["id"] for t in TOPICS if target in {own["id"] for own in t["targets"]})
    speakers = tuple(Speaker(name, name.title(), "person", "", f"{name}land") for name in who)
    stances = (Stance(topic, target, label, (1.0, 0.0, 0.0), confidence, False),)
    own = f"a{number:04}"
    head = (own, f"{own}:1", None, outlet, date, None, "direct", f"words {own}", ((0, 5),))
    return Said(*head, "", None, "", None, speakers, stances, 1.0)


def of(*statements):
    return positions(Corpus(Path("none"), {"topics": {"topics": TOPICS}}, {}, tuple((own,) for own in statements)))


def line(labels, target="tram-line", who=("ann",)):
    days = [f"2024-{n // 28 + 1:02}-{n % 28 + 1:02}" for n in range(len(labels))]
    return [said(n, who, target, label, day) for n, (label, day) in enumerate(zip(labels, days, strict=True))]


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        ([f"2024-{m:02}-{d:02}" for m in range(1, 7) for d in range(1, 6)], "month"),
        ([f"2024-{m:02}-{d:02}" for m in range(1, 13) for d in (1, 2)], "quarter"),
        (["2020-01-01", "2024-01-01"], "year"),
        ([f"{y}-01-{d:02}" for y in range(2000, 2020) for d in range(1, 6)], "year"),
        ([], "year"),
    ],
)
def test_grain_is_the_finest_that_leaves_enough_in_a_period(dates, wanted):
    assert grain(dates) == wanted


def test_periods_sort_by_time():
    assert [period(day, "quarter") for day in ("2023-12-31", "2024-01-01", "2024-03-31", "2024-04-01")] == [
        "2023-Q4",
        "2024-Q1",
        "2024-Q1",
        "2024-Q2",
    ]


def test_series_hold_every_dated_sure_statement_once(corpus):
    for row in positions(corpus).speakers:
        for position in row.positions.values():
            points = series(position)
            dated = [e for e in position.sure if e.date]
            assert sorted(e.statement_id for p in points for e in p.position.evidence) == sorted(
                e.statement_id for e in dated
            )
            assert [p.period for p in points] == sorted({p.period for p in points})
            for point in points:
                assert all((e.date or "").startswith(point.period[:4]) for e in point.position.evidence)


def test_shift_is_found_where_it_is(corpus):
    found, tested = shifts(positions(corpus))
    assert tested >= 1
    (shift,) = [s for s in found if s.speaker.id == "ilse-marrow" and s.position.target == "tram-line"]
    assert shift.day[:4] == "2022"
    assert shift.before.mean > 0 > shift.after.mean
    assert shift.p <= shift.q <= 0.05
    assert all((e.date or "") < shift.day for e in shift.before.evidence)
    assert all((e.date or "") >= shift.day for e in shift.after.evidence)


def test_change_point_of_a_clean_change_by_the_published_statistic():
    labels = ["favor"] * 10 + ["against"] * 10
    (row,) = of(*line(labels)).speakers
    day, p = change_point(row.positions["tram-line"])
    assert day == "2024-01-11"
    # Pettitt (1979): U = sum of signs of all pairs across the split = 10 * 10; of all orders, 2 in C(20, 10) reach it.
    assert p == pytest.approx(2 / 184_756, abs=3e-4)


def test_what_cannot_be_tested_is_not():
    for labels in (["favor"] * 30, ["favor", "against"] * 3):
        (row,) = of(*line(labels)).speakers
        assert change_point(row.positions["tram-line"]) is None
    same_day = [said(n, ("ann",), "tram-line", ("favor", "against")[n % 2]) for n in range(20)]
    assert change_point(of(*same_day).speakers[0].positions["tram-line"]) is None
    varying = line(["favor"] * 10 + ["against"] * 10, "twin-towns")
    assert shifts(of(*varying)) == ([], 0)


def test_chance_seldom_makes_a_shift():
    dice = random.Random(3)
    found = []
    for _ in range(60):
        labels = dice.choices(("favor", "against", "neutral"), k=20)
        found.append(change_point(of(*line(labels)).speakers[0].positions["tram-line"])[1])
    assert sum(p <= 0.05 for p in found) <= 7, "3 expected; 8 or more has a chance of 1%"


def test_contradictions(corpus):
    data = positions(corpus)
    found = {(c.speaker.id, c.position.target): c for c in contradictions(data)}
    for row in data.speakers:
        for name, position in row.positions.items():
            sides = {
                label: [
                    e for e in position.evidence if e.label == label and not e.abstained and e.confidence >= CONFIDENT
                ]
                for label in ("favor", "against")
            }
            both = bool(sides["favor"] and sides["against"] and position.target and name != "twin-towns")
            assert both == ((row.id, name) in found)
            if both:
                own = found[row.id, name]
                assert own.counts == (len(sides["favor"]), len(sides["against"]))
                assert (own.favor.label, own.against.label) == ("favor", "against")
                assert own.favor.confidence == max(e.confidence for e in sides["favor"])
                assert (own.earlier.date or "") <= (own.later.date or "")


def test_agreement_is_the_chance_of_the_same_side_less_that_of_opposite_sides(corpus):
    data = positions(corpus)
    rows = {row.id: row for row in data.speakers}
    found = pairs(data)
    assert found
    for pair in found:
        values = []
        for name in pair.targets:
            mine, theirs = (
                [NUMBER[e.label] for e in rows[own.id].positions[name].sure] for own in (pair.one, pair.other)
            )
            same = sum(x * y == 1 for x in mine for y in theirs) / (len(mine) * len(theirs))
            opposite = sum(x * y == -1 for x in mine for y in theirs) / (len(mine) * len(theirs))
            values.append(same - opposite)
        assert pair.agreement == pytest.approx(sum(values) / len(values))
        assert len(pair.targets) >= SHARED
        assert "twin-towns" not in pair.targets
        assert 0 < pair.p <= pair.q <= 1


TARGETS = ("tram-line", "night-buses", "more-trees", "fell-limes", "harbour-tax")


def two_camps():
    made = []
    for who in ("ann", "ben", "cyd", "dan", "eve", "fay"):
        for target in TARGETS:
            for _ in range(2):
                made.append(said(len(made), (who,), target, "favor" if who < "d" else "against"))
    return made


def test_two_camps_are_two_coalitions():
    data = of(*two_camps())
    found = coalitions(data)
    assert [{m.id for m in c.members} for c in found] == [{"ann", "ben", "cyd"}, {"dan", "eve", "fay"}]
    assert (found[0].agreement, found[0].outside) == (1.0, -1.0)
    assert found[0].targets[0][1:] == (1.0, -1.0)
    made = {(p.one.id, p.other.id): p for p in pairs(data)}
    assert len(made) == 15
    assert {p.agreement for (one, other), p in made.items() if (one < "d") == (other < "d")} == {1.0}
    assert {p.agreement for (one, other), p in made.items() if (one < "d") != (other < "d")} == {-1.0}
    assert made["ann", "ben"].statements == 20


def test_what_all_agree_on_makes_no_coalition():
    everybody = [said(n, (who,), t, "favor") for n, (who, t) in enumerate((w, t) for w in "abcd" for t in TARGETS)]
    data = of(*everybody)
    assert coalitions(data) == []
    assert {(p.agreement, p.expected, p.p) for p in pairs(data)} == {(1.0, 1.0, 1.0)}


def test_joint_statements_of_a_pair_are_counted():
    data = of(*(said(n, ("ann", "ben"), t, "favor") for n, t in enumerate(TARGETS)))
    (pair,) = pairs(data)
    assert (pair.together, pair.statements) == (5, 5)


def test_two_speakers(corpus):
    data = positions(corpus)
    rows = {row.id: row for row in data.speakers}
    found = compare(corpus, "Venn", "Oto Brandt")
    assert (found.kind, found.names) == ("speaker", ("Mara Venn", "Oto Brandt"))
    for contrast in found.contrasts:
        for own, side in (("mara-venn", contrast.one), ("oto-brandt", contrast.other)):
            wanted = rows[own].positions.get(contrast.target)
            assert (side and side.counts) == (wanted and wanted.counts)
        if contrast.gap:
            gap, low, high = contrast.gap
            assert gap == pytest.approx(contrast.one.mean - contrast.other.mean)
            assert low <= gap <= high
    gaps = [(c.thin, -abs(c.gap[0])) for c in found.contrasts if c.gap]
    assert gaps == sorted(gaps) and len({thin for thin, _ in gaps}) == 2
    assert data.varies("twin-towns") and "twin-towns" in data.total.positions
    assert "twin-towns" not in {c.target for c in found.contrasts}, "each statement on it has another object"
    joint = {s.statement_id for s in rows["mara-venn"].said} & {s.statement_id for s in rows["oto-brandt"].said}
    assert found.shared == len(joint) > 0


def test_kinds_of_sides_are_found_out(corpus):
    assert compare(corpus, "norway", "chile").kind == "affiliation"
    assert compare(corpus, "norway", "chile").names == ("Norway", "Chile")
    assert compare(corpus, "fjord daily", "The Quay").kind == "outlet"
    assert compare(corpus, "2019..2020", "2021-03").kind == "period"
    with pytest.raises(InputError, match="Nobody called 'Fjord Daily'"):
        compare(corpus, "Fjord Daily", "Mara Venn")


def test_two_periods_of_one_speaker(corpus):
    found = compare(corpus, "2019..2021", "2022..2024", filters=Filters(speaker="Marrow"))
    days = [sorted(own.date for own in side.total.said) for side in found.data]
    assert days[0][-1] < "2022-01-01" <= days[1][0]
    tram = next(c for c in found.contrasts if c.target == "tram-line")
    assert tram.apart and tram.gap[1] > 0
    assert found.shared == 0


def test_two_outlets_and_whom_they_quote(corpus):
    found = compare(corpus, "Fjord Daily", "Wire & Sons")
    assert found.shared > 0, "wire copy stands in both"
    counts = {voice.name: (voice.one, voice.other) for voice in found.voices}
    for side, outlet in enumerate(("Fjord Daily", "Wire & Sons")):
        printed = [next(iter(p for p in own if p.outlet == outlet), None) for own in corpus.statements]
        venn = sum(any(s.id == "mara-venn" for s in own.speakers) for own in printed if own)
        assert counts["Mara Venn"][side] == venn
        (voice,) = [v for v in found.voices if v.name == "Mara Venn"]
        own = [p for p in printed if p and any(s.id == "mara-venn" for s in p.speakers)]
        trams = sum(any(s.topic == "trams" for s in p.stances) for p in own)
        assert {topic: counts for topic, *counts in voice.topics}["trams"][side] == trams


def test_few_articles_are_never_called_apart():
    thin = compare(of(*line(["favor"] * 2), *line(["against"] * 9, who=("ben",))).corpus, "ann", "ben")
    assert not thin.contrasts[0].apart


def test_speakers_are_not_compared_within_one_speaker(corpus):
    with pytest.raises(InputError, match="A speaker is given, so compare outlets or periods"):
        compare(corpus, "Lund", "Brandt", filters=Filters(speaker="Venn"))


def test_pages_of_the_other_views(corpus):
    data = positions(corpus)
    shown = {section.title: section for section in page(data, Look("change", top=3)).after}
    assert list(shown) == ["Shifts", "Contradictions", "Over time"]
    assert shown["Shifts"].rows[0][:2] == ("Ilse Marrow", "tram-line")
    assert (len(shown["Over time"].rows), shown["Over time"].left_out > 0) == (3, True)
    shown = {section.title: section for section in page(data, Look("agreement")).after}
    assert list(shown) == ["Agreement", "Disagreement", "Coalitions"]
    found = comparison_page(compare(corpus, "norway", "chile"), Look())
    assert [section.title for section in found.after] == ["Positions", "Targets of one side only", "Who speaks"]


def test_page_of_one_speaker_tells_who_agrees(corpus):
    made = page(positions(corpus, filters=Filters(speaker="Marrow")), Look())
    titles = [section.title for section in made.after]
    assert "Shifts" in titles and "Agreement" in titles
    table = next(section for section in made.after if section.title == "Agreement")
    assert all("Ilse Marrow" in row[:2] for row in table.rows)
