import pytest
from hypothesis import given
from hypothesis import strategies as st
from summary_run import Says, build

from stance.report.cues import follows, force
from stance.report.group import positions
from stance.report.quotes import LENGTH, Likeness, balanced, condition, latest, shorten, typical

ALPHABET = st.text(alphabet='abc “”"(),;.—–?-: and', max_size=600)


@given(ALPHABET)
def test_a_shortened_text_is_its_beginning(text):
    short = shorten(text)
    assert text.startswith(short)
    assert len(text) <= LENGTH or short == text or balanced(short)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("the ferry sails; the quay is closed to cars until the middle of the winter", "the ferry sails"),
        ("the ferry sails every day, and the quay is closed to all cars until spring", "the ferry sails every day"),
        (
            "the U.S. company sails to the islands in the north; it is full",
            "the U.S. company sails to the islands in the north",
        ),
        ("ferries — two of them — sail to the islands in the far north of the country", "ferries — two of them"),
        ("the harbour (closed; iced over) will open again as soon as the ice is gone", None),
    ],
)
def test_texts_are_cut_where_clauses_end(monkeypatch, text, short):
    monkeypatch.setattr("stance.report.quotes.SHORTEST", 10)
    assert shorten(text, 50) == (short or text)


@pytest.mark.parametrize(
    ("text", "clause", "sure"),
    [
        ("We sign, provided that the dues fall, she said", "provided that the dues fall", True),
        ("Norway joins only if all sides agree to a truce.", "only if all sides agree to a truce", True),
        ("it will stay as long as the council pays for it", "as long as the council pays for it", True),
        ("the ban stays unless the fleet is sold; nothing else counts", "unless the fleet is sold", True),
        ("If the ice melts early, the ferry sails in March", "If the ice melts early", False),
        ("they offered a pier in exchange for lower dues", "in exchange for lower dues", True),
    ],
)
def test_conditions_are_found(text, clause, sure):
    assert condition(text) == (clause, sure)


@pytest.mark.parametrize(
    "text",
    [
        "we support them for as long as it takes to rebuild",
        "we stand by them as long as that takes, friends",
        "she asked if the ferry would sail in the spring",
        "it looked as if the harbour had been closed for good",
        "even if the harbour closes, the ferry will sail",
        "aid of two million was provided to the islands",
        "few, if any, of the boats were ever insured",
    ],
)
def test_what_only_looks_like_a_condition(text):
    assert condition(text) is None


def evidence(folder, *lines):
    """Statements in favor of one target, each `date | cue | content | confidence`."""
    articles = {}
    for number, line in enumerate(lines):
        date, cue, content, confidence = (part.strip() for part in line.split("|"))
        says = Says(f"Venn | {cue} | {content}", {"more-trees": ("favor", float(confidence))})
        articles[f"a{number}"] = (date or None, "Daily", [says])
    data = positions(build(folder, articles))
    found = data.speakers[0].positions["more-trees"].evidence
    return sorted(found, key=lambda e: e.statement_id), Likeness([e.quote for e in found])


def test_the_typical_statement_is_like_the_others(tmp_path):
    said, likeness = evidence(
        tmp_path / "run",
        "2024-01-01 | said | the market square needs new linden trees for shade this summer | 0.9",
        "2024-02-01 | said | linden trees give the market square the shade that summer takes away | 0.9",
        "2024-03-01 | said | the budget of the harbour office is a matter for another evening | 0.9",
        "2024-04-01 | said | shade on the market square is what linden trees are good for in summer | 0.9",
    )
    first, second = typical(said, likeness, 2)
    assert "linden" in first.quote
    assert "harbour" in second.quote, "the second is unlike the first, not a repetition"


def test_the_same_again_is_not_quoted(tmp_path):
    said, likeness = evidence(
        tmp_path / "run",
        "2024-01-01 | said | the market square needs new linden trees for shade | 0.9",
        "2024-03-01 | said | the market square needs many new linden trees for shade | 0.8",
    )
    assert len(typical(said, likeness, 2)) == 1
    assert latest(said, said[:1], likeness) is None


def test_statements_that_stand_alone_are_preferred(tmp_path):
    said, likeness = evidence(
        tmp_path / "run",
        "2024-01-01 | said | it should be done again and again on the market square | 0.9",
        "2024-02-01 | said | linden trees should be planted on the whole market square | 0.9",
    )
    assert typical(said, likeness, 1)[0].quote.startswith("linden")


def test_the_most_recent_is_the_latest_of_other_words(tmp_path):
    said, likeness = evidence(
        tmp_path / "run",
        "2024-01-01 | said | the market square needs new linden trees for shade | 0.9",
        "2024-05-01 | demanded | a hundred maples for the northern ring road by autumn | 0.8",
        " | said | oaks without a date would do the harbour good as well | 0.9",
    )
    found = latest(said, said[:1], likeness)
    assert found is not None and found.date == "2024-05-01"
    assert latest(said, [found], likeness) is None


def test_words_that_tell_nothing_are_no_quotation(tmp_path):
    said, likeness = evidence(tmp_path / "run", "2024-01-01 | said | so it is | 0.9")
    assert typical(said, likeness, 1) == []


@pytest.mark.parametrize(
    ("cue", "found"),
    [
        ("strongly condemned", "firm"),
        ("demands", "firm"),
        ("did not rule out", None),
        ("was condemned by", None),
        ("is accused", None),
        ("reaffirmed", "stressed"),
        ("called for", "stressed"),
        ("hopes", "mild"),
        ("told", None),
    ],
)
def test_force_of_cues(cue, found):
    assert force(cue) == found


@pytest.mark.parametrize("cue", ["said", "also stressed", "calls for", "agreed", "expressed", "called on"])
def test_cues_that_follow_a_name(cue):
    assert follows(cue)


@pytest.mark.parametrize(
    "cue", ["", ":", "according to", "was asked", "believe", "’ve said", "REAFFIRM", "Noting", "agreed at"]
)
def test_cues_that_do_not(cue):
    assert not follows(cue)


def test_what_is_to_be_done_does_not_follow_said():
    assert follows("agreed", "to sail")
    assert not follows("said", "to sail")
    assert follows("says") and not follows("says", plural=True)
    assert follows("is pushing for") and not follows("are pushing for")
    assert follows("have agreed", plural=True) and not follows("have agreed")
