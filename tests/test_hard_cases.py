"""Short hard cases of statement extraction against the shipped attribution model: spans, cues, sources and kinds.

A quotation mark, comma or full stop at an edge is forgiven, as everywhere in evaluation. Most cases are a single
sentence, which is harder for the model than the same sentence amid an article.
"""

from pathlib import Path

import pytest
import yaml

from stance.config import load_config
from stance.link import Linker
from stance.metrics.spans import FORGIVEN
from stance.models import model_folder
from stance.pipeline import RULES
from stance.segment import segment
from stance.tag import AttributionModel, Tagger
from stance.types import Article, Doc

CASES = yaml.safe_load((Path(__file__).parent / "data" / "hard_cases.yaml").read_text(encoding="utf-8"))
EDGES = "".join(FORGIVEN)

LONE = "the first look is unsure of a lone sentence; amid an article the statement is found"
NOUN = "the model hardly knows nouns as cues"
INNER = "the statement within is not found, or found where the codebook has none"
CUT = "the model cuts content or source wrongly"
FAILING = {
    "as-put-it": LONE,
    "negated-cue-did-not-deny": LONE,
    "dialogue-dash": LONE,
    "in-the-view-of": LONE,
    "floating-before-its-speaker-returns": LONE,
    "noun-cue-criticism-of": NOUN,
    "noun-cue-demand": NOUN,
    "noun-cue-statement-that": NOUN,
    "nested-other-actor": INNER,
    "nested-own-side-once": INNER,
    "quotation-within-reported-speech": INNER,
    "quote-inside-quote": INNER,
    "reversed-guillemets": INNER,
    "bare-label": INNER,
    "cue-shared-by-content-over-sentences": CUT,
    "relative-clause-cue": CUT,
    "relative-cue-with-which": CUT,
    "resolution-condemning": CUT,
}


NESTED = """VARA, May 3 — The defence minister of Vara, Ilse Brandt, met her colleague from Orlow on Tuesday.

Brandt said the union had warned that ferries would stop.

Her spokesman said President Oleg Marsten had condemned the raid. "The premier told me that he is ready," he said.

The agency quoted the minister as saying that no date was set."""

WISH = """VARA, May 3 — The mayor of Vara, Ilse Brandt, wants to leave the council in June. She said that she was tired.

Her deputy hopes to succeed her and plans to raise the tax. The union thinks that he has no chance."""

ODD = """The mayor said: "The harbour is closed.

The ferries stopped on Monday, and 3" pipes were sold.

The union welcomed the decision. "We asked for it, its leader said.

The bridge is open."""


def labeller(scope):
    """Finds the statements of texts with the shipped model; in 32 bits, in which all processors agree."""
    model = AttributionModel.load(model_folder("attribution"), RULES[scope], "cpu", "fp32")
    tag, link = Tagger(model), Linker(model, load_config().min_score)
    return lambda articles: link(tag(segment([Doc(article) for article in articles])))


@pytest.fixture(scope="module")
def label():
    return labeller("statements")


@pytest.fixture(scope="module")
def found(label):
    """The labelled Doc of every case, by name."""
    return {doc.article.id: doc for doc in label([Article(case["name"], case["text"]) for case in CASES])}


def plain(text):
    return text and text.strip(EDGES)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(c, id=c["name"], marks=pytest.mark.xfail(strict=True, reason=FAILING[c["name"]]))
        if c["name"] in FAILING
        else pytest.param(c, id=c["name"])
        for c in CASES
    ],
)
def test_case(found, case):
    doc, text = found[case["name"]], case["text"]
    given = sorted(
        (
            [plain(span.text(text)) for span in s.content],
            plain(s.cue.text(text)) if s.cue else "",
            plain(s.source.text(text)) if s.source else "",
            s.kind,
        )
        for s in doc.statements
    )
    wanted = sorted(
        ([plain(part) for part in s["content"]], plain(s["cue"]) or "", plain(s["source"]) or "", s["kind"])
        for s in case["statements"]
    )
    assert given == wanted


def test_a_statement_within_another_knows_it(label):
    (doc,) = label([Article("nested", NESTED)])
    cues = {s.id: s.cue.text(NESTED) for s in doc.statements if s.cue}
    parents = {(cues[s.id], cues[s.parent]) for s in doc.statements if s.parent}
    assert parents >= {("had warned", "said"), ("had condemned", "said"), ("told", "said")}
    assert {"quoted", "saying"} <= set(cues.values()), "a medium's and a person's, with the same content"


def test_what_is_only_wanted_is_an_attribution_and_no_statement(label):
    (said,), (held,) = (own([Article("wish", WISH)]) for own in (label, labeller("attributions")))
    said, held = ({s.cue.text(WISH) for s in doc.statements if s.cue} for doc in (said, held))
    assert "said" in said & held
    assert "wants" in held - said


def test_an_odd_number_of_marks_swallows_nothing(label):
    (doc,) = label([Article("odd", ODD)])
    contents = [s.content_text(ODD) for s in doc.statements]
    assert any("The harbour is closed" in own for own in contents)
    assert any("the decision" in own for own in contents)
    assert any("We asked for it" in own for own in contents)
    for own in contents:
        assert "pipes" not in own
        assert "bridge" not in own


def test_cases_are_many_and_most_pass():
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) >= 100
    assert set(FAILING) <= set(names)
    assert len(names) - len(FAILING) >= 80
