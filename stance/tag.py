"""Finds cues: the words that attribute something to somebody, and quotations that float without any.

The attribution model is one token classifier with two ways of asking. Unmarked, it tags every cue, source and
content of a window (this file). With one cue marked, it tags that cue's own source and content (`link.py`). For each
scope (whose annotation rules: the codebook's, or PolNeAR's with its beliefs and intentions) and each role it
gives five scores a word: outside, begin, inside, end, single.

Marking the predicate and tagging its arguments follows semantic role labelling as in He et al. 2017,
"Deep Semantic Role Labeling: What Works and What's Next".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from stance.encoder import Encoder, Precision, Tokens
from stance.errors import ModelError
from stance.evidence import FEATURES, WEIGHTS, Evidence, cue_rate, probability
from stance.pieces import load_pieces
from stance.text import quoted_spans
from stance.types import Cue, Doc, Span
from stance.windows import MARKED, Pieces, by_paragraph, cut

if TYPE_CHECKING:
    import numpy as np

Scope = Literal["codebook", "polnear"]
SCOPES: tuple[Scope, ...] = ("codebook", "polnear")
ROLES = ("cue", "source", "content")
TAGS = ("O", "B", "I", "E", "S")
OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
LABEL_NAMES = [f"{scope}:{role}:{tag}" for scope in SCOPES for role in ROLES for tag in TAGS]

WINDOW, OVERLAP = 320, 96
"""Pieces a window holds at the most; and shares with the next, where a paragraph is longer: 99% of attributions span
fewer than 110."""

CALIBRATION = "calibration.json"
"""By scope the weights of `stance.evidence`."""

CUES = "cues.json"
"""By scope how often a word was part of a cue in the training articles, for words that were at least thrice."""

FAVOUR = 1.0
"""Nats by which a cue is favoured when candidates are sought: the second look costs little and sees more."""

LIKELY = 0.3
"""Words that are a cue at least so often are candidates where the model does not rule it out."""

HOPELESS = 0.02
"""What it rules out: none of 159 such words in 93 articles made a statement."""

FLOATING_MIN_WORDS = 4


@dataclass(frozen=True, slots=True)
class AttributionModel:
    """The attribution model with its tokenizer, shared by the tagger and the linker."""

    encoder: Encoder
    tokenizer: Any
    scope: Scope = "codebook"
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    rates: Mapping[str, float] = field(default_factory=dict)
    _cut: dict[tuple[str, tuple[Span, ...]], Pieces] = field(default_factory=dict, repr=False)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        scope: Scope = "codebook",
        device: str | None = None,
        precision: Precision | None = None,
    ) -> AttributionModel:
        """The model of a folder, with the calibration that training fitted for the scope.

        Raises:
            ModelError: the folder holds no attribution model, or one with an unknown calibration.
        """
        encoder = Encoder(folder, "AutoModelForTokenClassification", device, precision)
        if list(encoder.config.id2label.values()) != LABEL_NAMES:
            raise ModelError(
                f"{folder} holds no attribution model: its labels are others. Give one that `stance train` wrote."
            )
        weights = _of_scope(Path(folder) / CALIBRATION, scope) or WEIGHTS
        if set(weights) != {*FEATURES, "intercept"}:
            raise ModelError(
                f"{Path(folder) / CALIBRATION} was fitted for another version of stance. "
                "Fit it again with stance.train.attribution.finish, or train the model again."
            )
        return cls(encoder, load_pieces(folder), scope, weights, _of_scope(Path(folder) / CUES, scope))

    def probability(self, evidence: Evidence) -> float:
        """How likely a statement is right of which so much is known."""
        return probability(evidence, self.weights)

    def pieces(self, docs: Sequence[Doc]) -> list[Pieces]:
        """The word pieces of articles. Those of the last call are remembered, for the stage that follows."""
        keys = [(doc.article.text, doc.paragraphs) for doc in docs]
        found = {key: self._cut.get(key) or cut(*key, self.tokenizer) for key in keys}
        self._cut.clear()
        self._cut.update(found)
        return [found[key] for key in keys]

    def scores(self, pieces: Sequence[Pieces], views: Sequence[tuple[int, range, range]]) -> list[np.ndarray]:
        """Log-probabilities for windows of articles.

        Args:
            pieces: the articles.
            views: for each window the article's index, the window, and the range of pieces to mark (may be empty).

        Returns:
            For each view an array [pieces in the window, roles, tags] of log-probabilities.
        """
        cls_id, sep_id = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        inputs = []
        for doc, window, marked in views:
            own = pieces[doc]
            types = own.types[window.start : window.stop]
            for i in marked:
                types[i - window.start] |= MARKED
            inputs.append(Tokens([cls_id, *own.ids[window.start : window.stop], sep_id], [0, *types, 0]))
        first = SCOPES.index(self.scope) * len(ROLES) * len(TAGS)

        def pick(output: Any, mask: Any) -> Any:
            logits = output.logits[..., first : first + len(ROLES) * len(TAGS)].float()
            return logits.unflatten(-1, (len(ROLES), len(TAGS))).log_softmax(-1)

        return [scores[1:-1] for scores in self.encoder.run(inputs, pick)]


def _of_scope(path: Path, scope: Scope) -> dict[str, float]:
    if not path.is_file():
        return {}
    return dict(json.loads(path.read_text(encoding="utf-8")).get(scope, {}))


class Tagger:
    """The stage that fills `Doc.cues`."""

    def __init__(self, model: AttributionModel) -> None:
        self.model = model

    def __call__(self, docs: list[Doc]) -> list[Doc]:
        pieces = self.model.pieces(docs)
        views = [
            (i, window, range(0))
            for i, (doc, own) in enumerate(zip(docs, pieces, strict=True))
            for window in by_paragraph(own, doc.paragraphs, WINDOW, OVERLAP)
        ]
        merged = _merge(pieces, views, self.model.scores(pieces, views))
        return [
            replace(doc, cues=_cues(doc, own, scores, self.model.rates))
            for doc, own, scores in zip(docs, pieces, merged, strict=True)
        ]


def _merge(
    pieces: Sequence[Pieces], views: Sequence[tuple[int, range, range]], scores: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """One array an article: where windows overlap, the one in which a piece lies farther from the edge counts."""
    import numpy as np

    merged = [np.zeros((len(own), len(ROLES), len(TAGS)), np.float32) for own in pieces]
    margins = [np.full(len(own), -1) for own in pieces]
    for (doc, window, _), own in zip(views, scores, strict=True):
        margin = np.minimum(np.arange(len(window)), np.arange(len(window))[::-1])
        better = margin > margins[doc][window.start : window.stop]
        merged[doc][window.start : window.stop][better] = own[better]
        margins[doc][window.start : window.stop][better] = margin[better]
    return merged


def _cues(doc: Doc, pieces: Pieces, scores: np.ndarray, rates: Mapping[str, float]) -> tuple[Cue, ...]:
    """Candidates for cues, for the linker to judge, and floating quotations."""
    import numpy as np

    if not len(pieces):
        return ()
    heads = np.flatnonzero(pieces.heads)
    own = scores[heads, 0]
    certainty = 1 - np.exp(own[:, OUTSIDE])
    words = [pieces.span(int(head), int(head)) for head in heads]
    known = [
        (n, n)
        for n, span in enumerate(words)
        if certainty[n] >= HOPELESS and cue_rate(span.text(doc.article.text), rates) >= LIKELY
    ]
    likely = decode([own])[0]
    favoured = decode([own - np.array([FAVOUR, 0, 0, 0, 0], np.float32)])[0]
    cues = [
        Cue(Span(words[first].start, words[last].end), float(certainty[first : last + 1].mean()))
        for first, last in _apart([*likely, *favoured, *known])
    ]
    inside = np.where(pieces.heads, 1 - np.exp(scores[:, 2, OUTSIDE]), np.nan)
    sure = [cue for cue in cues if cue.score > 0.5]
    cues += _floating(doc, pieces, inside, sure)
    return tuple(sorted(cues, key=lambda cue: cue.span))


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that overlap none before them."""
    taken: set[int] = set()
    kept = []
    for first, last in spans:
        if taken.isdisjoint(range(first, last + 1)):
            kept.append((first, last))
            taken.update(range(first, last + 1))
    return kept


def _floating(doc: Doc, pieces: Pieces, inside: np.ndarray, cues: list[Cue]) -> list[Cue]:
    """Quoted paragraphs without a cue of their own that the model takes for content.

    Args:
        doc: the article.
        pieces: its pieces.
        inside: for each piece the probability of being content, NaN where it does not begin a word.
        cues: those found in the article.
    """
    import numpy as np

    text, found = doc.article.text, []
    for paragraph in doc.paragraphs:
        for quote in quoted_spans(text, (paragraph,)):
            rest = paragraph.text(text).replace(quote.text(text), "").strip(" .,")
            if rest or len(quote.text(text).split()) < FLOATING_MIN_WORDS:
                continue
            if any(cue.span.overlaps(paragraph) and not quote.contains(cue.span) for cue in cues):
                continue
            score = float(np.nanmean(inside[pieces.covered(quote)]))
            if score > 0.5:
                found.append(Cue(quote, score, floating=True))
    return found


def decode(
    scores: Sequence[np.ndarray], penalty: float = 0.0, at_most_one: bool = False
) -> list[list[tuple[int, int]]]:
    """The most probable well-formed spans under begin/inside/end/single tags (Viterbi).

    Args:
        scores: for each sequence an array [words, tags] of log-probabilities, in the order of `TAGS`.
        penalty: what each span costs, in nats; it keeps one doubtful word from cutting a span in two.
        at_most_one: whether a sequence may hold one span at the most.

    Returns:
        For each sequence its spans as (first word, last word), both included.
    """
    import numpy as np

    if not scores:
        return []
    tags = [OUTSIDE, BEGIN, INSIDE, END, SINGLE, OUTSIDE]  # the last state is "outside, after the only span"
    after = 5 if at_most_one else OUTSIDE
    follow = {OUTSIDE: [OUTSIDE, BEGIN, SINGLE], BEGIN: [INSIDE, END], INSIDE: [INSIDE, END], 5: [5]}
    follow[END] = follow[SINGLE] = [after] if at_most_one else [OUTSIDE, BEGIN, SINGLE]
    moves = np.full((6, 6), -1e9, np.float32)
    for state, nexts in follow.items():
        moves[state, nexts] = 0
    moves[:, [BEGIN, SINGLE]] -= penalty
    lengths = np.array([len(s) for s in scores])
    emit = np.zeros((len(scores), max(1, lengths.max()), 5), np.float32)
    for i, own in enumerate(scores):
        emit[i, : len(own)] = own
    emit = emit[:, :, tags]
    best = emit[:, 0] + np.array([0, -penalty, -1e9, -1e9, -penalty, -1e9], np.float32)
    back = np.zeros((len(scores), emit.shape[1], 6), np.int8)
    for t in range(1, emit.shape[1]):
        paths = best[:, :, None] + moves
        back[:, t] = paths.argmax(1)
        stepped = paths.max(1) + emit[:, t]
        best = np.where((t < lengths)[:, None], stepped, best)
    best[:, [BEGIN, INSIDE]] = -1e9
    return [_walk(back[i], int(best[i].argmax()), n) for i, n in enumerate(lengths)]


def _walk(back: np.ndarray, state: int, length: int) -> list[tuple[int, int]]:
    """Follow the back pointers from the last word and collect the spans."""
    spans, end = [], 0
    for t in range(length - 1, -1, -1):
        if state == SINGLE:
            spans.append((t, t))
        elif state == END:
            end = t
        elif state == BEGIN:
            spans.append((t, end))
        state = int(back[t, state])
    return spans[::-1]
