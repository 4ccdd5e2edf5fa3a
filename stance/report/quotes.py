"""Which statements a summary quotes, and which of their words: typical ones, different ones, conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from stance.report.cues import follows

if TYPE_CHECKING:
    from stance.report.evidence import Evidence

LENGTH = 180
"""Characters that a quotation has at the most, if a clause ends before."""

STRETCH = 1.6
"""How much longer it may be to end with a clause."""

SHORTEST = 40
"""A cut leaves at least so many characters."""

BALANCE = 0.7
"""Between being typical (1) and being unlike the statements already quoted (0)."""

SAME = 0.6
"""Cosine similarity from which two statements say the same thing twice."""

HANGING = re.compile(
    r"(?:he|she|it|they|him|her|them|his|its|their|this|these|those|such|here|there|and|but|so)\b", re.I
)
"""A statement that begins so speaks of what stands before it."""

CLAUSES = (
    re.compile(r"\s*;\s|(?<![A-Z])[.!?]”?\s|\s[—–-]\s|—|\s\.\.\.\s"),
    re.compile(r",\s(?=(?:and|but|or|so|which|who|while|whereas|because|since|including|when|where|with|\w+ing)\b)"),
    re.compile(r",\s"),
    re.compile(r"\s(?=(?:and|but|which|who|while|because|including|when|where|as well as|in order to)\s)"),
)
"""Where a clause may end, the best limits first."""

PAIRS = (("“", "”"), ("(", ")"), ("[", "]"))

STRICT = re.compile(
    r"\b(?:provided that|providing that|on (?:the )?conditions? that|"
    r"(?<!for )(?:as|so) long as(?! (?:(?:it|this|that) |is )?(?:takes|needed|necessary|possible))|"
    r"only (?:if|when|after|once)|unless|(?:conditional|contingent) (?:up)?on|in return for|in exchange for)\b",
    re.IGNORECASE,
)
"""What makes the words after it a condition."""

LOOSE = re.compile(
    r"(?<!as )(?<!even )(?<!what )(?<!ask )(?<!asked )(?<!see )(?<!know )(?<!wonder )(?<!only )(?<!and )\bif\b"
    r"(?! (?:not|any|anything|possible|necessary|needed|so|only|you|I)\b)",
    re.IGNORECASE,
)
"""What may make them one."""

CONDITION_END = re.compile(r"\s*(?:[,;:.!?]|\s[—–-]\s|—)|$")
CONDITION_LENGTH = (12, 140)


class Likeness:
    """How much statements are about the same: cosine of TF-IDF vectors, from 0 to 1.

    No encoder: a report is rebuilt without models, and the same run gives the same words.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._row = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True, token_pattern=r"(?u)\b\w[\w’'-]+\b")
        try:
            self._vectors = vectorizer.fit_transform(self._row)
        except ValueError:  # none of the texts has a word that tells anything
            self._vectors = None

    def matrix(self, texts: Sequence[str]) -> np.ndarray:
        """Similarities of some of the texts, [texts, texts]; each is 1 to itself."""
        if self._vectors is None:
            return np.eye(len(texts))
        own = self._vectors[[self._row[text] for text in texts]]
        found = np.asarray((own @ own.T).todense())
        np.fill_diagonal(found, 1.0)
        return found


def typical(evidence: Sequence[Evidence], likeness: Likeness, most: int) -> list[Evidence]:
    """The statements that stand for the others, each unlike those before it.

    Maximal marginal relevance (Carbonell and Goldstein 1998); a statement is relevant if it is like the others on
    average and surely labelled. Ties go to the first. Later ones that say the same again are left out.
    """
    evidence = [e for e in evidence if quotable(e)]
    if not evidence:
        return []
    alike = likeness.matrix([e.quote for e in evidence])
    others = (alike.sum(axis=1) - 1) / max(1, len(evidence) - 1)
    relevance = (
        others + 0.5 * np.array([e.confidence for e in evidence]) - 0.2 * np.array([_faults(e) for e in evidence])
    )
    chosen: list[int] = []
    while len(chosen) < min(most, len(evidence)):
        nearest = alike[:, chosen].max(axis=1) if chosen else np.zeros(len(evidence))
        worth = BALANCE * relevance - (1 - BALANCE) * nearest
        worth[chosen] = -np.inf
        worth[nearest >= SAME] = -np.inf
        best = int(worth.argmax())
        if worth[best] == -np.inf:
            break
        chosen.append(best)
    return [evidence[number] for number in chosen]


def latest(evidence: Sequence[Evidence], quoted: Sequence[Evidence], likeness: Likeness) -> Evidence | None:
    """The most recent statement, if it is later than those quoted and says something else; the best of its day."""
    dated = [e for e in evidence if e.date]
    if not dated:
        return None
    last = max(e.date or "" for e in dated)
    found = min((e for e in dated if e.date == last), key=lambda e: (_faults(e), -e.confidence, e.statement_id))
    telling = follows(found.cue) or found.kind != "indirect"
    if (
        any(e.date is None or e.date >= last for e in quoted)
        or not quotable(found)
        or not telling
        or _faults(found) > 1
    ):
        return None
    alike = likeness.matrix([found.quote, *(e.quote for e in quoted)])[0, 1:]
    return found if alike.max(initial=0.0) < SAME else None


def quotable(evidence: Evidence) -> bool:
    """Whether the words say something when they stand alone."""
    return len(re.findall(r"\w{3,}", evidence.quote)) >= 3 and balanced(evidence.quote)


def _faults(evidence: Evidence) -> int:
    """What keeps a statement from being a good example: too short or long, hanging in the air, hard to quote."""
    text = evidence.quote.removeprefix("that ")
    return (
        (not SHORTEST <= len(text) <= 2 * LENGTH)
        + bool(HANGING.match(text))
        + any(mark in text for mark in '“”"')
        + (not follows(evidence.cue))
    )


def shorten(text: str, limit: int = LENGTH) -> str:
    """The beginning of a text up to the end of a clause, at most `limit` characters where a good one ends before.

    Rather than in the middle of a sentence, it is cut somewhat later, or not at all.

    >>> shorten("that the talks should go on without conditions; everything else can wait", 60)
    'that the talks should go on without conditions'
    """
    if len(text) <= limit:
        return text
    later = int(limit * STRETCH)
    for clauses, end in ((CLAUSES[:2], limit), (CLAUSES[:2], later), ((), later), (CLAUSES[2:], limit)):
        if not clauses and len(text) <= end:
            return text
        for clause in clauses:
            cuts = [cut for found in clause.finditer(text, SHORTEST, end) if balanced(text[: (cut := found.start())])]
            if cuts:
                return text[: cuts[-1] if end == limit else cuts[0]]
    rest = [found.start() for clause in CLAUSES for found in clause.finditer(text, limit)]
    return text[: min((cut for cut in rest if balanced(text[:cut])), default=len(text))]


def balanced(text: str) -> bool:
    """Whether each quotation mark and bracket that opens is closed."""
    return text.count('"') % 2 == 0 and all(text.count(left) <= text.count(right) for left, right in PAIRS)


def condition(text: str) -> tuple[str, bool] | None:
    """The clause of a statement that makes it conditional, and whether its first words leave no doubt that it does.

    >>> condition("Norway would join the talks, provided that all sides stop firing, she said")
    ('provided that all sides stop firing', True)
    """
    for pattern, sure in ((STRICT, True), (LOOSE, False)):
        for found in pattern.finditer(text):
            end = CONDITION_END.search(text, found.end())
            clause = text[found.start() : end.start() if end else len(text)]
            low, high = CONDITION_LENGTH
            if low <= len(clause) <= high and balanced(clause):
                return clause, sure
    return None
