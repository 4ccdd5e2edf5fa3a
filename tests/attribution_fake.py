"""An attribution model that knows the answers: tests say which words are what, it gives the scores for it."""

import math
from dataclasses import dataclass, field

import numpy as np

from stance.tag import BEGIN, END, INSIDE, OUTSIDE, ROLES, SINGLE, TAGS
from stance.text import paragraphs
from stance.types import Article, Doc, Span
from stance.windows import cut


@dataclass(frozen=True)
class Attribution:
    """One answer, in words of the text."""

    cue: str | None
    source: str | None = None
    content: tuple[str, ...] = ()


@dataclass
class FakeModel:
    """Scores as `AttributionModel` gives them: `sure` is the probability of the right tag."""

    tokenizer: object
    text: str
    answers: list[Attribution]
    sure: float = 0.96
    asked: list = field(default_factory=list)
    rates: dict = field(default_factory=dict)
    scope: str = "codebook"

    def probability(self, evidence):
        """As sure as the first look."""
        return 1 / (1 + math.exp(-evidence.first_look))

    def pieces(self, docs):
        return [cut(doc.article.text, doc.paragraphs, self.tokenizer) for doc in docs]

    def scores(self, pieces, views):
        self.asked += views
        return [self._view(pieces[doc], window, marked) for doc, window, marked in views]

    def _view(self, pieces, window, marked):
        mine = [a for a in self.answers if not marked or (a.cue and marked == pieces.covered(at(self.text, a.cue)))]
        roles = (
            [a.cue for a in mine if a.cue],
            [a.source for a in mine if a.source],
            [part for a in mine for part in a.content],
        )
        probs = np.full((len(window), len(ROLES), len(TAGS)), (1 - self.sure) / (len(TAGS) - 1))
        for role, texts in enumerate(roles):
            tags = [OUTSIDE] * len(window)
            for text in texts:
                covered = pieces.covered(at(self.text, text))
                heads = [i - window.start for i in covered if i in window and pieces.heads[i]]
                for i in covered:
                    if i in window:
                        tags[i - window.start] = INSIDE
                if heads:
                    tags[heads[0]], tags[heads[-1]] = (SINGLE, SINGLE) if len(heads) == 1 else (BEGIN, END)
            probs[np.arange(len(window)), role, tags] = self.sure
        return np.log(probs).astype(np.float32)


def at(text, piece):
    """Where the only occurrence of a piece of text lies."""
    assert text.count(piece) == 1, f"{piece!r} stands {text.count(piece)} times in the text"
    return Span(text.index(piece), text.index(piece) + len(piece))


def doc_of(text, name="vara"):
    """An article whose sentences are its paragraphs' pieces between full stops."""
    blocks = paragraphs(text)
    sentences = []
    for block in blocks:
        start = block.start
        while start < block.end:
            stop = text.find(". ", start, block.end)
            end = stop + 1 if stop >= 0 else block.end
            sentences.append(Span(start, end))
            start = end + 1
    return Doc(Article(name, text), blocks, tuple(sentences))
