"""Word pieces and windows over them: offsets never lie, nothing is left out, nothing leaves its bounds."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.encoder import load_tokenizer
from stance.text import paragraphs
from stance.types import Span
from stance.windows import CAPITAL, MARKED, TYPES, around, by_paragraph, cut, windows

TWO_PARAGRAPHS = "The Ferry to Vara sank.\n\nNobody said why."

MESSY = st.text(
    st.sampled_from("abAZ é漢字각🇳🇴👩‍🚀\u0301\u200b\r\n\t  “”‘’\"'.,-—…0ﬁß\u2028\x00")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)
few = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def tokenizer(encoder_folder):
    return load_tokenizer(encoder_folder)


@given(st.integers(0, 500), st.integers(2, 80), st.data())
def test_windows_cover_everything_with_the_asked_overlap(length, size, data):
    overlap = data.draw(st.integers(0, size - 1))
    found = list(windows(length, size, overlap))
    assert sorted({i for window in found for i in window}) == list(range(length))
    assert all(len(window) == min(size, length) for window in found)
    for one, two in pairwise(found):
        assert one.start < two.start
        assert one.stop - two.start >= overlap
    assert len(found) == 1 or length > size


@few
@given(st.lists(MESSY, max_size=8), st.integers(2, 40), st.data())
def test_windows_by_paragraph_cover_everything_and_cut_no_paragraph_that_fits(tokenizer, texts, size, data):
    text = "\n\n".join(texts)
    own, overlap = paragraphs(text), data.draw(st.integers(0, size - 1))
    pieces = cut(text, own, tokenizer)
    found = list(by_paragraph(pieces, own, size, overlap))
    parts = [pieces.covered(paragraph) for paragraph in own]
    inside = {i for part in parts for i in part}
    assert inside <= {i for window in found for i in window} <= set(range(len(pieces)))
    assert all(0 < len(window) <= size for window in found)
    for part in parts:
        if 0 < len(part) <= size:
            assert any(window.start <= part.start and part.stop <= window.stop for window in found)


def test_the_last_window_is_shifted_to_be_full():
    assert list(windows(10, 6, 2)) == [range(0, 6), range(4, 10)]
    assert list(windows(11, 6, 2)) == [range(0, 6), range(4, 10), range(5, 11)]


@given(st.data(), st.integers(1, 300), st.integers(0, 100), st.integers(0, 100))
def test_around_stays_in_bounds_and_uses_the_room_there_is(data, length, left, right):
    start = data.draw(st.integers(0, length - 1))
    center = range(start, data.draw(st.integers(start + 1, length)))
    window = around(center, length, left, right)
    assert 0 <= window.start <= center.start
    assert center.stop <= window.stop <= length
    assert len(window) == min(length, len(center) + left + right)


def test_around_keeps_both_sides_where_there_is_room():
    assert around(range(50, 52), 100, 10, 20) == range(40, 72)
    assert around(range(5, 6), 100, 10, 20) == range(0, 31)
    assert around(range(95, 96), 100, 10, 20) == range(69, 100)


@few
@given(MESSY)
def test_pieces_are_in_order_inside_their_paragraphs_and_hold_text(tokenizer, text):
    blocks = paragraphs(text)
    pieces = cut(text, blocks, tokenizer)
    assert pieces.starts == sorted(pieces.starts)
    assert pieces.ends == sorted(pieces.ends)
    lists = (pieces.ids, pieces.types, pieces.starts, pieces.ends, pieces.heads)
    assert {len(own) for own in lists} == {len(pieces)}
    breaks = 0
    for i in range(len(pieces)):
        start, end = pieces.starts[i], pieces.ends[i]
        if start == end:
            breaks += 1
            assert not pieces.heads[i]
            assert end == blocks[breaks - 1].end
            continue
        assert any(block.contains(Span(start, end)) for block in blocks)
        assert text[start:end].strip()
        assert pieces.types[i] == (CAPITAL if text[start].isupper() else 0)
    assert breaks == max(0, len(blocks) - 1)


@few
@given(MESSY, st.data())
def test_a_span_holds_whole_words_and_covers_its_pieces_again(tokenizer, text, data):
    pieces = cut(text, paragraphs(text), tokenizer)
    heads = [i for i in range(len(pieces)) if pieces.heads[i]]
    if not heads:
        return
    first = data.draw(st.sampled_from(heads))
    last = data.draw(st.sampled_from([i for i in heads if i >= first]))
    span = pieces.span(first, last)
    again = pieces.covered(span)
    assert {first, last} <= set(again)
    assert pieces.span(again.start, again.stop - 1) == span
    after = [i for i in heads if i > last]
    if after:
        assert span.end <= pieces.starts[after[0]] or pieces.starts[after[0]] == pieces.starts[last]


@pytest.mark.parametrize("word", ["Brandt", "ferries", "naïve", "🚢", "Ünal", "tax", "漢", "1984"])
@pytest.mark.parametrize("frame", ["“The tax, {},” said.", "A\r\n\r\nto {} in\r\nthe", "👩‍🚀 {} 🇳🇴", "‘{}’ is"])
def test_a_word_among_emoji_line_ends_and_curly_quotes_is_found_as_it_stands(tokenizer, word, frame):
    text = frame.format(word)
    wanted = Span(text.index(word), text.index(word) + len(word))
    pieces = cut(text, paragraphs(text), tokenizer)
    covered = pieces.covered(wanted)
    assert pieces.span(covered.start, covered.stop - 1) == wanted


def test_covered_takes_what_overlaps_and_no_neighbour(tokenizer):
    pieces = cut(TWO_PARAGRAPHS, paragraphs(TWO_PARAGRAPHS), tokenizer)
    first, second = paragraphs(TWO_PARAGRAPHS)
    one, two = pieces.covered(first), pieces.covered(second)
    assert one.start == 0
    assert two.stop == len(pieces)
    assert two.start - one.stop == 1, "the break lies between the paragraphs and in neither"
    middle = pieces.covered(Span(5, 6))
    assert pieces.span(middle.start, middle.stop - 1).text(TWO_PARAGRAPHS) == "Ferry"
    assert len(pieces.covered(Span(3, 4))) == 0, "a blank"


def test_a_capital_is_marked_although_the_vocabulary_has_none(tokenizer):
    capital = cut("Ferry", [Span(0, 5)], tokenizer)
    small = cut("ferry", [Span(0, 5)], tokenizer)
    assert capital.ids == small.ids
    assert capital.types[0] == CAPITAL
    assert small.types[0] == 0


def test_marks_fit_the_models_segments():
    assert len({0, CAPITAL, MARKED, CAPITAL | MARKED}) == TYPES
    assert CAPITAL | MARKED == TYPES - 1


def test_what_lies_outside_the_paragraphs_is_left_out(tokenizer):
    text = "OSLO - The ferry sank. Advertisement"
    kept = Span(text.index("The"), text.index(" Adv"))
    pieces = cut(text, [kept], tokenizer)
    assert pieces.starts[0] == kept.start
    assert pieces.ends[-1] == kept.end
    assert len(cut(text, [], tokenizer)) == 0
