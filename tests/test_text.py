"""Paragraphs, quotation marks, kinds: on invented sentences with marks as people set them."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text import paragraphs, quoted_spans, statement_kind, trim
from stance.types import Span

MARKS = st.text(alphabet="abc XY.,?\n\r\t\"“”„«»'’‘`–—\u00a0\u200b。「」😀", max_size=200)


def quotations(text: str) -> list[str]:
    return [span.text(text) for span in quoted_spans(text, paragraphs(text))]


def kind(text: str, *contents: str) -> str:
    spans = [Span(text.index(content), text.index(content) + len(content)) for content in contents]
    return statement_kind(text, spans, quoted_spans(text, paragraphs(text)))


class TestParagraphs:
    def test_blank_lines_separate(self):
        text = "  One two.\n\nThree\xa0four. \r\n\r\n\r\nFive."
        assert [p.text(text) for p in paragraphs(text)] == ["One two.", "Three\xa0four.", "Five."]

    def test_single_line_ends_separate_where_lines_are_paragraphs(self):
        text = "The minister met his guest on Monday.\nHe said the talks were useful.\nThey will meet again."
        assert len(paragraphs(text)) == 3

    def test_hard_wrapped_lines_are_joined(self):
        text = (
            "The minister met his guest on Monday in the old town hall and said\n"
            "that the talks had been useful and would be continued in the spring\n"
            "of next year, when the new bridge opens.\n\n"
            "The guest thanked the minister for his hospitality and invited him to\n"
            "pay a visit to the islands in the summer."
        )
        assert len(paragraphs(text)) == 2

    def test_empty_text_has_none(self):
        assert paragraphs("") == () and paragraphs(" \n\n \t") == ()

    def test_trim(self):
        assert trim("  a ", Span(0, 4)) == Span(2, 3)
        assert trim("  a ", Span(0, 2)) is None

    @given(MARKS)
    def test_in_order_and_without_outer_whitespace(self, text):
        found = paragraphs(text)
        assert all(one.end <= other.start for one, other in pairwise(found))
        assert all(p.text(text) == p.text(text).strip() for p in found)
        assert "".join("".join(p.text(text) for p in found).split()) == "".join(text.split())


class TestQuotations:
    @pytest.mark.parametrize(
        "quotation",
        [
            '"We agree,"',
            "“We agree,”",
            "„Wir sind einig“",
            "«Nous sommes d'accord»",
            "»Vi er enige«",
            "''We agree,''",
            "``We agree,''",
            "‘We don’t agree,’",
            "'We don't agree,'",
            "「同意」",
            '"We agree,”',
        ],
    )
    def test_every_kind_of_mark(self, quotation):
        assert quotations(f"Then {quotation} she said, and left.") == [quotation]

    def test_apostrophes_are_no_quotations(self):
        assert quotations("The ministers' talks didn't fail in the '90s, and he's glad of the people’s trust.") == []

    def test_plural_possessive_does_not_close(self):
        assert quotations("She said ‘the ministers’ talks will go on,’ and left.") == [
            "‘the ministers’ talks will go on,’"
        ]

    def test_inches_are_no_quotations(self):
        assert quotations('A 6" nail and a 7" nail.') == []

    def test_several_paragraphs_opened_each_and_closed_once(self):
        text = "He said: “First point.\n\n“Second point.\n\n“Third point.” Then he left.\n\nNobody answered."
        assert quotations(text) == ["“First point.\n\n“Second point.\n\n“Third point.”"]

    def test_several_paragraphs_without_marks_between(self):
        text = '"First point.\n\nSecond point.\n\nThird point," he said.\n\nNobody answered.'
        assert quotations(text) == ['"First point.\n\nSecond point.\n\nThird point,"']

    def test_missing_closing_mark_ends_with_the_paragraph_of_a_speech(self):
        text = "“We will wait. We have time.\n\nThe envoy said nothing.\n\nShe left on Monday."
        assert quotations(text) == ["“We will wait. We have time."]

    def test_missing_closing_mark_of_a_term_ends_with_its_sentence(self):
        text = 'He spoke of the "road to ruin. That was all. "It is late," he said.'
        assert quotations(text) == ['"road to ruin.', '"It is late,"']

    def test_missing_opening_mark_starts_with_the_sentence(self):
        text = '"No," she said. Weapons are not the way," he replied.'
        assert quotations(text) == ['"No,"', 'Weapons are not the way,"']
        text = '"We talk." Weapons kill. They are not the way," he said.'
        assert quotations(text) == ['"We talk."', 'Weapons kill. They are not the way,"']

    def test_same_marks_nested(self):
        text = '"The bank did not "frame" anybody," it said. "That is all."'
        assert quotations(text) == ['"The bank did not "frame" anybody,"', '"That is all."']

    def test_single_marks_inside_belong_to_the_outer_quotation(self):
        text = "“He told me ‘no’ twice,” she said."
        assert quotations(text) == ["“He told me ‘no’ twice,”"]

    def test_unclosed_quotation_never_swallows_an_article(self):
        text = "He said “the plan. " + "Nothing happened on this day in the valley. " * 500
        assert sum(map(len, quotations(text))) < 100

    @given(MARKS)
    def test_any_text_gives_ordered_spans_inside_it(self, text):
        found = quoted_spans(text, paragraphs(text))
        assert all(span.end <= len(text) for span in found)
        assert all(one.end <= other.start for one, other in pairwise(found))

    def test_long_texts_take_linear_time(self):
        line = "“We wait,” he said of the ministers' ‘plan and the \"road. "
        start = time.perf_counter()
        quotations(line * 15_000)
        assert time.perf_counter() - start < 10


class TestKind:
    def test_direct(self):
        assert kind('"We agree," she said.', '"We agree,"') == "direct"

    def test_direct_in_two_parts(self):
        assert kind('"We agree," she said, "on all points."', '"We agree,"', '"on all points."') == "direct"

    def test_indirect(self):
        assert kind("She said they agreed.", "they agreed") == "indirect"

    def test_mixed(self):
        assert kind("She called the plan “reckless and cruel” on Monday.", "the plan “reckless and cruel”") == "mixed"

    def test_that_before_a_full_quotation_is_mixed(self):
        assert kind("She said that “we agree on all points”.", "that “we agree on all points”") == "mixed"

    @pytest.mark.parametrize(
        "content",
        [
            'the "Harbour Compact" they signed',
            'the "2031 Consensus" is in force',
            'the so-called "apology tour" harmed the country',
            'their support for the "one China" policy',
            'any project known as "the second bridge"',
        ],
    )
    def test_names_and_terms_in_marks_stay_indirect(self, content):
        assert kind(f"The envoy reaffirmed {content}.", content) == "indirect"

    def test_inside_somebody_elses_quotation_is_indirect(self):
        text = "“The president told me that she would wait,” the envoy said."
        assert kind(text, "that she would wait") == "indirect"

    def test_marks_of_its_own_inside_another_quotation(self):
        text = "“They told me they were ready,” the envoy said."
        assert kind(text, "“They told me they were ready,”") == "direct"

    def test_a_span_that_misses_the_marks_counts_as_quoted(self):
        assert kind('"We agree on this," she said.', 'We agree on this,"') == "direct"
