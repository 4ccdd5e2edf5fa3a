"""Statements: each cue is asked on its own, and what the model answers comes out as spans of the text."""

import pytest
from attribution_fake import Attribution, FakeModel, at, doc_of

from stance.encoder import load_tokenizer
from stance.link import LEFT, RIGHT, Linker, _compatible
from stance.tag import Tagger
from stance.types import Cue, Span, Statement


@pytest.fixture(scope="module")
def tokenizer(encoder_folder):
    return load_tokenizer(encoder_folder)


@pytest.fixture
def link(tokenizer):
    """Tag and link an article of which all answers are known."""

    def run(text, *answers, min_score=0.0, sure=0.96, name="vara"):
        model = FakeModel(tokenizer, text, list(answers), sure)
        (doc,) = Linker(model, min_score)(Tagger(model)([doc_of(text, name)]))
        return doc.statements

    return run


def words(text, statement):
    """A statement as (source, cue, content)."""
    one = [span and span.text(text) for span in (statement.source, statement.cue)]
    return (*one, tuple(span.text(text) for span in statement.content))


def test_one_statement(link):
    text = "Mayor Ilse Brandt said the harbour tax is wrong. Nobody agreed."
    (one,) = link(text, Attribution("said", "Mayor Ilse Brandt", ("the harbour tax is wrong.",)))
    assert words(text, one) == ("Mayor Ilse Brandt", "said", ("the harbour tax is wrong.",))
    assert (one.id, one.kind, one.parent) == ("vara:1", "indirect", None)
    assert one.score == pytest.approx(0.99, abs=0.001)


def test_several_cues_of_one_source_in_a_sentence(link):
    text = "The mayor said the tax is wrong and warned that ferries stop, but welcomed talks."
    found = link(
        text,
        Attribution("said", "The mayor", ("the tax is wrong",)),
        Attribution("warned", "The mayor", ("that ferries stop",)),
        Attribution("welcomed", "The mayor", ("talks",)),
    )
    assert [words(text, own) for own in found] == [
        ("The mayor", "said", ("the tax is wrong",)),
        ("The mayor", "warned", ("that ferries stop",)),
        ("The mayor", "welcomed", ("talks",)),
    ]
    assert [own.id for own in found] == ["vara:1", "vara:2", "vara:3"]


def test_an_interrupted_content_keeps_its_parts_without_the_commas(link):
    text = "“The tax,” Ilse Brandt said, “is off the table.” She left."
    (one,) = link(text, Attribution("said", "Ilse Brandt", ("“The tax,”", "“is off the table.”")))
    assert words(text, one) == ("Ilse Brandt", "said", ("“The tax,”", "“is off the table.”"))
    assert one.kind == "direct"
    text = "The tax, Ilse Brandt said, is off the table. She left."
    (two,) = link(text, Attribution("said", "Ilse Brandt", ("The tax,", ", is off the table.")))
    assert words(text, two) == ("Ilse Brandt", "said", ("The tax", "is off the table."))
    assert two.kind == "indirect"


def test_a_content_of_commas_alone_makes_no_statement(link):
    text = "The mayor said , ; and left."
    assert link(text, Attribution("said", "The mayor", (", ;",))) == ()


def test_partly_quoted_is_mixed(link):
    text = "The mayor said the tax is “wrong and unfair to all of us” today."
    content = "the tax is “wrong and unfair to all of us” today."
    (one,) = link(text, Attribution("said", "The mayor", (content,)))
    assert one.kind == "mixed"


def test_a_statement_within_another_knows_its_parent(link):
    text = "The mayor said the union rejected claims that ferries are late. A fleet left."
    found = link(
        text,
        Attribution("said", "The mayor", ("the union rejected claims that ferries are late.",)),
        Attribution("rejected", "the union", ("claims that ferries are late.",)),
        Attribution("claims", None, ("that ferries are late.",)),
    )
    assert [own.parent for own in found] == [None, "vara:1", "vara:2"]
    assert [words(text, own)[1] for own in found] == ["said", "rejected", "claims"]


def test_side_by_side_is_no_nesting(link):
    text = "The mayor said the tax is wrong. The union rejected talks."
    found = link(
        text,
        Attribution("said", "The mayor", ("the tax is wrong.",)),
        Attribution("rejected", "The union", ("talks.",)),
    )
    assert [own.parent for own in found] == [None, None]


def test_no_source(link):
    text = "It was said that the ferry is late."
    (one,) = link(text, Attribution("said", None, ("that the ferry is late.",)))
    assert words(text, one) == (None, "said", ("that the ferry is late.",))


def test_a_cue_without_content_states_nothing(link):
    assert link("The mayor said.", Attribution("said", "The mayor")) == ()


def test_only_one_source_is_taken(link, tokenizer):
    """Two candidates, as when the tags disagree: one span, never both."""
    text = "The mayor and a fleet said no."

    class Torn(FakeModel):
        def _view(self, pieces, window, marked):
            own = super()._view(pieces, window, marked)
            if marked:
                other = FakeModel(tokenizer, text, [Attribution("said", "The mayor", ("no.",))], 0.7)
                view = other._view(pieces, window, marked)
                stop = pieces.covered(at(text, "The mayor")).stop
                own[:stop, 1] = view[:stop, 1]
            return own

    model = Torn(tokenizer, text, [Attribution("said", "a fleet", ("no.",))])
    (doc,) = Linker(model)(Tagger(model)([doc_of(text)]))
    assert words(text, doc.statements[0]) == ("a fleet", "said", ("no.",))


QUOTE = "“The ferry is late every day.”"


def test_a_floating_quotation_is_a_statement_without_cue_and_source(link):
    text = f"The mayor said no.\n\n{QUOTE}\n\nThe tax stays."
    found = link(text, Attribution("said", "The mayor", ("no.",)), Attribution(None, content=(QUOTE,)))
    assert [words(text, own) for own in found] == [("The mayor", "said", ("no.",)), (None, None, (QUOTE,))]
    assert (found[1].kind, found[1].parent, found[1].id) == ("direct", None, "vara:2")


def test_a_quotation_that_a_cue_claims_does_not_float(link):
    """It introduces the next paragraph: one statement, not two."""
    text = f"The mayor said this:\n\n{QUOTE}\n\nThe tax stays."
    found = link(text, Attribution("said", "The mayor", (QUOTE,)))
    assert [words(text, own) for own in found] == [("The mayor", "said", (QUOTE,))]


def test_min_score_drops_what_is_less_likely(link, tokenizer):
    text = "The mayor said no.\n\nA fleet left."
    answer = Attribution("said", "The mayor", ("no.",))
    (one,) = link(text, answer, sure=0.8)
    assert 0.9 < one.score < 0.96
    assert len(link(text, answer, sure=0.8, min_score=one.score)) == 1
    assert link(text, answer, sure=0.8, min_score=one.score + 0.01) == ()


def evidence_of(tokenizer, text, cue, *answers, rates=None):
    """What the linker knows of the statement of one cue."""
    model = FakeModel(tokenizer, text, list(answers), rates=rates or {})
    tagged = Tagger(model)([doc_of(text)])
    found = {s.cue.text(text): evidence for s, evidence in Linker(model).propose(tagged)[0]}
    return found[cue]


def test_what_speaks_for_a_statement(tokenizer):
    text = "The mayor said “the tax is wrong” today. “The union rejected talks, and a fleet left.”"
    answers = [
        Attribution("said", "The mayor", ("“the tax is wrong” today",)),
        Attribution("rejected", None, ("talks",)),
    ]
    said = evidence_of(tokenizer, text, "said", *answers, rates={"said": 0.9})
    rejected = evidence_of(tokenizer, text, "rejected", *answers, rates={"said": 0.9})
    assert said.first_look == pytest.approx(4.6, abs=0.1)
    assert said.edges == pytest.approx(3.2, abs=0.1)
    assert said.source == pytest.approx(4.6, abs=0.1)
    assert said.cue_word == pytest.approx(2.2, abs=0.1)
    assert 0.6 < said.quoted < 0.9
    assert (said.no_source, said.in_quotation, said.nested) == (0, 0, 0)
    assert (rejected.no_source, rejected.source, rejected.in_quotation, rejected.quoted) == (1, 0, 1, 1)
    assert rejected.cue_word < -2


def test_a_cue_within_anothers_content_is_nested(tokenizer):
    text = "The mayor said the union rejected talks."
    answers = [
        Attribution("said", "The mayor", ("the union rejected talks",)),
        Attribution("rejected", "the union", ("talks",)),
    ]
    assert evidence_of(tokenizer, text, "rejected", *answers).nested == 1
    assert evidence_of(tokenizer, text, "said", *answers).nested == 0


def test_the_evidence_decides_whether_a_statement_stands(tokenizer):
    text = "The mayor said no. The union rejected talks."

    class Picky(FakeModel):
        def probability(self, evidence):
            return 0.2 if evidence.no_source else 0.9

    answers = [Attribution("said", "The mayor", ("no.",)), Attribution("rejected", None, ("talks.",))]
    model = Picky(tokenizer, text, answers)
    (doc,) = Linker(model, 0.5)(Tagger(model)([doc_of(text)]))
    assert [(words(text, own)[1], own.score) for own in doc.statements] == [("said", 0.9)]


def test_a_candidate_grows_into_the_cue_that_the_second_look_sees(tokenizer):
    """Two candidates of one cue give one statement, with the whole cue."""
    text = "The mayor has rejected talks."
    model = FakeModel(tokenizer, text, [Attribution("has rejected", "The mayor", ("talks.",))])

    class Answering(FakeModel):
        def _view(self, pieces, window, marked):
            return model._view(pieces, window, pieces.covered(at(text, "has rejected")) if marked else marked)

    doc = doc_of(text)
    cues = (Cue(at(text, "has"), 0.4), Cue(at(text, "rejected"), 0.8))
    (found,) = Linker(Answering(tokenizer, text, []))([type(doc)(doc.article, doc.paragraphs, doc.sentences, cues)])
    ((one),) = found.statements
    assert words(text, one) == ("The mayor", "has rejected", ("talks.",))
    assert one.score == pytest.approx(0.8)


def test_statements_of_a_dropped_parent_stand_alone_and_ids_have_no_gaps(link, tokenizer):
    text = "The mayor said the union rejected talks."
    answers = [
        Attribution("said", "The mayor", ("the union rejected talks.",)),
        Attribution("rejected", "the union", ("talks.",)),
    ]
    model = FakeModel(tokenizer, text, answers)
    doc = doc_of(text)
    cues = (Cue(at(text, "said"), 0.1), Cue(at(text, "rejected"), 0.9))
    (found,) = Linker(model, 0.8)([type(doc)(doc.article, doc.paragraphs, doc.sentences, cues)])
    assert [(own.id, own.parent) for own in found.statements] == [("vara:1", None)]


def test_statements_are_numbered_by_where_their_content_starts(link):
    text = "No talks, the mayor said. The tax is wrong, a fleet rejected."
    found = link(
        text,
        Attribution("rejected", "a fleet", ("The tax is wrong",)),
        Attribution("said", "the mayor", ("No talks",)),
    )
    assert [(own.id, words(text, own)[2]) for own in found] == [
        ("vara:1", ("No talks",)),
        ("vara:2", ("The tax is wrong",)),
    ]


def test_a_content_that_reaches_the_windows_edge_begins_with_its_sentence(link):
    """What a quotation of many words began with lies outside the window."""
    long = "the harbour is in a tax and " * (LEFT // 7 + 4)
    text = f"The talks opened. “The ferry is {long}should,” said Ilse Brandt. A fleet left."
    content = text[text.index("“") : text.index(" said")]
    (one,) = link(text, Attribution("said", "Ilse Brandt", (content,)))
    assert words(text, one) == ("Ilse Brandt", "said", (content.rstrip(","),))


def test_a_sentence_is_not_begun_anew_where_the_window_holds_all(link):
    text = "It is clear the ferry sank, the mayor said. A fleet left."
    (one,) = link(text, Attribution("said", "the mayor", ("the ferry sank",)))
    assert words(text, one)[2] == ("the ferry sank",)


def test_each_cue_is_asked_in_a_window_around_it(tokenizer):
    text = "The harbour is in a tax. " * 40 + "The mayor said no. " + "A ferry of the fleet. " * 40
    answers = [Attribution("said", "The mayor", ("no.",))]
    model = FakeModel(tokenizer, text, answers)
    tagged = Tagger(model)([doc_of(text)])
    model.asked.clear()
    (found,) = Linker(model)(tagged)
    ((doc, window, marked),) = model.asked
    assert (doc, len(window), len(marked)) == (0, LEFT + 1 + RIGHT, 1)
    assert marked.start - window.start == LEFT
    assert words(text, found.statements[0]) == ("The mayor", "said", ("no.",))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A fleet left.\n\nThe mayor said no.\n\nA ferry sank.", "The mayor said no."),
        ("A fleet left.\n\nThe mayor said:\n\nNo talks.\n\nA ferry sank.", "The mayor said:\n\nNo talks."),
        ("A fleet left.\n\nThe mayor said no.\n\n“No talks.”", "The mayor said no.\n\n“No talks.”"),
        (
            "“It is a tax.\n\n“No talks,” the mayor said.\n\nA ferry sank.",
            "“It is a tax.\n\n“No talks,” the mayor said.",
        ),
        ("The mayor said “it is a tax.\n\nNo talks.”\n\nA ferry.", "The mayor said “it is a tax.\n\nNo talks.”"),
    ],
)
def test_the_second_look_reads_a_paragraph_and_where_its_content_may_go_on(tokenizer, text, read):
    source = "the mayor" if "the mayor" in text else "The mayor"
    model = FakeModel(tokenizer, text, [Attribution("said", source, (text[-5:],))])
    tagged = Tagger(model)([doc_of(text)])
    model.asked.clear()
    Linker(model)(tagged)
    ((_, window, _),) = model.asked
    (pieces,) = model.pieces(tagged)
    assert pieces.span(window.start, window.stop - 1).text(text) == read


def test_docs_keep_their_order_and_one_without_cues_has_no_statements(tokenizer):
    text = "The mayor said no."
    model = FakeModel(tokenizer, text, [Attribution("said", "The mayor", ("no.",))])
    docs = Tagger(model)([doc_of("", "empty"), doc_of(text, "first"), doc_of(text, "second")])
    found = Linker(model)(docs)
    assert [[own.id for own in doc.statements] for doc in found] == [[], ["first:1"], ["second:1"]]
    assert Linker(model)([]) == []


@pytest.mark.parametrize("mayor", ["Ünal Brandt", "👩‍🚀 Brandt", "Brandt’s aide", "O'Brandt"])
@pytest.mark.parametrize("end", ["\r\n\r\n", "\n\n", " "])
def test_spans_hold_the_words_as_they_stand_in_any_script(link, mayor, end):
    text = f"OSLO 🚢 —{end}“The tax is wrong,” {mayor} said.{end}Nobody agreed."
    (one,) = link(text, Attribution("said", mayor, ("“The tax is wrong,”",)))
    assert words(text, one) == (mayor, "said", ("“The tax is wrong,”",))
    assert one.kind == "direct"


def test_a_sure_cue_without_content_has_what_it_introduces(link):
    text = "Mayor Ilse Brandt said:\n\nThe tax is wrong. We go on.\n\nA fleet left."
    (one,) = link(text, Attribution("said", "Mayor Ilse Brandt"))
    assert words(text, one) == ("Mayor Ilse Brandt", "said", ("The tax is wrong. We go on.",))


def test_turns_are_statements_of_their_speakers(link):
    text = "MR. ALDEN: We asked twice. I say the mayor rejected talks.\n\nQ Why?"
    found = link(text, Attribution("rejected", "the mayor", ("talks",)), Attribution("say", "I", ("the mayor",)))
    assert [words(text, own) for own in found] == [
        ("MR. ALDEN", None, ("We asked twice. I say the mayor rejected talks.",)),
        ("the mayor", "rejected", ("talks",)),
        ("Q", None, ("Why?",)),
    ]
    assert [own.parent for own in found] == [None, "vara:1", None]
    assert {own.kind for own in found} == {"indirect"}


def test_another_scope_knows_no_turns(tokenizer):
    text = "MR. ALDEN: We asked twice.\n\nQ Why?"
    model = FakeModel(tokenizer, text, [], scope="polnear")
    (doc,) = Linker(model)(Tagger(model)([doc_of(text)]))
    assert doc.statements == ()


def test_a_word_within_its_own_content_is_no_cue(link):
    text = "The mayor said Vara had never added to the tax."
    told = Attribution("said", "The mayor", ("Vara had never added to the tax",))
    wrong = Attribution("added", "The mayor", ("Vara had never added to the tax",))
    assert [words(text, own)[1] for own in link(text, told, wrong)] == ["said"]


def test_of_two_that_contradict_each_other_the_surer_one_stays():
    source, other = Span(0, 9), Span(20, 25)
    outer = Statement("", (Span(15, 60),), Span(10, 14), source, "indirect", 0.9)
    inner = Statement("", (Span(40, 60),), Span(30, 39), source, "indirect", 0.4)
    nested = Statement("", (Span(40, 60),), Span(30, 39), other, "indirect", 0.4)
    assert _compatible([outer, inner]) == [outer]
    assert _compatible([outer, nested]) == [outer, nested]
