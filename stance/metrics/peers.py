"""The scoring rules of two published systems, so that numbers can be laid beside theirs.

They are reproduced as they are, with what is odd about them: greedy matching, and a blank speaker counted as right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from stance.metrics.counts import PRF, Count, Share
from stance.metrics.spans import PARTS, Content, overlaps, part
from stance.types import Doc, Span, Statement

_TOKEN = re.compile(r"\w+|[^\w\s]")


def gender_gap_tracker(gold: Doc, predicted: Doc) -> dict[str, Count]:
    """Counts by the rules of GenderGapTracker (Asr et al. 2021; evaluate_quotes.py).

    A quote is one stretch from the first to the last character of its content. For each gold quote in turn the
    remaining prediction that covers most of it is taken, if it covers more than 0.3 (or 0.8) of its characters. Of
    those taken (at 0.3) the speaker is right when the sources share a character, or when the prediction floats
    and gold has no source; the verb when the cues are the same but for case.

    Names: "ggt.quotes30", "ggt.quotes80" (F1), "ggt.speaker", "ggt.verb" (shares).
    """
    text = gold.article.text
    left, right = sorted(gold.statements, key=_position), sorted(predicted.statements, key=_position)
    pairs = _greedy(left, right, 0.3)
    counts: dict[str, Count] = {
        "ggt.quotes30": PRF(len(pairs), len(right), len(left)),
        "ggt.quotes80": PRF(len(_greedy(left, right, 0.8)), len(right), len(left)),
    }
    speaker = sum(
        (g.source is not None and p.source is not None and g.source.overlaps(p.source))
        or (g.source is None and p.source is None and p.cue is None)
        for g, p in pairs
    )
    verb = sum(_words(g, text) == _words(p, text) for g, p in pairs)
    return {**counts, "ggt.speaker": Share(speaker, len(pairs)), "ggt.verb": Share(verb, len(pairs))}


def citron(gold: Doc, predicted: Doc) -> dict[str, Count]:
    """Counts by the rules of Citron (BBC 2021; metrics.py), without its exchange of precision and recall in one row.

    Exact: cues are equal; sources, or contents, are equal where the cues overlap; "all": cue, source and content are
    equal. Quotation marks and full stops at the edge count. Each side is counted for itself: a prediction that equals
    any gold quote is right, a gold quote that no prediction equals is missed. Citron knows no quote without a cue; here
    two such quotes have the same cue. Overlap: tokens shared by any gold
    and any predicted quote, over the tokens of both (words and punctuation marks here, spaCy's tokens there).

    Names: "citron.cue", "citron.source", "citron.content", "citron.all", and ".overlap" of each.
    """
    left, right = gold.statements, predicted.statements
    tokens = [Span(*match.span()) for match in _TOKEN.finditer(gold.article.text)]
    counts: dict[str, Count] = {}
    sums = PRF()
    for name in PARTS:
        counts[f"citron.{name}"] = _exact(left, right, partial(_same_part, name=name))
        own = _shared_tokens([part(s, name) for s in left], [part(s, name) for s in right], tokens)
        counts[f"citron.{name}.overlap"] = own
        sums += own
    counts["citron.all"] = _exact(left, right, _same)
    counts["citron.all.overlap"] = sums
    return counts


def _position(statement: Statement) -> tuple[Content, Content, Content]:
    return statement.content, part(statement, "cue"), part(statement, "source")


def _greedy(
    gold: Sequence[Statement], predicted: Sequence[Statement], threshold: float
) -> list[tuple[Statement, Statement]]:
    pairs, left = [], list(predicted)
    for g in gold:
        covered = [(_covered(g, p), -number) for number, p in enumerate(left)]
        score, number = max(covered, default=(0.0, 0))
        if score > threshold:
            pairs.append((g, left.pop(-number)))
    return pairs


def _covered(gold: Statement, predicted: Statement) -> float:
    """Share of the gold quote, as one stretch, that the predicted one covers."""
    g, p = _stretch(gold), _stretch(predicted)
    return max(0, min(g.end, p.end) - max(g.start, p.start)) / len(g)


def _stretch(statement: Statement) -> Span:
    return Span(min(s.start for s in statement.content), max(s.end for s in statement.content))


def _words(statement: Statement, text: str) -> str:
    return statement.cue.text(text).lower().strip() if statement.cue else ""


def _same_part(gold: Statement, predicted: Statement, name: str) -> bool:
    if name == "cue":
        return gold.cue == predicted.cue
    met = gold.cue == predicted.cue or overlaps(part(gold, "cue"), part(predicted, "cue"))
    return met and sorted(part(gold, name)) == sorted(part(predicted, name))


def _same(gold: Statement, predicted: Statement) -> bool:
    return all(_same_part(gold, predicted, name) for name in PARTS)


def _exact(
    gold: Sequence[Statement], predicted: Sequence[Statement], same: Callable[[Statement, Statement], bool]
) -> PRF:
    right = sum(any(same(g, p) for g in gold) for p in predicted)
    missed = sum(not any(same(g, p) for p in predicted) for g in gold)
    return PRF(right, len(predicted), right + missed)


def _shared_tokens(gold: Sequence[Content], predicted: Sequence[Content], tokens: Sequence[Span]) -> PRF:
    left, right = ([_inside(content, tokens) for content in contents] for contents in (gold, predicted))
    shared = sum(len(a & b) for a in left for b in right)
    return PRF(shared, sum(map(len, right)), sum(map(len, left)))


def _inside(content: Content, tokens: Sequence[Span]) -> set[int]:
    return {i for i, token in enumerate(tokens) if any(token.overlaps(span) for span in content)}
