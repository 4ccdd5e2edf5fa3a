"""English for the prose of reports: numbers, dates, lists, names and targets as they stand inside a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from stance.report.positions import Positions, SpeakerPositions

WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()

NAMED_MOST = 3
"""Names spelt out in a list of speakers; the others are counted."""

ROLE = 60
"""Characters of a role from which it is half a sentence, and left out."""

ARTICLE = re.compile(
    r"^(?:United|Republic|Democratic Republic|People’s Republic|Kingdom|State of|Government|Ministry|Department|Office|"
    r"Embassy|Council|Organi[sz]ation) |"
    r"\b(?:States|Kingdom|Nations|Union|Emirates|Netherlands|Philippines|Maldives|Federation|Republic|House|Kremlin|"
    r"Pentagon|Council|Commission|Ministry|Department|Government|Secretariat|Committee|Parliament|Senate|Congress|"
    r"Assembly|Authority|Court|Bank|Fund|Agency|Organi[sz]ation|Association|Group|Party|Bureau|Army|Navy|Alliance|"
    r"League|Bundestag|Duma)$"
)
"""Names of countries and bodies that take "the"."""

SPELT = frozenset("US UK UAE EU UN WHO IMF WTO IAEA SCO OSCE OPCW ICC ICJ ECB DPRK PRC USA AU GCC ADB ICRC".split())
"""Initials that are read letter by letter take "the", too; those read as a word (NATO, ASEAN) do not."""

FAMILY_FIRST = frozenset(
    "China,Taiwan,Hong Kong,Macao,Vietnam,North Korea,South Korea,Japan,Hungary,Cambodia,Singapore".split(",")
)
"""Where family names mostly stand first, or may: such names are given in full."""

PARTICLES = frozenset("von van der den de di da del la le bin ibn ben al el ter ten zu".split())
SUFFIX = re.compile(r",? (?:Jr|Sr|[IVX]{1,4})\.?$")


def number(n: int) -> str:
    """In words up to twelve."""
    return WORDS[n] if n < len(WORDS) else f"{n:,}"


def some(n: int, noun: str) -> str:
    """`three statements`, `one statement`."""
    return f"{number(n)} {noun}{'' if n == 1 else 's'}"


def every(n: int, noun: str) -> str:
    """`both statements`, `all five statements`."""
    return f"both {noun}s" if n == 2 else f"all {some(n, noun)}"


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`; with semicolons where a part has a comma or an "and" of its own."""
    if len(parts) < 2:
        return "".join(parts)
    nested = len(parts) > 2 and any(", " in part or " and " in part for part in parts)
    sign = "; " if nested else ", "
    return f"{sign.join(parts[:-1])}{';' if nested else ''} and {parts[-1]}"


def crowd(names: Sequence[str]) -> str:
    """The first names, and how many others: `a, b, c and four others`."""
    if len(names) <= NAMED_MOST + 1:
        return listed(names)
    return f"{', '.join(names[:NAMED_MOST])} and {number(len(names) - NAMED_MOST)} others"


def day(iso: str) -> str:
    """`2003-05-03` as `3 May 2003`."""
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%B %Y}"


def period(dates: Iterable[str | None]) -> str:
    """`on 3 May 2003`, or `between 3 May 2003 and 1 June 2004`; "" where no date is known."""
    known = sorted({found for found in dates if found})
    if not known:
        return ""
    return f"on {day(known[0])}" if len(known) == 1 else f"between {day(known[0])} and {day(known[-1])}"


def sentence(text: str) -> str:
    """A text as a sentence: single spaces, a capital first, one full stop at the end. Quoted words stay as they are."""
    text = " ".join(text.split()).removesuffix(".")
    first = next((i for i, sign in enumerate(text) if sign.isalnum()), 0)
    end = "" if re.search(r"[.?!…][”’\"']+$", text) else "."
    return f"{text[:first]}{text[first : first + 1].upper()}{text[first + 1 :]}{end}"


def full_name(speaker: SpeakerPositions) -> str:
    """A name as it stands inside a sentence, with its article."""
    return speaker.name if speaker.kind == "person" else article(speaker.name)


def article(name: str) -> str:
    """The name of a country or body, with "the" where it takes one."""
    takes = (name in SPELT or ARTICLE.search(name)) and not re.match(r"the |\S+[’']s? ", name, re.IGNORECASE)
    return f"the {name}" if takes else name


def short_name(speaker: SpeakerPositions) -> str:
    """A person's family name: the part of the name that articles use alone, else its end where that is plain."""
    if speaker.kind != "person":
        return full_name(speaker)
    parts = SUFFIX.sub("", speaker.name).split()
    if len(parts) < 2:
        return speaker.name
    alone = Counter(part for said in speaker.said for part in parts if _alone(part, parts, said.source))
    if not alone and speaker.affiliation in FAMILY_FIRST:
        return speaker.name
    end = max(range(len(parts)), key=lambda place: (alone[parts[place]], place))
    start = end
    while start > 1 and parts[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(parts[start : end + 1])


def _alone(part: str, parts: Sequence[str], source: str) -> bool:
    """Whether a source has this part of a name and no other."""
    words = re.findall(r"[\w.-]+", source.replace("’s", "").replace("'s", ""))
    return part in words and sum(other in words for other in parts) == 1


def introduced(speaker: SpeakerPositions) -> str:
    """The full name with role and affiliation, as far as known, short and not told by the name."""
    role, affiliation = speaker.role, speaker.affiliation
    role = role if len(role) <= ROLE else ""
    told = [role] if role else []
    if affiliation and affiliation not in f"{role} {speaker.name}":
        told.append(affiliation)
    return f"{full_name(speaker)} ({', '.join(told)})" if told else full_name(speaker)


def same_person(one: SpeakerPositions, other: SpeakerPositions) -> bool:
    """Whether two speakers of a run may be one person whom it did not join: one name is part of the other."""
    if one.kind != "person" or other.kind != "person":
        return False
    first, second = (set(SUFFIX.sub("", s.name).casefold().split()) for s in (one, other))
    return first <= second or second <= first


def phrase(data: Positions, target: str) -> str:
    """A target as a noun phrase; where there is none, the quoted proposition."""
    return data.phrase(target).replace("'", "’") or f"the proposition “{data.proposition(target).rstrip('.')}”"
