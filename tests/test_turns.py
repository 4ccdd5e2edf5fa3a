"""Turns of transcripts: labels are speakers', and an ordinary colon makes none."""

import pytest

from stance.text import paragraphs
from stance.turns import turns
from stance.types import Span


def found(text):
    return [(t.label.text(text), [part.text(text) for part in t.content]) for t in turns(text, paragraphs(text))]


def test_a_briefing():
    text = (
        "MR. ALDEN: Good afternoon. We have one item.\n\nIt is long.\n\n(Laughter.)\n\nQ    Thanks. Will you go?\n\n"
        "MR. ALDEN: No.\n\nEND 3:45 P.M."
    )
    assert found(text) == [
        ("MR. ALDEN", ["Good afternoon. We have one item.", "It is long."]),
        ("Q", ["Thanks. Will you go?"]),
        ("MR. ALDEN", ["No."]),
    ]


def test_what_stands_before_the_first_label_is_no_turn():
    text = (
        "The President met with the head of the region.\n\nIlse Brandt: Mr Orlow, good afternoon. How are you?\n\n"
        "Oleg Orlow (retranslated): We are fine."
    )
    assert found(text) == [
        ("Ilse Brandt", ["Mr Orlow, good afternoon. How are you?"]),
        ("Oleg Orlow", ["We are fine."]),
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Q: Will the base be closed?\n\nA: Not this year.", ["Q", "A"]),
        ("Question: Will it close?\n\nIlse Brandt: Not this year.", ["Question", "Ilse Brandt"]),
        ("REPORTER: Will you sign?\n\nMR. ALDEN: Yes.", ["REPORTER", "MR. ALDEN"]),
        (
            "THE PRESIDENT: Thank you all.\n\nPRIME MINISTER ORLOW: Thank you.",
            ["THE PRESIDENT", "PRIME MINISTER ORLOW"],
        ),
        ("THE PRESIDENT OF VARA: We thank you all.", ["THE PRESIDENT OF VARA"]),
        ("TAPLEY: Welcome back.\n\nORLOWA: Thank you.\n\nTAPLEY: Why did we go?", ["TAPLEY", "ORLOWA", "TAPLEY"]),
        (
            "President of Vara Ilse Brandt: I am glad to see you.\n\nOleg Orlow: We agree.",
            ["President of Vara Ilse Brandt", "Oleg Orlow"],
        ),
        ("SENIOR ADMINISTRATION OFFICIAL: We will see.\n\nQ Thank you.", ["SENIOR ADMINISTRATION OFFICIAL", "Q"]),
        ("MR. ALDEN:\n\nWe asked twice.\n\nQUESTION:\n\nWhy?", ["MR. ALDEN", "QUESTION"]),
    ],
)
def test_labels(text, labels):
    assert [label for label, _ in found(text)] == labels


@pytest.mark.parametrize(
    "text",
    [
        "Here is what we know: The mayor left.\n\nWhat we do not know: why she left us.",
        "WASHINGTON: The mayor left.\n\nMOSCOW: Talks opened.\n\nLONDON: We do not know.",
        "Update: The mayor left.\n\nBackground: The tax was raised in May.\n\nUpdate: I am told it is over.",
        'The mayor said: "We will not sign."\n\nBrandt: "No."',
        "Note: we work on this.\n\nThe ministry said: no.",
        "A man said no.\n\nQ Magazine reported yes.",
        "President Orlow: a life in pictures.\n\nHe was born in Vara.",
        "OSLO, May 3: The mayor left.",
        "",
    ],
)
def test_an_ordinary_colon_is_no_label(text):
    assert found(text) == []


def test_a_report_of_the_speaker_ends_the_turn():
    text = (
        "Question: What will you do?\n\nIlse Brandt: I will go on.\n\nWe will see.\n\n"
        "Brandt also said the tax was wrong.\n\nThe talks end on Friday."
    )
    assert found(text)[-1] == ("Ilse Brandt", ["I will go on.", "We will see."])


def test_a_label_with_nothing_behind_it_gives_no_turn():
    text = "MR. ALDEN: We asked.\n\nQUESTION:"
    assert found(text) == [("MR. ALDEN", ["We asked."])]


def test_no_turn_reaches_outside_the_paragraphs_given():
    text = "MR. ALDEN: We asked.\n\nCopyright 2030\n\nQ Why?"
    own = [Span(0, 20), Span(text.index("Q"), len(text))]
    assert [[part.text(text) for part in t.content] for t in turns(text, own)] == [["We asked."], ["Why?"]]
