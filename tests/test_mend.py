"""What the model cuts wrongly is mended: quotations whole, attributions amid a sentence, sources by the codebook."""

import pytest
from attribution_fake import at, doc_of

from stance.mend import announced, joined, mended
from stance.text import quoted_spans
from stance.types import Span, Statement


def stated(text, cue, source, *content):
    spans = tuple(at(text, part) for part in content)
    return Statement("", spans, at(text, cue) if cue else None, at(text, source) if source else None, "indirect")


def mend(text, *statements, codebook=True):
    """What becomes of statements, as (source, cue, content)."""
    doc = doc_of(text)
    found = mended(doc, statements, quoted_spans(text, doc.paragraphs), codebook)
    one = [[part and part.text(text) for part in (s.source, s.cue)] for s in found]
    return [(*parts, tuple(span.text(text) for span in s.content)) for parts, s in zip(one, found, strict=True)]


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("“The tax is wrong. It must go,” she said.", "It must go,”", "“The tax is wrong. It must go,”"),
        ("She said: “The tax is wrong. It must go.”", "“The tax is wrong", "“The tax is wrong. It must go.”"),
        ("She said he “must go. We have had enough.”", "he “must go", "he “must go. We have had enough.”"),
        ("She said: “The tax.\n\n“It must go.”", "“The tax", "“The tax.\n\n“It must go.”"),
    ],
)
def test_a_quotation_that_is_cut_is_made_whole(text, cut, whole):
    assert mend(text, stated(text, "said", None, cut)) == [(None, "said", (whole,))]


def test_the_words_inside_a_quotation_are_not_drawn_out_to_it():
    text = "“The union says ferries are late today,” she said."
    inner, outer = stated(text, "says", "The union", "ferries are late"), stated(text, "said", "she", "“The union says")
    assert mend(text, inner, outer)[0][2] == ("ferries are late",)
    assert mend(text, inner, outer)[1][2] == ("“The union says ferries are late today,”",)


def test_a_paragraph_that_another_claims_is_left_to_it():
    text = "“The fund is empty.\n\n“Nobody knew,” said Ann. Bo said no."
    first = Statement("", (at(text, "“The fund is empty."),), at(text, "Bo said"), None, "direct")
    second = stated(text, "said Ann", None, "“Nobody knew,”")
    found = mend(text, first, second)
    assert found[0][2] == ("“The fund is empty.",)
    assert found[1][2] == ("“Nobody knew,”",)


def test_a_content_may_run_over_paragraphs_into_a_quotation():
    text = "Bo warned the fund is empty.\n\n“Nobody knew,” said Ann."
    over = Span(text.index("the fund"), text.index(" knew"))
    first = Statement("", (over,), at(text, "warned"), at(text, "Bo"), "indirect")
    second = stated(text, "said Ann", None, "knew,”")
    found = mend(text, first, second)
    assert found[0][2] == ("the fund is empty.\n\n“Nobody",), "the rest of the quotation is Ann's"
    assert found[1][2] == ("knew,”",)


@pytest.mark.parametrize("codebook", [True, False])
def test_an_attribution_between_commas_has_its_content_on_both_sides(codebook):
    text = "The reform, the mayor argued, came too late."
    both = ("The reform", "came too late")
    for part in both:
        assert mend(text, stated(text, "argued", "the mayor", part), codebook=codebook)[0][2] == both


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("In Oslo, the mayor argued, ferries came too late.", "ferries came too late"),
        ("On Friday, the mayor argued, came the end.", "came the end"),
        ("The tax is wrong, the mayor argued, and left.", "The tax is wrong"),
        ("The tax is wrong, the mayor argued on Friday.", "The tax is wrong"),
    ],
)
def test_what_is_no_other_half_is_left_out(text, content):
    assert mend(text, stated(text, "argued", "the mayor", content))[0][2] == (content,)


def test_a_relative_pronoun_stands_for_somebody():
    text = "Reporters met the old widow, who said no. They saw Ilse Brandt, who swore revenge."
    found = [stated(text, "said", None, "no"), stated(text, "swore", None, "revenge")]
    places = [Span(m, m + 3) for m in (text.index("who said"), text.index("who swore"))]
    given = [Statement("", s.content, s.cue, place, "indirect") for s, place in zip(found, places, strict=True)]
    assert [source for source, *_ in mend(text, *given)] == ["the old widow", "Ilse Brandt"]
    assert [source for source, *_ in mend(text, *given, codebook=False)] == ["who", "who"]


def test_a_source_behind_its_cue_keeps_its_relative_clause():
    text = "“No,” said Ilse Brandt, who leads the union."
    assert mend(text, stated(text, "said", "Ilse Brandt", "“No,”"))[0][0] == "Ilse Brandt, who leads the union"
    text = "Ilse Brandt, who leads the union, said no."
    assert mend(text, stated(text, "said", "Ilse Brandt", "no"))[0][0] == "Ilse Brandt"


@pytest.mark.parametrize(
    ("text", "cue", "source", "content", "whole"),
    [
        ("Vara has called on the union to stop.", "called", "Vara", "the union to stop", "called on"),
        ("A curfew was announced by the mayor.", "was announced", "the mayor", "A curfew", "was announced by"),
        ("Vara called for calm.", "called for", "Vara", "calm", "called for"),
        ("Vara told reporters it left.", "told", "Vara", "it left", "told"),
    ],
)
def test_a_cue_keeps_its_preposition(text, cue, source, content, whole):
    assert mend(text, stated(text, cue, source, content))[0][1] == whole


@pytest.mark.parametrize(
    ("cue", "stays"),
    [
        ("has not condemned", False),
        ("had never praised", False),
        ("might say", False),
        ("has not ruled out", True),
        ("did not deny", True),
        ("could not confirm", True),
        ("has condemned", True),
    ],
)
def test_speech_that_did_not_happen_is_no_statement(cue, stays):
    text = f"Vara {cue} the arrest."
    statement = stated(text, cue, "Vara", "the arrest")
    assert bool(mend(text, statement)) == stays
    assert mend(text, statement, codebook=False)


def test_a_word_of_a_title_is_no_cue():
    text = 'The film "Nobody Said a Word" opened. Said Brandt: no.'
    assert mend(text, stated(text, "Said a", "Nobody", "Word")) == []
    assert len(mend(text, stated(text, "Said Brandt", None, "no"))) == 1


def test_a_quoted_paragraph_behind_a_closed_quotation_floats():
    text = "“The fund is empty,” she said.\n\n“Nobody knew.”"
    statement = stated(text, "said", "she", "“The fund is empty,”", "“Nobody knew.”")
    assert mend(text, statement) == [
        ("she", "said", ("“The fund is empty,”",)),
        (None, None, ("“Nobody knew.”",)),
    ]
    assert len(mend(text, statement, codebook=False)) == 1
    introduced = "She said this:\n\n“Nobody knew.”"
    assert len(mend(introduced, stated(introduced, "said", None, "“Nobody knew.”"))) == 1


def test_overlapping_spans_are_joined():
    assert joined([Span(5, 9), Span(0, 3), Span(2, 6)]) == (Span(0, 9),)
    assert joined([Span(5, 9), Span(0, 3)]) == (Span(0, 3), Span(5, 9))


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        ("Ilse Brandt said:\n\nVara is glad. We go on.\n\nThe end.", "said", ("Vara is glad. We go on.",)),
        ("The mayor noted in a letter: “We go on. Now.” She left.", "noted", ("“We go on. Now.”",)),
        ("According to the port, ships wait. They left.", "According to", ("ships wait",)),
        ("The mayor said nothing.\n\nVara is glad.", "said", ()),
        ("Ships wait, according to the port. They left.", "according to", ()),
    ],
)
def test_what_a_cue_introduces(text, cue, content):
    doc = doc_of(text)
    found = announced(doc, at(text, cue), quoted_spans(text, doc.paragraphs))
    assert tuple(span.text(text) for span in found) == content


def test_according_to_has_a_source():
    text = "According to the port authority, ships wait."
    assert mend(text, stated(text, "According to", None, "ships wait"))[0][0] == "the port authority"
