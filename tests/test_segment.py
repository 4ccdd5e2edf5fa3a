"""Prose without datelines, headings and credits; sentences that cover it."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.segment import segment
from stance.types import Article, Doc

STORY = """Harbour ministers agree on ferry talks

By Ann Lee

MARBLE BAY, March 3 (Xinhua) -- The harbour minister said on Monday that talks with the islands would go on.

"We are not in a hurry," he told reporters at 5 p.m. Friday. "The U.S. side knows that."

OPEN QUESTIONS

Mr. Oduya of the Ferry Union said fares must fall.

[Islanders ask for a second bridge]

The sides meet again in May.

(Reporting by Ann Lee; Editing by Bo Tan)

© 2031 Marble Bay Courier. All rights reserved."""


def prose(text: str, title: str | None = None) -> list[str]:
    (doc,) = segment([Doc(Article("a", text, title))])
    assert not doc.problems
    return [p.text(text) for p in doc.paragraphs]


def sentences(text: str) -> list[str]:
    (doc,) = segment([Doc(Article("a", text))])
    return [s.text(text) for s in doc.sentences]


def test_boilerplate_is_left_out():
    assert prose(STORY, "Harbour ministers agree on ferry talks") == [
        "The harbour minister said on Monday that talks with the islands would go on.",
        '"We are not in a hurry," he told reporters at 5 p.m. Friday. "The U.S. side knows that."',
        "Mr. Oduya of the Ferry Union said fares must fall.",
        "The sides meet again in May.",
    ]


def test_sentences():
    assert sentences(STORY.split("\n\n", 3)[3])[:3] == [
        '"We are not in a hurry," he told reporters at 5 p.m. Friday.',
        '"The U.S. side knows that."',
        "Mr. Oduya of the Ferry Union said fares must fall.",
    ]


@pytest.mark.parametrize(
    "dateline",
    [
        "ST. PETERSBURG, Sept. 10 (Xinhua) -- ",
        "MOSCOW (Reuters) - ",
        "BEIJING, March 3 (TASS) / ",
        "MOSCOW, October 4. /TASS/. ",
        "Tehran, Oct 21, IRNA -- ",
        "New Delhi, Aug 8 (PTI) ",
        "Kyiv, Ukraine – ",
        "GENEVA/AMMAN — ",
        "(Reuters) - ",
        "ABU DHABI, 14th February, 2025 (WAM) -- ",
        "MOSCOW, Oct 11 – RIA Novosti. ",
        "Cartagena (Colombia), 12 Sep (EFE).- ",
        "COLORADO SPRINGS, Colo. (AP) — ",
    ],
)
def test_datelines_stay_outside(dateline):
    assert prose(f"{dateline}The minister praised the talks.\n\nHe left.") == [
        "The minister praised the talks.",
        "He left.",
    ]


@pytest.mark.parametrize(
    "opening",
    [
        "The envoy — a former judge — said so.",
        "Lee Oduya - who chairs the union - said so.",
        "NATO said it would wait.",
        "On March 3, the union said so.",
        "THE MINISTER: We will wait.",
        "U.S.-Island cooperation will go on, she said.",
        "In Geneva (Switzerland) talks went on.",
    ],
)
def test_clauses_are_no_datelines(opening):
    assert prose(f"{opening}\n\nHe left.")[0] == opening


@pytest.mark.parametrize(
    "line",
    [
        "(Web editor: Ann Lee, Bo Tan)",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "Additional reporting by Ann Lee in Marble Bay; Writing by Bo Tan",
        "Bo Tan contributed to this report.",
        "Copyright 2031 The Courier. All rights reserved.",
        "(This version of the story corrects the spelling in paragraph 3)",
        "READ MORE: Ferries through the ages",
        "https://example.org/ferries",
        "* * *",
        "File photo: a ferry leaves Marble Bay.",
        "($1 = 0.6825 pounds)",
        "A ferry leaves Marble Bay, said to be the last one. [Photo/Xinhua]",
        "The minister tells reporters that talks go on. REUTERS/Ann Lee",
    ],
)
def test_credits_stay_outside(line):
    assert prose(f"The minister praised the talks.\n\n{line}") == ["The minister praised the talks."]


@pytest.mark.parametrize(
    "line",
    [
        "Reports by state media said the ferry had sunk.",
        "Editors of the Courier said they would not retract the report.",
        "Follow-up talks on ferries are planned, he said.",
        '"Correct the record," she said.',
        "He wrote on his page:",
    ],
)
def test_prose_that_resembles_credits_stays(line):
    assert prose(f"The minister praised the talks.\n\n{line}\n\nHe left.")[1] == line


def test_credit_at_the_end_of_a_paragraph_is_cut():
    assert prose("The minister left. (Reporting by Ann Lee; Editing by Bo Tan)") == ["The minister left."]


def test_footer_at_the_end_of_a_paragraph_is_cut():
    text = "The minister left. He will be back. Source: News AgenciesAbout UsCode of Ethics© 2031 Courier Media Network"
    assert prose(text) == ["The minister left. He will be back."]
    assert prose("He left.\n\nSource: ReutersAbout UsPrivacy Policy© 2031 Courier") == ["He left."]


def test_titles_in_capitals_do_not_end_a_sentence():
    assert sentences("MS. ODUYA: We will wait. Go ahead.") == ["MS. ODUYA: We will wait.", "Go ahead."]


def test_given_text_is_not_altered_and_line_ends_are_kept_apart():
    text = "One\xa0said so.\r\n\r\nTwo\u200b agreed.\r\n"
    assert prose(text) == ["One\xa0said so.", "Two\u200b agreed."]


def test_title_repeated_in_the_text_is_left_out():
    assert prose("Talks go on\nThe minister praised the talks.\nHe left.", "Talks go on!")[0].startswith("The minister")


def test_empty_article():
    (doc,) = segment([Doc(Article("a", " \n"))])
    assert doc.paragraphs == () and doc.sentences == () and doc.problems == ()


def test_same_number_in_the_same_order():
    docs = [Doc(Article(str(i), "He left." * i)) for i in range(5)]
    assert [doc.article.id for doc in segment(docs)] == ["0", "1", "2", "3", "4"]


def test_a_failing_article_carries_its_problem(monkeypatch):
    monkeypatch.setattr("stance.segment._split", lambda text: 1 / 0)
    (doc,) = segment([Doc(Article("a", "He left."))])
    assert doc.problems[0].stage == "segment" and doc.sentences == ()


NEWS = st.text(alphabet="abc XY.,?!\n\r\"“”'’()[]-–—/:0123 (Reuters)©\u00a0\u200b\u2028。😀", max_size=300)


@given(st.one_of(st.text(max_size=300), NEWS))
def test_spans_are_in_order_inside_and_trimmed(text):
    (doc,) = segment([Doc(Article("a", text))])
    assert not doc.problems
    for spans in (doc.paragraphs, doc.sentences):
        assert all(one.end <= other.start for one, other in pairwise(spans))
        assert all(span.end <= len(text) and span.text(text) == span.text(text).strip() for span in spans)
    in_paragraphs = "".join("".join(p.text(text).split()) for p in doc.paragraphs)
    assert "".join("".join(s.text(text).split()) for s in doc.sentences) == in_paragraphs


@pytest.mark.parametrize("joint", ["\n", " "])
def test_a_megabyte_takes_seconds(joint):
    text = joint.join(["The minister praised the talks with “the islands” on Monday, he said."] * 15_000)
    start = time.perf_counter()
    (doc,) = segment([Doc(Article("a", text))])
    assert time.perf_counter() - start < 40
    assert len(doc.sentences) > 14_000


def test_a_megabyte_without_spaces_or_stops():
    (doc,) = segment([Doc(Article("a", "x" * 1_000_000))])
    assert doc.sentences[-1].end == 1_000_000
