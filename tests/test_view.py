"""What the stance model reads of a statement."""

import pytest

from stance.pieces import load_pieces
from stance.view import CONTEXT_CHARACTERS, ENOUGH, Composer, View, context_before


@pytest.mark.parametrize(
    ("before", "context"),
    [
        ("The talks failed. On Monday, he left. ", "On Monday, he left."),
        ("The talks failed. In Geneva, ", "In Geneva,"),
        ("“We left.” Then, ", "Then,"),
        ("", ""),
        ("A dateline\n\n", "A dateline"),
    ],
)
def test_the_context_is_the_sentence_before_or_what_a_statement_begins_with(before, context):
    assert context_before(before + "she said it was a pity.", len(before)) == context


def test_a_long_sentence_is_cut_at_a_word():
    before = "word " * 200
    context = context_before(before + "he said", len(before))
    assert len(context) <= CONTEXT_CHARACTERS and set(context.split()) == {"word"}


def test_context_is_read_where_the_content_says_little(stance_folder):
    composer = Composer(load_pieces(stance_folder))
    few, many = composer.parts([View("the " * n, context="The ferry left.") for n in (ENOUGH - 1, ENOUGH)])
    assert len(few.content) == ENOUGH - 1 and few.context
    assert len(many.content) == ENOUGH and not many.context
