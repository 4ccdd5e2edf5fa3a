"""How firmly something was said, going by the words that report it, and which of these words fit after a name."""

from __future__ import annotations

import re
from typing import Literal

Force = Literal["firm", "stressed", "mild"]

FORCES: tuple[tuple[Force, re.Pattern[str]], ...] = tuple(
    (force, re.compile(rf"\b(?:{stems})\w*", re.IGNORECASE))
    for force, stems in (
        (
            "firm",
            "demand|urg(?:e|ing)|insist|vow|condemn|denounc|reject|deplor|rul(?:e[sd]?|ing) out|swor|implor|"
            "accus|strongly|categorical|unequivocal|firmly|resolute",
        ),
        (
            "stressed",
            "stress|underscor|emphasi[sz]|underlin|re-?affirm|reiterat|pledg|commit|call(?:s|ed|ing)? (?:for|on)",
        ),
        ("mild", "hope[sd]?\\b|hoping|suggest|hint|wish|think|thought|believ|consider|assum|doubt"),
    )
)
"""Stems of cues, the most forceful first; a cue has the force of its first that it holds."""

UNSAID = re.compile(r"\b(?:not|never|no)\b|n[’']t\b|\bby$|\b(?:is|are|was|were|been|being) \w+ed\b", re.IGNORECASE)
"""Cues of what speakers do not do, or what is done to them."""

PAST = frozenset("said told wrote spoke gave made took found felt held thought knew saw swore put went".split())
SAID = frozenset("said says told wrote added".split())
"""Not followed by what somebody is to do."""

ADVERBS = frozenset("also again then further once repeatedly strongly firmly later previously jointly".split())
PRESENT = re.compile(
    r"(?:say|tell|call|urge|believe|consider|stresse|emphasi[sz]e|warn|note|add|argue|claim|insist|demand|want|hope|expect|"
    r"support|oppose|reject|condemn|welcome|recogni[sz]e|(?:re)?affirm|reiterate|acknowledge|expresse|underline|underscore|"
    r"highlight|promise|pledge|vow|suggest|propose|explain|describe|predict|denie|admit|confirm|announce|declare|state|"
    r"report|point|praise|critici[sz]e|thank|seek|ask|know|see|think|agree|reserve|intend)s"
)


def force(cue: str) -> Force | None:
    """How much weight a cue puts behind the words; None for the many that tell nothing.

    >>> force("strongly condemned"), force("reaffirmed"), force("hoped"), force("said")
    ('firm', 'stressed', 'mild', None)
    """
    if UNSAID.search(cue):
        return None
    return next((found for found, pattern in FORCES if pattern.search(cue)), None)


def follows(cue: str, content: str = "", plural: bool = False) -> bool:
    """Whether a cue reads well between names and the quoted content: `agreed`, `also said`, `calls for`.

    Args:
        cue: its words.
        content: the words quoted after it.
        plural: whether there are several names.

    >>> follows("stressed"), follows("according to"), follows("was asked"), follows("believe")
    (True, False, False, False)
    """
    parts = cue.casefold().split()
    while parts and parts[0] in ADVERBS:
        parts = parts[1:]
    if not 1 <= len(parts) <= 4 or not cue[0].islower():
        return False
    head = parts[0]
    if content.startswith("to ") and head in SAID:
        return False
    return head in PAST or (len(head) > 4 and head.endswith("ed")) or (not plural and bool(PRESENT.fullmatch(head)))
