"""Titles and appositions of a person, and the country or body that they speak for."""

from __future__ import annotations

import re
from bisect import bisect_right

from stance.resolve import countries as geo
from stance.resolve.bodies import known_bodies
from stance.resolve.names import Word
from stance.resolve.registry import Registry
from stance.resolve.words import BODIES, DETERMINERS, ORG_WORDS, ROLES, TITLES

_APPOSITION = re.compile(
    r"(?:who (?:is|was|serves as|served as|heads|leads) )?"
    r"((?:(?:the|a|an|its|his|her|their|then|one of)\s)?[^,.;:()\n“”\"]{3,130}(?:(?<=[A-Z])\.[^,.;:()\n“”\"]{0,60})*)"
)
_PREPOSITIONS = frozenset("of for in among at to on with from by near".split())
_ABROAD = re.compile(r"\b(?:to|in|on|for|with|from|against|near)\s(?:the\s)?(?:[a-z]+\s)?$")
_DEMOCRAT = re.compile(
    r"(?<!Social )(?<!Free )(?<!Christian )(?<!Liberal )"
    r"\b(?:Democrats?\b|Democratic (?=[a-z]|Sen|Rep|Gov|Congress|House|Senate|Mayor|President|Leader|National|Whip))"
)
_KIN = frozenset("son sons daughter daughters wife husband brother sister father mother widow friend friends".split())
_FIRST_LINK = re.compile(r"\s(?:of|for|to|at|on|in|with)\s")
_INSTITUTE = re.compile(
    r"\b(?:at|of|for|from|with|in)\s(?:the\s)?(?:[a-z-]+\s){0,2}([A-ZÀ-Þ][\w’'.&-]*(?:\s(?:(?:of|for|and|on|the|in)\s)*[A-ZÀ-Þ][\w’'.&-]*)*)"
)
_DESCRIBED = re.compile(r"(\b(?:at|of|for|from|with) (?:the )?)([A-Z][a-z]+) (?:[a-z-]+ ){1,2}(?=[A-Z])")
_OF_BODY = re.compile(
    r"\s(?:of|from|at|with) (?:the )?([A-ZÀ-Þ][\w’'&-]*(?: (?:(?:of|for|and|on|the) )*[A-ZÀ-Þ][\w’'&-]*)+)"
)
_ABROAD_BODY = re.compile(r"(?:Embassy|Consulate|Mission|Office|Chamber of Commerce|American Institute)$")
_MISSION = re.compile(
    r"\b(?:at|of|with|from) (?:the )?([A-Z][\w'.]*(?: [A-Z][\w'.]*)?) (?:[Ee]mbassy|[Cc]onsulate|[Mm]ission)\b"
)
_STAFF = frozenset(
    "spokesman spokeswoman spokesperson lawyer executive manager economist scientist analyst attorney editor ceo "
    "founder chairman chairwoman correspondent reporter columnist strategist researcher".split()
)
_STAFF_NOUNS = "|".join(sorted(_STAFF | {"editor-in-chief", "co-founder"}))
_HOUSES = frozenset("parliament congress duma rada senate knesset assembly bundestag court house".split())
_STATE = frozenset("ministry department office embassy police army military government house".split())
_LINKS = frozenset("of for to at on in the".split())
_NOT_APPOSITION = frozenset(
    "said who which and but as told when while after saying adding that where whose with in on at".split()
)
_VERBS = frozenset("said told says met has will was is had would could are were added stressed noted whose".split())

OFFICES = frozenset(
    "president minister chancellor premier secretary ambassador general envoy adviser advisor senator "
    "king governor spokesman spokeswoman spokesperson official commander admiral lawmaker congressman "
    "prosecutor representative diplomat vice-premier leader speaker deputy minister pm colonel "
    "lieutenant major captain secretary-general queen prince congresswoman mp mep legislator "
    "undersecretary commissioner director-general negotiator attorney-general consul mayor".split()
)
"""Roles that speak for their country."""

HEADS = frozenset("president prime premier chancellor king queen sheikh emir sultan crown taoiseach".split())
"""Words of titles that in one government's own report mostly belong to its guests."""

LEADERS = frozenset(
    "president premier chancellor king queen leader prince emir sultan pm chairman presidents pope sheikh".split()
)
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
    chunk: list[Word] = []
    while at >= 0 and last - at < 16 and _in_title(text, tokens, at):
        chunk.insert(0, tokens[at])
        at -= 1
    chunk = _own_title(chunk, comma)
    if not chunk or (comma and chunk[0].lower not in TITLES and not chunk[0].capital):
        return ""
    return text[chunk[0].start : chunk[-1].end]


def _own_title(chunk: list[Word], apposed: bool) -> list[Word]:
    """The part of the words before a name that is its title: "war of | President", "spokesman for |" (none of it)."""
    if not chunk or chunk[-1].lower in _LINKS:
        return []
    segments: list[list[Word]] = [[]]
    for word in chunk:
        if word.lower in _LINKS and word.text.islower():
            segments.append([])
        segments[-1].append(word)
    if apposed:  # "the director general of the Department of Trade, Ann Clay"
        first = next((i for i, segment in enumerate(segments) if segment and segment[-1].lower in ROLES), len(segments))
        kept = [word for segment in segments[first:] for word in segment]
    else:
        kept = segments.pop()
        while segments and segments[-1] and _goes_on(segments[-1][-1], kept):
            kept = segments.pop() + kept
    while kept and (kept[0].lower in DETERMINERS or kept[0].lower in _LINKS):
        kept = kept[1:]
    return kept if any(role_words(w.lower) & ROLES for w in kept) else []


def _has_office(words: list[Word]) -> bool:
    """Whether words hold an office of their own, so that what stands before is another's: "sister of | President"."""
    return any(w.lower in ROLES and w.lower != "charge" for w in words)


def _goes_on(word: Word, kept: list[Word]) -> bool:
    """Whether a title can go on with "of" after a word: "Minister | of Trade", "Bureau | of Mines spokesman"."""
    if word.capital and word.lower in ORG_WORDS:
        return True
    return (word.lower in ROLES or word.lower in _LINKS) and not _has_office(kept)


def _in_title(text: str, tokens: list[Word], at: int) -> bool:
    word, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and following.text != "," and text[word.end : following.start].strip(" \xa0'’s"):
        return False
    low = word.lower
    if low in ("said", "told", "says"):
        return False
    return low in TITLES or low in BODIES or low in _LINKS or word.capital or low.endswith("-based")


def apposition(text: str, end: int) -> str:
    """The role that follows a name: "director of the Office" in "Ann Clay, director of the Office, said"; or ""."""
    after = text[end : end + 200]
    of = re.match(r"\sof\s(?:the\s)?", after)
    if of:
        place = next(iter(geo.mentions(after[: of.end() + 30])), None)
        if place is not None and place.start == of.end() and place.how == "name":
            return f"of {place.text}"
        state = geo.city_country(after[of.end() : of.end() + 20])
        if state:
            return f"of {state}"
    belongs = _OF_BODY.match(after)
    if belongs and any(w.lower() in ORG_WORDS for w in belongs.group(1).split()):
        return f"member of {belongs.group(1)}"
    opened = re.match(r",\s|\s\(|\s[–—-]\s", after)
    if opened is None:
        return ""
    match = _APPOSITION.match(after, opened.end())
    if match is None:
        return ""
    words = match.group(1).split()
    before_link = next((i for i, w in enumerate(words) if i and w.lower() in _PREPOSITIONS), len(words))
    heads = [i for i, w in enumerate(words[:before_link]) if i < 12 and role_words(w) & ROLES]
    origin = len(words) > 2 and words[0].lower() in ("a", "an") and words[1] in geo.adjectives()
    if origin and not heads and words[2].islower() and not any(w in _VERBS for w in words[:3]):
        return f"{words[1]} {words[2]}"
    if not heads or words[0].lower() in _NOT_APPOSITION or any(w in _VERBS for w in words[: heads[-1] + 1]):
        return ""
    following = words[heads[-1] + 1] if heads[-1] + 1 < len(words) else ""
    if following[:1].isupper() and following.lower() not in TITLES:
        return ""
    role = re.split(r"\s(?:said|told|says|who|has|was|is|added|stressed|noted|will|which)\b", match.group(1))[0]
    return re.sub(r"^(?:the|a|an)\s", "", role).strip()


def _party(role: str, words: set[str]) -> str:
    """The union or party that a title names: "European Commissioner", "Democratic senator"."""
    if ("commissioner" in words and "European" in role) or "High Representative" in role:
        return "European Union"
    if words & {"democrat", "democratic", "republican"} and not words & {"president", "chairman"}:
        if re.search(r"\bRepublicans?\b(?! Guard)", role):
            return "Republican Party"
        if _DEMOCRAT.search(role):
            return "Democratic Party"
    party = re.search(
        r"\bof (?:the|its|his) (?:main |largest )?(?:opposition|ruling|governing) ([A-ZÀ-Þ]\w+(?:\s[A-ZÀ-Þ]\w+)*)", role
    )
    party = party or re.match(r"((?:[A-ZÀ-Þ]\w+\s)+Party) (?:lawmaker|leader|politician|member|spokes)", role)
    if party:
        return party.group(1)
    return ""


def _without_country(role: str) -> str:
    """A title without the country that opens it: "People's Republic of China | Vice Minister of Trade"."""
    opening = next((m for m in geo.mentions(role) if role[: m.start] in ("", "the ", "The ", "People's ")), None)
    return role[opening.end :] if opening is not None else role


def _mission(role: str) -> str:
    """The country whose embassy somebody works at: "attaché at the Swedish embassy in Lima" → Sweden."""
    mission = _MISSION.search(role)
    sender = next(iter(geo.mentions(mission.group(1))), None) if mission else None
    return sender.country if sender is not None else ""


def affiliation_of(role: str, registry: Registry) -> str:
    """The country or body that a title speaks for ("U.S. ambassador to China" → United States); "" for none."""
    role = role.replace("’", "'")
    words, own = role_words(role), role_words(_FIRST_LINK.split(_without_country(role))[0])
    office = bool(own & OFFICES) or bool(words & {"member", "judge"} and words & _HOUSES)
    party = _party(role, words) or _mission(role)
    if party:
        return party
    spoken_for = re.search(r"\bspokes\w+\s(?:for|of|from)\s(?:the\s)?(.+)$", role)
    if spoken_for:
        return _client(spoken_for.group(1), registry)
    if own & _KIN:
        return ""
    bodies = known_bodies(role, registry)
    places = [m for m in geo.mentions(role) if not any(b.start <= m.start < b.end for b in bodies)]
    # "Security Council of the Russian Federation" is a country's, whatever body bears the plain name
    owned = r"\s+of\s+(?:the\s+)?"
    bodies = [b for b in bodies if not any(re.fullmatch(owned, role[b.end : m.start]) for m in places)]
    direct = [m for m in places if not _ABROAD.search(role[: m.start])]
    posted = re.search(r"\b(?:ambassador|envoy|representative)\s(?:to|in|at|on)\b", role, re.IGNORECASE)
    if posted:
        bodies = [b for b in bodies if b.start < posted.start()]
        direct = [m for m in direct if m.start < posted.start()]
    if office and direct and (not bodies or direct[0].start < bodies[0].start or words & {"ambassador", "envoy"}):
        return direct[0].country
    if bodies and bodies[0].known is not None:
        known = bodies[0].known
        same = known.affiliation == known.name or office
        return known.affiliation if same else known.name
    if not office:
        named = institute(role) or (_employer(role) if words & _STAFF else "")
        if named and (not direct or any(w.lower() in ORG_WORDS for w in named.split()) or not _employer(role)):
            return named
    if direct:
        return direct[0].country
    return _employer(role) if words & _STAFF else ""


def _client(name: str, registry: Registry) -> str:
    """Whom a spokesman for somebody speaks for."""
    known = known_bodies(name, registry)
    places = geo.mentions(name)
    if known and known[0].known is not None and not (places and places[0].start < known[0].start):
        return known[0].known.affiliation
    if places:
        return places[0].country
    found = re.match(r"[A-ZÀ-Þ][\w’'.&-]*(?:\s(?:(?:of|for|and|the)\s)?[A-ZÀ-Þ][\w’'.&-]*)*", name)
    if found is None or any(w.lower() in _STATE | ROLES | TITLES for w in found.group().split()):
        return ""
    return re.sub(r"['’]s?$", "", found.group())


def institute(role: str) -> str:
    """The body that somebody works at: "professor of law at Fudan University" → Fudan University."""
    role = _DESCRIBED.sub(lambda m: m.group(1) if m.group(2) in geo.adjectives() else m.group(), role)
    for found in _INSTITUTE.finditer(role):
        name = re.sub(r"^(?:[A-Z][\w.]*\s)*[A-Z][\w.]*-based\s", "", re.split(r"(?<=['’]s)\s", found.group(1))[0])
        inner = name.rpartition(" in ")[0]
        name = inner if inner and not _ABROAD_BODY.search(inner) else name
        name = re.sub(r"['’]s$", "", name).rstrip(".")
        name = re.sub(r"(?:\s(?:MP|MEP|President|Chairman|Director|Professor))+$", "", name)
        country = geo.country_named(name)
        if country:
            return country
        words = name.split()
        if any(w.lower() in ("ministry", "department", "embassy") for w in words):
            return ""
        owner = geo.adjectives().get(words[0])
        if owner and words[-1] in (
            "Council",
            "Parliament",
            "Army",
            "Navy",
            "Senate",
            "Assembly",
            "Government",
            "Command",
        ):
            return owner
        if words[0] in ("Staff", "Latin", "Middle", "Eastern", "Western", "European", "President"):
            continue
        if len(words) > 1 and not all(w.lower() in TITLES for w in words) and name not in geo.adjectives():
            return name
        if len(words) == 1 and len(name) > 2 and name not in geo.adjectives() and name.lower() not in TITLES:
            single = name.isupper() or not re.search(rf"{re.escape(name)}\s(?!and\b|who\b|in\b)[a-z]", role)
            if single and not name.startswith("European"):
                return name
    return ""


def _employer(role: str) -> str:
    """The body that a spokesman speaks for: "Boeing spokesman" → Boeing."""
    found = re.match(rf"((?:[A-ZÀ-Þ][\w’'.&-]*\s)+?)(?:(?:[Cc]hief|[Ss]enior|[a-z-]+)\s)*(?i:{_STAFF_NOUNS})\b", role)
    if found is None:
        return ""
    name = re.sub(r"['’]s?$", "", found.group(1).strip())
    state = any(w.lower() in ROLES | _STATE or w.lower() in TITLES for w in name.split())
    return "" if state or name in ("A", "An", "The", "Its") else name
