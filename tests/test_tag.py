"""Finding cues: the decoder is optimal and never ill-formed, windows are merged, quotations may float."""

import json
import shutil
from itertools import pairwise, product

import numpy as np
import pytest
from attribution_fake import Attribution, FakeModel, at, doc_of
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.encoder import load_tokenizer
from stance.errors import ModelError
from stance.evidence import WEIGHTS
from stance.tag import (
    BEGIN,
    END,
    INSIDE,
    OUTSIDE,
    OVERLAP,
    ROLES,
    SINGLE,
    TAGS,
    WINDOW,
    AttributionModel,
    Tagger,
    decode,
)
from stance.types import Doc

FOLLOWERS = {
    OUTSIDE: {OUTSIDE, BEGIN, SINGLE},
    BEGIN: {INSIDE, END},
    INSIDE: {INSIDE, END},
    END: {OUTSIDE, BEGIN, SINGLE},
    SINGLE: {OUTSIDE, BEGIN, SINGLE},
}
TEXT = "The mayor said the tax is wrong and warned that ferries stop. Nobody agreed."


@pytest.fixture(scope="module")
def tokenizer(encoder_folder):
    return load_tokenizer(encoder_folder)


def random_scores(seed, length):
    own = np.random.default_rng(seed).gumbel(size=(length, len(TAGS)))
    return (own - np.log(np.exp(own).sum(1, keepdims=True))).astype(np.float32)


def valid(tags):
    return (
        tags[0] not in (INSIDE, END)
        and tags[-1] not in (BEGIN, INSIDE)
        and all(two in FOLLOWERS[one] for one, two in pairwise(tags))
    )


def worth(scores, tags, penalty):
    return sum(scores[i, tag] for i, tag in enumerate(tags)) - penalty * starts(tags)


def starts(tags):
    return sum(tag in (BEGIN, SINGLE) for tag in tags)


def as_tags(spans, length):
    tags = [OUTSIDE] * length
    for first, last in spans:
        tags[first : last + 1] = [INSIDE] * (last - first + 1)
        tags[first], tags[last] = (SINGLE, SINGLE) if first == last else (BEGIN, END)
    return tags


@pytest.mark.parametrize("at_most_one", [False, True])
@pytest.mark.parametrize("penalty", [0.0, 1.0])
@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_decoding_finds_the_best_of_all_well_formed_taggings(length, penalty, at_most_one):
    every = [t for t in product(range(5), repeat=length) if valid(t) and not (at_most_one and starts(t) > 1)]
    scores = [random_scores(seed, length) for seed in range(15)]
    for own, spans in zip(scores, decode(scores, penalty, at_most_one), strict=True):
        best = max(worth(own, tags, penalty) for tags in every)
        tags = as_tags(spans, length)
        assert tuple(tags) in every
        assert worth(own, tags, penalty) == pytest.approx(best, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 99), st.booleans(), st.floats(0, 3))
def test_spans_are_in_order_apart_and_the_same_in_any_company(lengths, seed, at_most_one, penalty):
    scores = [random_scores(seed + i, n) for i, n in enumerate(lengths)]
    found = decode(scores, penalty, at_most_one)
    assert found == [decode([own], penalty, at_most_one)[0] for own in scores]
    for spans, length in zip(found, lengths, strict=True):
        ends = [-1]
        for first, last in spans:
            assert ends[-1] < first <= last < length
            ends.append(last)
        assert not at_most_one or len(spans) <= 1


def test_nothing_to_decode():
    assert decode([]) == []
    assert decode([np.zeros((0, 5), np.float32)]) == [[]]


def sure_of(tags, doubtful=()):
    """Scores sure of some tags, but in `doubtful` places only just."""
    probs = np.full((len(tags), len(TAGS)), 0.01)
    probs[np.arange(len(tags)), tags] = 0.96
    for place, other in doubtful:
        probs[place] = 0.01
        probs[place, tags[place]], probs[place, other] = 0.55, 0.42
    return np.log(probs).astype(np.float32)


def test_a_penalty_heals_a_doubtful_cut_and_drops_a_doubtful_span():
    cut = sure_of([BEGIN, INSIDE, END, BEGIN, INSIDE, END], [(2, INSIDE), (3, INSIDE)])
    assert decode([cut]) == [[(0, 2), (3, 5)]]
    assert decode([cut], 1.0) == [[(0, 5)]]
    doubtful = sure_of([OUTSIDE, SINGLE, OUTSIDE], [(1, OUTSIDE)])
    assert decode([doubtful]) == [[(1, 1)]]
    assert decode([doubtful], 1.0) == [[]]


def test_a_sure_span_survives_the_penalty():
    scores = sure_of([BEGIN, END, OUTSIDE, SINGLE])
    assert decode([scores], 1.0) == [[(0, 1), (3, 3)]]


def test_at_most_one_keeps_the_surer_span():
    scores = sure_of([SINGLE, OUTSIDE, BEGIN, END], [(0, OUTSIDE)])
    assert decode([scores]) == [[(0, 0), (2, 3)]]
    assert decode([scores], at_most_one=True) == [[(2, 3)]]


def test_several_cues_in_a_sentence(tokenizer):
    model = FakeModel(tokenizer, TEXT, [Attribution("said"), Attribution("warned"), Attribution("agreed")])
    cues = Tagger(model)([doc_of(TEXT)])[0].cues
    assert [cue.span.text(TEXT) for cue in cues] == ["said", "warned", "agreed"]
    assert all(cue.score == pytest.approx(0.99, abs=0.001) and not cue.floating for cue in cues)


def test_a_cue_of_several_words_is_one_and_holds_whole_words(tokenizer):
    model = FakeModel(tokenizer, TEXT, [Attribution("warned that")])
    (cue,) = Tagger(model)([doc_of(TEXT)])[0].cues
    assert cue.span.text(TEXT) == "warned that"


def test_an_article_longer_than_a_window_is_seen_whole(tokenizer):
    names = [f"rejected{i}" for i in range(120)]
    text = " the harbour is in a tax. ".join(names)
    model = FakeModel(tokenizer, text, [Attribution(name + " ") for name in names[:-1]])
    cues = Tagger(model)([doc_of(text)])[0].cues
    windows = [window for _, window, _ in model.asked]
    assert len(windows) > 3
    assert all(len(window) <= WINDOW for window in windows)
    assert windows[0].stop - windows[1].start >= OVERLAP
    assert [cue.span.text(text) for cue in cues] == names[:-1]


def test_where_windows_overlap_the_one_with_more_context_counts(tokenizer):
    """A model blind at its windows' edges must lose nothing."""

    class Blind(FakeModel):
        def scores(self, pieces, views):
            made = super().scores(pieces, views)
            for (_, window, _), own in zip(views, made, strict=True):
                edge = OVERLAP // 2 - 5
                if window.start:
                    own[:edge] = np.log(0.2)
                if window.stop < len(pieces[0]):
                    own[-edge:] = np.log(0.2)
            return made

    names = [f"rejected{i}" for i in range(90)]
    text = " the harbour is in a tax. ".join(names)
    model = Blind(tokenizer, text, [Attribution(name + " ") for name in names[:-1]])
    cues = Tagger(model)([doc_of(text)])[0].cues
    assert [cue.span.text(text) for cue in cues] == names[:-1]


def test_docs_keep_their_order_and_an_empty_one_has_no_cues(tokenizer):
    model = FakeModel(tokenizer, TEXT, [Attribution("said")])
    docs = [doc_of("", "empty"), doc_of(TEXT, "full"), Doc(doc_of(TEXT).article)]
    found = Tagger(model)(docs)
    assert [doc.article for doc in found] == [doc.article for doc in docs]
    assert [len(doc.cues) for doc in found] == [0, 1, 0]
    assert Tagger(model)([]) == []


QUOTE = "“The ferry is late every day.”"


def floats(tokenizer, text, answers, sure=0.96):
    cues = Tagger(FakeModel(tokenizer, text, answers, sure))([doc_of(text)])[0].cues
    return [cue.span.text(text) for cue in cues if cue.floating]


def test_a_quoted_paragraph_without_a_cue_floats(tokenizer):
    text = f"The mayor said no.\n\n{QUOTE}\n\nThe tax stays."
    answers = [Attribution("said", content=("no.",)), Attribution(None, content=(QUOTE,))]
    assert floats(tokenizer, text, answers) == [QUOTE]
    (one, two) = Tagger(FakeModel(tokenizer, text, answers))([doc_of(text)])[0].cues
    assert one.span.text(text) == "said"
    assert two.score == pytest.approx(0.99, abs=0.01)


@pytest.mark.parametrize(
    ("paragraph", "answers"),
    [
        (QUOTE, []),  # the model takes it for no content
        (f"{QUOTE} he said.", [Attribution("said", content=(QUOTE,))]),
        (f"{QUOTE} The tax.", [Attribution(None, content=(QUOTE,))]),
        ("“The ferry.”", [Attribution(None, content=("“The ferry.”",))]),  # too short to be a statement
        ("The ferry is late every day.", [Attribution(None, content=("The ferry is late every day.",))]),
    ],
)
def test_what_does_not_float(tokenizer, paragraph, answers):
    assert floats(tokenizer, f"The harbour.\n\n{paragraph}\n\nTalks opened.", answers) == []


def test_a_cue_inside_the_quotation_does_not_hinder_it(tokenizer):
    quote = "“The mayor said the tax is wrong.”"
    answers = [Attribution("said", content=("the tax is wrong",)), Attribution(None, content=(quote,))]
    text = f"A report.\n\n{quote}"
    assert floats(tokenizer, text, answers) == [quote]
    assert at(text, "said") in [cue.span for cue in Tagger(FakeModel(tokenizer, text, answers))([doc_of(text)])[0].cues]


def test_words_that_often_are_cues_are_candidates_wherever_the_first_look_sees_none(tokenizer):
    model = FakeModel(tokenizer, TEXT, [Attribution("said")], rates={"warned": 0.9, "agreed": 0.1, "warned that": 1.0})
    cues = Tagger(model)([doc_of(TEXT)])[0].cues
    assert [cue.span.text(TEXT) for cue in cues] == ["said", "warned"]
    assert cues[1].score < 0.05


def test_a_word_in_a_cue_is_no_candidate_of_its_own(tokenizer):
    model = FakeModel(tokenizer, TEXT, [Attribution("warned that")], rates={"warned": 0.9})
    (cue,) = Tagger(model)([doc_of(TEXT)])[0].cues
    assert cue.span.text(TEXT) == "warned that"


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory, encoder_folder):
    """A random attribution model with a calibration for one scope."""
    from stance.train.attribution import new_model

    folder = tmp_path_factory.mktemp("attribution")
    new_model(encoder_folder).save_pretrained(folder)
    load_tokenizer(encoder_folder).save_pretrained(folder)
    (folder / "calibration.json").write_text(json.dumps({"codebook": {**WEIGHTS, "intercept": 0.5}}))
    (folder / "cues.json").write_text('{"codebook": {"said": 0.9}, "polnear": {"said": 0.8}}')
    return folder


def test_a_model_folder_gives_log_probabilities_for_each_piece(model_folder):
    from stance.windows import cut

    doc = doc_of(TEXT)
    model = AttributionModel.load(model_folder, device="cpu")
    pieces = cut(TEXT, doc.paragraphs, model.tokenizer)
    plain, marked, part = model.scores(
        [pieces], [(0, range(len(pieces)), range(0)), (0, range(len(pieces)), range(2, 3)), (0, range(2, 9), range(0))]
    )
    assert plain.shape == (len(pieces), len(ROLES), len(TAGS))
    assert part.shape == (7, len(ROLES), len(TAGS))
    np.testing.assert_allclose(np.exp(plain).sum(-1), 1, atol=0.01)
    assert not np.allclose(plain, marked, atol=1e-3), "the mark must reach the model"
    assert max(pieces.types) < 2, "marking must not change the article's own pieces"


def test_scopes_are_read_apart(model_folder):
    from stance.windows import cut

    own, other = (AttributionModel.load(model_folder, scope, "cpu") for scope in ("codebook", "polnear"))
    assert (own.weights["intercept"], other.weights) == (0.5, WEIGHTS)
    assert (own.rates, other.rates) == ({"said": 0.9}, {"said": 0.8})
    pieces = cut(TEXT, doc_of(TEXT).paragraphs, own.tokenizer)
    views = [(0, range(len(pieces)), range(0))]
    assert not np.allclose(own.scores([pieces], views)[0], other.scores([pieces], views)[0], atol=1e-2)


def test_a_calibration_of_another_version_is_refused(model_folder, tmp_path):
    shutil.copytree(model_folder, tmp_path / "old")
    (tmp_path / "old" / "calibration.json").write_text('{"codebook": {"slope": 2.0, "intercept": 0.5}}')
    with pytest.raises(ModelError, match=r"calibration\.json was fitted for another version"):
        AttributionModel.load(tmp_path / "old", device="cpu")


def test_a_model_of_another_kind_is_refused(encoder_folder):
    with pytest.raises(ModelError, match="no attribution model") as error:
        AttributionModel.load(encoder_folder, device="cpu")
    assert str(encoder_folder) in str(error.value)
