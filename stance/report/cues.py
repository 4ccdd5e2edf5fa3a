"""How firmly something was said, going by the words that report it, and which of these words fit after a name."""

from __future__ import annotations

import re
from typing import Literal

Force = Literal["firm", "stressed", "mild"]

STEMS: tuple[tuple[Force, str], ...] = (
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
"""Stems of cues, the most forceful first; a cue has the force of the first that it holds."""

FORCES = [(force, re.compile(rf"\b(?:{stems})\w*", re.IGNORECASE)) for force, stems in STEMS]

UNSAID = re.compile(r"\b(?:not|never|no)\b|n[’']t\b|\bby$|\b(?:is|are|was|were|been|being) \w+ed\b", re.IGNORECASE)
"""Cues of what speakers do not do, or what is done to them."""

PAST = frozenset("said told wrote spoke gave made took found felt held thought knew saw swore put went".split())
HELPERS: dict[str, bool | None] = {"has": False, "have": True, "had": None, "is": False, "are": True}
"""What may stand before a participle, and whether it asks for several speakers."""

ELSEWHERE = frozenset("at by from during after before".split())
"""A cue that ends so is followed by where or when, not by what is said."""

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
    parts = [part for part in cue.casefold().split() if part not in ADVERBS]
    if not 1 <= len(parts) <= 4 or not cue[0].islower() or parts[-1] in ELSEWHERE:
        return False
    if content.startswith("to ") and parts[0] in SAID:
        return False
    helper, head = (parts[0], parts[1]) if len(parts) > 1 and parts[0] in HELPERS else ("", parts[0])
    if helper:
        fits = HELPERS[helper] in (None, plural)
        return fits and head.endswith("ing" if helper in ("is", "are") else "ed") and len(head) > 4
    return head in PAST or (len(head) > 4 and head.endswith("ed")) or (not plural and bool(PRESENT.fullmatch(head)))
