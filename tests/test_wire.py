"""Datelines, header lines, credits and dates, on invented lines."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.types import Span
from stance.wire import dateline, find_date, header, is_credit, parse_date, trailing_credit


@pytest.mark.parametrize(
    ("opening", "outlet", "month", "day", "year"),
    [
        ("ST. PETERSBURG, Sept. 10 (Xinhua) -- ", "Xinhua", 9, 10, None),
        ("Beijing, December 20 (XINHUA) -- ", "Xinhua", 12, 20, None),
        ("TUNIS, July 25 (Xinhua, Ann Lee) - ", "Xinhua", 7, 25, None),
        ("MOSCOW (Reuters) - ", "Reuters", None, None, None),
        ("MOSCOW, October 4. /TASS/. ", "TASS", 10, 4, None),
        ("Tehran, Oct 21, IRNA -- ", "IRNA", 10, 21, None),
        ("Taipei, Oct. 18 (Island Wire) -- ", "Island Wire", 10, 18, None),
        ("ABU DHABI, 14th February, 2031 (WAM) -- ", "WAM", 2, 14, 2031),
        ("MARBLE BAY, 11 July 2031 - ", None, 7, 11, 2031),
        ("MARBLE BAY - ", None, None, None, None),
    ],
)
def test_dateline(opening, outlet, month, day, year):
    text = f"{opening}The minister praised the talks."
    found = dateline(text, Span(0, len(text)))
    assert found is not None
    assert found.span.text(text) == opening
    assert (found.outlet, found.month, found.day, found.year) == (outlet, month, day, year)


def test_a_place_alone_counts_only_at_the_top():
    text = "MARBLE BAY - The minister praised the talks."
    assert dateline(text, Span(0, len(text)), leading=False) is None


@given(st.text(alphabet="ABC abc.,/()-–—:0123 Sept. (Reuters) \n“", max_size=200))
def test_dateline_of_any_text(text):
    if text:
        found = dateline(text, Span(0, len(text)))
        assert found is None or 0 < found.span.end <= len(text)


@pytest.mark.parametrize(
    ("line", "outlet", "day"),
    [
        ("Xinhua) 08:27, September 11, 2024", "Xinhua", "2024-09-11"),
        ("(Xinhua) 08:27, September 11, 2024", "Xinhua", "2024-09-11"),
        ("2031-11-16 Marble Courier", "Marble Courier", "2031-11-16"),
        ("Source: Xinhua | Updated: 2024-09-11 08:27", "Xinhua", "2024-09-11"),
        ("Published: 11 September 2031", None, "2031-09-11"),
        ("Sept. 10, 2031 at 7:00 p.m. EDT", None, "2031-09-10"),
        ("By Ann Lee and Bo Tan", None, None),
        ("3:49 P.M. EDT", None, None),
    ],
)
def test_header_lines(line, outlet, day):
    found = header(line)
    assert found is not None and (found.outlet, found.date) == (outlet, day)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "On March 3, 2031 the minister left.",
        "Islands reject 2031-09-11 plan of the assembly",
        "He left at 5 p.m. on Monday.",
    ],
)
def test_other_lines_are_no_headers(line):
    assert header(line) is None


def test_trailing_credit_of_an_agency():
    text = "The talks went on.(Al Jazeera)"
    assert text[: trailing_credit(text, Span(0, len(text)))] == "The talks went on."


def test_lines_without_letters_are_no_prose():
    assert is_credit("____") and is_credit("* * *") and is_credit("12:30")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2031-03-04", "2031-03-04"),
        ("2031-03-04T23:59:00Z", "2031-03-04"),
        ("2031-03-04 10:00:00+08:00", "2031-03-04"),
        ("20310304", "2031-03-04"),
        (20310304, "2031-03-04"),
        (1709510400, "2024-03-04"),
        (1709510400000, "2024-03-04"),
        ("March 4, 2031", "2031-03-04"),
        ("Tue, 4 Mar 2031 10:00:00 GMT", "2031-03-04"),
        ("4.3.2031", "2031-03-04"),
        ("14/03/2031", "2031-03-14"),
        ("03/14/2031", "2031-03-14"),
        (date(2031, 3, 4), "2031-03-04"),
        (datetime(2031, 3, 4, 12), "2031-03-04"),
        ("03/04/2031", None),
        ("2031", None),
        ("2031-02-31", None),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
    ],
)
def test_parse_date(value, expected):
    assert parse_date(value) == expected


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.dates(), st.none()))
def test_parse_date_never_raises(value):
    found = parse_date(value)
    assert found is None or date.fromisoformat(found)


def test_find_date_completes_the_year():
    assert find_date("Sept. 10", year=2031) == ("2031-09-10", Span(0, 8))
    assert find_date("Sept. 10") is None
