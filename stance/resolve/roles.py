"""Titles and appositions of a person, and the country or body that they speak for."""

from __future__ import annotations

import re
from bisect import bisect_right

from stance.resolve import countries as geo
from stance.resolve.names import Word
from stance.resolve.registry import Registry
from stance.resolve.words import BODIES, DETERMINERS, ORG_WORDS, ROLES, TITLES

_APPOSITION = re.compile(
    r"(?:who (?:is|was|serves as|served as|heads|leads) )?"
    r"((?:(?:the|a|an|its|his|her|their|then|one of)\s)?[^,.;:()\n“”\"]{3,130}(?:\.[^,.;:()\n“”\"]{1,60})*)"
)
_LINKS = frozenset("of for to at on in the".split())
_NOT_APPOSITION = frozenset("said who which and but as told when while after saying adding that where whose with in on at".split())
_VERBS = frozenset("said told says met has will was is had would could are were added stressed noted whose".split())

OFFICES = frozenset(
    "president minister chancellor premier secretary ambassador general envoy adviser advisor senator king governor "
    "spokesman spokeswoman spokesperson official commander admiral lawmaker congressman prosecutor representative "
    "diplomat vice-premier leader speaker deputy minister pm colonel lieutenant major captain secretary-general queen "
    "prince congresswoman mp mep legislator undersecretary negotiator attorney-general consul mayor".split()
)
"""Roles that speak for their country."""

LEADERS = frozenset("president premier chancellor king queen leader prince emir sultan pm chairman presidents pope sheikh".split())
"""Roles of heads of state and government ("prime minister" is tested apart)."""


def role_words(role: str) -> set[str]:
    """The lower-case words of a title, singular and plural alike."""
    found = set(re.findall(r"[\w-]+", role.lower()))
    return found | {w[:-1] for w in found if w.endswith("s") and w[:-1] in ROLES}


def title_before(text: str, tokens: list[Word], starts: list[int], name_start: int) -> str:
    """The title that stands before a name: "Chinese foreign ministry spokeswoman"; "" for none."""
    last = bisect_right(starts, name_start - 1) - 1
    comma = last >= 0 and tokens[last].text == ","
    at = last - 1 if comma else last
    first = at + 1
    while at >= 0 and last - at < 16 and _in_title(text, tokens, at):
        first = at
        at -= 1
    while first <= last and (tokens[first].lower in DETERMINERS or tokens[first].lower in _LINKS):
        first += 1
    chunk = [w for w in tokens[first : last + 1] if w.text != ","]
    if not any(w.lower in ROLES or role_words(w.lower) & ROLES for w in chunk):
        return ""
    if comma and chunk[0].lower not in TITLES and not chunk[0].capital:
        return ""
    return text[chunk[0].start : chunk[-1].end]


def _in_title(text: str, tokens: list[Word], at: int) -> bool:
    word, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and following.text != "," and text[word.end : following.start].strip(" \xa0'’s"):
        return False
    low = word.lower
    if low in ("said", "told", "says"):
        return False
    return low in TITLES or low in BODIES or low in ORG_WORDS or low in _LINKS or word.capital or low.endswith("-based")


def apposition(text: str, end: int) -> str:
    """The role that follows a name: "director of the Office" of "Wang Yi, director of the Office, said"; "" for none."""
    after = text[end : end + 200]
    opened = re.match(r",\s|\s\(|\s[–—-]\s", after)
    if opened is None:
        return ""
    match = _APPOSITION.match(after, opened.end())
    if match is None:
        return ""
    words = match.group(1).split()
    heads = [i for i, w in enumerate(words[:12]) if role_words(w) & ROLES]
    if not heads or words[0].lower() in _NOT_APPOSITION or any(w in _VERBS for w in words[: heads[0] + 1]):
        return ""
    role = re.split(r"\s(?:said|told|says|who|has|was|is|added|stressed|noted|will|which)\b", match.group(1))[0]
    return re.sub(r"^(?:the|a|an)\s", "", role).strip()


def affiliation_of(role: str, registry: Registry) -> str:
    """The country or body that a title speaks for: "U.S. ambassador to China" → United States; "" where it says none."""
    words = role_words(role)
    office = bool(words & OFFICES)
    bodies = [known for part in _parts(role) if (known := registry.organization(part)) is not None]
    places = geo.mentions(role)
    direct = [
        m for m in places
        if not re.search(r"\b(?:to|in|on|for|with|from|against|near)\s(?:the\s)?(?:[a-z]+\s)?$", role[: m.start]) and not _within(m, bodies, role)
    ]  # fmt: skip
    if "ambassador" in words or "envoy" in words:
        posted = re.search(r"\b(?:ambassador|envoy|representative)\s(?:to|in|at)\b", role, re.IGNORECASE)
        if posted and not any(m.start < posted.start() for m in direct):
            direct = []
    if bodies and not (direct and office and direct[0].start < role.find(bodies[0].name)):
        first = bodies[0]
        return first.affiliation if office or first.affiliation != first.name else first.name
    if direct:
        return direct[0].country
    institute = re.search(r"\b(?:at|of|for|from|with|in)\s(?:the\s)?((?:[A-ZÀ-Þ][\w’'.&-]*)(?:\s(?:(?:of|for|and|on|the|in)\s)*[A-ZÀ-Þ][\w’'.&-]*)*)", role)
    if institute and not office and not geo.mentions(institute.group(1)):
        return institute.group(1).rstrip(".")
    if institute and not office:
        return institute.group(1).rstrip(".") if geo.country_named(institute.group(1)) is None else geo.country_named(institute.group(1)) or ""
    return ""


def _within(mention: geo.CountryMention, bodies: list[object], role: str) -> bool:
    return any(mention.text in getattr(known, "name", "") for known in bodies)


def _parts(role: str) -> list[str]:
    """Stretches of a title that may name a body."""
    found = re.findall(r"(?:[A-Z][\w.’'-]*(?:\s(?:of|for|and|the)\s(?=[A-Z])|\s(?=[A-Z]))?)+", role)
    parts = [f.strip() for f in found]
    parts += [re.sub(r"['’]s$", "", f) for f in parts]
    for part in list(parts):
        words = part.split()
        parts += [" ".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1) if j - i < len(words)]
    return parts
