"""The organisations of an article: known to the registry, explained as acronyms, or merely capitalised."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from stance.resolve import countries as geo
from stance.resolve.names import Run
from stance.resolve.registry import Known, Registry, plain
from stance.resolve.words import BODIES, BODY_KINDS, NOT_NAMES, ORG_WORDS, ROLES

_EXPLAINED = re.compile(r"\(([A-Z][A-Za-z&.-]{1,9})\)")
_LONGER = re.compile(r"(?:National|Supreme|Federal|Regional|Higher|Central|Peace and)\s$")
_KIND = re.compile(rf"\b(?:{'|'.join(sorted(BODY_KINDS))})\s$")
_CAPITALS = re.compile(r"(?:(?:[A-Z]\.)+|[A-ZÀ-Þ][\w’'-]*)(?: (?:(?:[A-Z]\.)+|[A-ZÀ-Þ][\w’'-]*))*")
_HOLDER = re.compile(r" (?:president|prime minister|presidency|government|parliament|premier|king)\b")
_CONTINUED = re.compile(r"\s(?:of|for|on|and|de|in)\s(?:the\s)?(?=[A-ZÀ-Þ])")


@dataclass(frozen=True, slots=True)
class Body:
    start: int
    end: int
    name: str
    known: Known | None


def known_bodies(text: str, registry: Registry) -> list[Body]:
    """Where the text names bodies of the registry, longest names first."""
    return [
        Body(m.start(), m.end(), m.group(), registry.organization(m.group()))
        for m in _pattern(registry).finditer(text)
        if not _LONGER.search(text[max(0, m.start() - 12) : m.start()])
    ]


@lru_cache(maxsize=8)
def _pattern(registry: Registry) -> re.Pattern[str]:
    forms = {form for known in registry.organizations for form in (known.name, *known.aliases) if form[0].isupper()}
    ordered = sorted((re.escape(form) for form in forms), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(ordered or ["(?!)"]) + r")(?!\w)")


def acronyms(text: str) -> dict[str, str]:
    """What the text's bracketed acronyms stand for: {"KMT": "Kuomintang"}."""
    found: dict[str, str] = {}
    for match in _EXPLAINED.finditer(text):
        before = re.search(
            r"((?:[A-ZÀ-Þ][\w’'.-]*(?:,?\s(?:of|for|the|on|and|de|in|to)\b)*,?\s){1,9})$",
            text[max(0, match.start() - 110) : match.start()],
        )
        if before is None:
            continue
        words = before.group(1).split()
        letters = [c for c in match.group(1) if c.isupper()]
        capitals = [i for i, w in enumerate(words) if w[0].isupper()]
        if len(letters) > len(capitals) + 2:
            continue
        start = (
            capitals[-len(letters)]
            if len(letters) <= len(capitals) and words[capitals[-len(letters)]][0] == letters[0]
            else next((i for i in capitals if words[i][0] == letters[0]), capitals[0])
        )
        found.setdefault(match.group(1), " ".join(words[start:]).strip(" ,"))
    return found


def capitalised_bodies(text: str, runs: list[Run], known: list[Body]) -> list[Body]:
    """Runs of capitals with a word such as Ministry or Institute, with "of ..." where the name goes on."""
    found = []
    starts = [b.start for b in known]
    for run in runs:
        words = run.words
        told = _kind_before(text, words[0].start) and not run.titles
        if not told and (
            not any(w.lower in ORG_WORDS or w.lower in BODIES for w in words) or len(words) + len(run.name) < 2
        ):
            continue
        if any(w.lower in ROLES for w in words):
            continue
        at = bisect_left(starts, words[0].start)
        if at < len(known) and known[at].start == words[0].start and known[at].end >= words[-1].end:
            continue
        based = [i for i, w in enumerate(words[:-1]) if w.lower.endswith(("-based", "-backed", "-led", "-run"))]
        words = words[based[-1] + 1 :] if based else words
        whole = _CAPITALS.match(text, words[0].start) if told else None
        end = max(words[-1].end, whole.end() if whole else 0)
        if not words[-1].possessive:
            end = continued(text, end)
        found.append(Body(words[0].start, end, text[words[0].start : end], None))
    return found


def _kind_before(text: str, start: int) -> bool:
    """Whether a noun right before a name says that it is a body's: "the advocacy group Clean Water Now"."""
    return _KIND.search(text[max(0, start - 16) : start]) is not None


def continued(text: str, end: int) -> int:
    """Where a body's name ends that goes on with "of ..." or "for ..."."""
    while match := _CONTINUED.match(text, end):
        following = _CAPITALS.match(text, match.end())
        link = match.group().split()[0]
        if following is not None and following.group().split()[0].lower() in NOT_NAMES:
            break
        embassy = re.search(
            r"(?:Embassy|Consulate|Mission|Chamber of Commerce|Delegation)$", text[max(0, end - 40) : end]
        )
        if (
            following is None
            or (link == "and" and not _inside(text, match, following))
            or (link == "in" and not embassy)
        ):
            break
        end = following.end()
        holder = _HOLDER.match(text, end) if following.group() in geo.adjectives() else None
        end = holder.end() if holder else end
        if text[end - 1] in ".’'":
            end -= 1
        if text[end - 2 : end] in ("’s", "'s"):
            end -= 2
            break
    return end


def _inside(text: str, link: re.Match[str], following: re.Match[str]) -> bool:
    """Whether "and Trade" belongs to a name ("Ministry of Industry and Trade")."""
    before = re.search(
        r"\b(?:of|for|on)\s(?:the\s)?(?:[A-ZÀ-Þ][\w’.,-]*\s?)+$", text[max(0, link.start() - 60) : link.start()]
    )
    return before is not None and len(following.group().split()) <= 3


def fuller(name: str, bodies: list[Body], before: int) -> str:
    """The fullest form in the text of a body that is named in short ("the Observatory", "Navy"); "" for none."""
    words = plain(name).split()
    best: Body | None = None
    for body in bodies:
        form = plain(body.name).split()
        if len(form) <= len(words) or not (
            form[-len(words) :] == words
            or form[: len(words)] == words
            or (len(words) == 1 and words[0] in form and len(words[0]) > 4)
        ):
            continue
        if best is None or (body.start < before, -abs(body.start - before)) > (
            best.start < before,
            -abs(best.start - before),
        ):
            best = body
    return best.name if best else ""


def owned_form(text: str, name: str, country: str) -> str:
    """The form in the text that names a body with its country: "defense ministry" → "Russian Defence Ministry"; ""."""
    tail = re.escape(plain(name)).replace("defense", "defen[cs]e").replace("defence", "defen[cs]e")
    for match in re.finditer(rf"\b{tail}\b", text, re.IGNORECASE):
        window = text[max(0, match.start() - 22) : match.start()]
        owners = [
            m for m in geo.mentions(window) if m.country == country and re.fullmatch(r"(?:['’]s)?\s", window[m.end :])
        ]
        if owners:
            return window[owners[-1].start :] + match.group()
    return ""
