"""Training rows of the attribution model, from annotated articles.

An article gives two kinds of rows: windows with nothing marked, tagged with every cue, source and content; and for
each attribution a window with its cue marked, tagged with that attribution alone. Words that are a cue somewhere
else but not here are marked too, so that the second look learns to refuse them. Some windows are a lone paragraph or
sentence, as short texts are and as quiet passages look, so that a cue needs no company to be found.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stance.link import LEFT, RIGHT
from stance.tag import BEGIN, END, INSIDE, OUTSIDE, OVERLAP, ROLES, SCOPES, SINGLE, WINDOW, Scope
from stance.types import Doc, Span, Statement
from stance.windows import MARKED, Pieces, around, cut, windows

IGNORED = -100
NEAR = 4
"""Pieces around a marked cue on which the cue's own tags are learned as well."""

FALSE_CUES = 0.3
"""Marked words that are no cues, as a share of the true cues."""


LONE_PARAGRAPHS, LONE_SENTENCES = 0.2, 0.12
"""Shares of the paragraphs and sentences of an article that are read alone as well."""
SHORT = 0.25
"""Share of the marked cues that are read in no more than their paragraph or their sentence."""

Made = tuple[range, range, list[list[int]]]
"""A window, its marked pieces, and [pieces][roles] tags."""


@dataclass(frozen=True, slots=True)
class Corpus:
    docs: Sequence[Doc]
    scope: Scope
    times: int = 1
    """How many copies of its rows go into an epoch."""


def rows(corpora: Iterable[Corpus], tokenizer: Any, seed: int = 13) -> list[dict[str, Any]]:
    """Training rows of all corpora: {"input_ids", "types", "labels" [pieces][roles], "scope"}."""
    out: list[dict[str, Any]] = []
    for corpus in corpora:
        pieces = [cut(doc.article.text, doc.paragraphs, tokenizer) for doc in corpus.docs]
        lexicon = {_cue_key(doc, s) for doc in corpus.docs for s in doc.statements if s.cue is not None}
        for time in range(corpus.times):
            chance = random.Random(seed + time)
            for doc, own in zip(corpus.docs, pieces, strict=True):
                made = [
                    *_plain_rows(doc, own, chance.randrange(WINDOW - OVERLAP) if time else 0),
                    *_lone_rows(doc, own, chance),
                    *_marked_rows(doc, own, lexicon, chance),
                ]
                out += [_row(own, row, tokenizer, corpus.scope) for row in made]
    return out


def _row(pieces: Pieces, made: Made, tokenizer: Any, scope: Scope) -> dict[str, Any]:
    window, marked, labels = made
    types = pieces.types[window.start : window.stop]
    for i in marked:
        types[i - window.start] |= MARKED
    edge = [[IGNORED] * len(ROLES)]
    return {
        "input_ids": [tokenizer.cls_token_id, *pieces.ids[window.start : window.stop], tokenizer.sep_token_id],
        "types": [0, *types, 0],
        "labels": edge + labels + edge,
        "scope": SCOPES.index(scope),
    }


def _plain_rows(doc: Doc, pieces: Pieces, shift: int) -> Iterator[Made]:
    """Windows over the whole article; a shift moves all but the first to other places."""
    tags = [_tags(pieces, range(len(pieces)), spans) for spans in _all_spans(doc)]
    labels = [list(row) for row in zip(*tags, strict=True)]
    for window in windows(len(pieces), WINDOW, OVERLAP):
        start = max(0, window.start - shift)
        yield range(start, min(start + WINDOW, len(pieces))), range(0), labels[start : start + WINDOW]


def _lone_rows(doc: Doc, pieces: Pieces, chance: random.Random) -> Iterator[Made]:
    """Paragraphs and sentences alone. What belongs to a cue that stands elsewhere is not to be known from them."""
    drawn = [p for p in doc.paragraphs if chance.random() < LONE_PARAGRAPHS]
    drawn += [s for s in doc.sentences if chance.random() < LONE_SENTENCES]
    for span in drawn:
        window = pieces.covered(span)[:WINDOW]
        if not window:
            continue
        inside = [s for s in doc.statements if s.cue is not None and span.start <= s.cue.start < span.end]
        outside = [s for s in doc.statements if s not in inside]
        tags = [_tags(pieces, window, spans) for spans in _all_spans(replace(doc, statements=tuple(inside)))]
        for role, spans in enumerate(_all_spans(replace(doc, statements=tuple(outside)))):
            for i, tag in enumerate(_tags(pieces, window, spans)):
                if tag not in (OUTSIDE, IGNORED) and tags[role][i] == OUTSIDE:
                    tags[role][i] = IGNORED
        yield window, range(0), [list(row) for row in zip(*tags, strict=True)]


def _all_spans(doc: Doc) -> tuple[list[Span], list[Span], list[Span]]:
    """Every cue, source and (outermost) content of an article."""
    contents = sorted({s for st in doc.statements for s in st.content}, key=lambda s: (s.start, -s.end))
    outer: list[Span] = []
    for span in contents:
        if not outer or span.start >= outer[-1].end:
            outer.append(span)
    cues = sorted({s.cue for s in doc.statements if s.cue is not None})
    sources = sorted({s.source for s in doc.statements if s.source is not None})
    return cues, sources, outer


def _marked_rows(doc: Doc, pieces: Pieces, lexicon: set[str], chance: random.Random) -> Iterator[Made]:
    true: set[int] = set()
    for statement in doc.statements:
        if statement.cue is None or not (marked := pieces.covered(statement.cue)):
            continue
        true |= set(marked)
        window = _room(doc, statement.cue, marked, pieces, chance)
        near = range(max(window.start, marked.start - NEAR), min(window.stop, marked.stop + NEAR))
        cue = _only(_tags(pieces, window, [statement.cue]), window, near)
        source = _tags(pieces, window, [statement.source] if statement.source else [])
        content = _tags(pieces, window, statement.content)
        yield window, _shaken(marked, pieces, chance), [list(row) for row in zip(cue, source, content, strict=True)]
    wrong = [i for i in range(len(pieces)) if i not in true and pieces.heads[i] and _word(doc, pieces, i) in lexicon]
    count = min(len(wrong), round(FALSE_CUES * len(doc.statements)) + 1)
    for i in chance.sample(wrong, count):
        marked = range(i, i + 1)
        window = around(marked, len(pieces), LEFT, RIGHT)
        cue = _only(_tags(pieces, window, []), window, marked)
        yield window, marked, [[tag, IGNORED, IGNORED] for tag in cue]


def _room(doc: Doc, cue: Span, marked: range, pieces: Pieces, chance: random.Random) -> range:
    """The window round a marked cue: now and then only its paragraph or sentence, as in a short text."""
    window = around(marked, len(pieces), LEFT, RIGHT)
    draw = chance.random()
    if draw >= SHORT:
        return window
    for span in doc.paragraphs if draw < SHORT / 2 else doc.sentences:
        if span.start <= cue.start < span.end:
            own = pieces.covered(span)
            # one piece more than is marked, for the mark may be moved
            start, stop = min(own.start, marked.start), max(own.stop, marked.stop + 1)
            return range(max(window.start, start), min(window.stop, stop))
    return window


def _shaken(marked: range, pieces: Pieces, chance: random.Random) -> range:
    """Now and then a word more or less, as the tagger's cues will have."""
    draw = chance.random()
    if draw < 0.08 and len(marked) > 1:
        return range(marked.start + 1, marked.stop)
    if draw < 0.12 and len(marked) > 1:
        return range(marked.start, marked.stop - 1)
    if draw < 0.16 and marked.stop < len(pieces):
        return range(marked.start, marked.stop + 1)
    return marked


def _tags(pieces: Pieces, window: range, spans: Iterable[Span]) -> list[int]:
    """Begin/inside/end/single at the heads of words; other pieces are ignored."""
    tags = [OUTSIDE if pieces.heads[i] else IGNORED for i in window]
    for span in spans:
        heads = [i - window.start for i in pieces.covered(span) if i in window and pieces.heads[i]]
        if not heads:
            continue
        for i in heads:
            tags[i] = INSIDE
        tags[heads[0]], tags[heads[-1]] = (SINGLE, SINGLE) if len(heads) == 1 else (BEGIN, END)
    return tags


def _only(tags: list[int], window: range, keep: range) -> list[int]:
    return [tag if i in keep else IGNORED for tag, i in zip(tags, window, strict=True)]


def _cue_key(doc: Doc, statement: Statement) -> str:
    """The last word of a cue that is no particle: what another such cue would look like."""
    assert statement.cue is not None
    words = [w for w in statement.cue.text(doc.article.text).lower().split() if len(w) > 3]
    return words[-1] if words else ""


def _word(doc: Doc, pieces: Pieces, i: int) -> str:
    return pieces.span(i, i).text(doc.article.text).lower()
