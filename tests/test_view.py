"""What the stance model reads of a statement."""

import pytest

from stance.view import CONTEXT_CHARACTERS, context_before


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
