"""Where a source really begins and ends, for spans that a model cut a word too long or too short."""

from __future__ import annotations

import re

from stance.resolve.names import Word
from stance.resolve.scene import Scene
from stance.resolve.words import (
    ABBREVIATED,
    BODIES,
    COUNTRY_NOUNS,
    DETERMINERS,
    DOCUMENTS,
    GROUP_NOUNS,
    PERSON_VERBS,
    PRONOUNS,
    ROLES,
    TITLES,
)  # fmt: skip
from stance.types import Span, Statement

_HEADS = ROLES | BODIES | COUNTRY_NOUNS | GROUP_NOUNS | DOCUMENTS
_OPENERS = _HEADS | DETERMINERS | TITLES
_PASSIVE = re.compile(r"(?:was|were|is|are|been|be|being|has been|have been|had been)\b", re.IGNORECASE)
_ABBREVIATION = re.compile(rf"\b(?:[A-Z]|{'|'.join(sorted(w.title() for w in ABBREVIATED))})\.\s?$")
_QUOTED_BY = re.compile(r"\s(?:was|were|is|has been)\s(?:\w+\s)?(?:quoted|cited)\sby\s(?:the\s)?(?:[\w-]+\s){0,2}$")
_OWNED = re.compile(r"['’]s\s(?:own|public|recent|repeated|latest|earlier|previous|initial|open|strong)$")
_CLAUSE = frozenset("and but or as when while that because after before if so also however then than where".split())
_LINKS = frozenset("in on at by for from to with of about over into".split())
_AUXILIARIES = frozenset(
    "is are was were be been has have had will would can could may might should must did does do not "
    "never later earlier again today yesterday recently repeatedly reportedly".split()
)  # fmt: skip
_AFTER = (
    PERSON_VERBS | _CLAUSE | _LINKS | _AUXILIARIES | {"the", "a", "an", "it", "he", "she", "they", "his", "its"}
) - {"who"}
_BEFORE = (PERSON_VERBS | _CLAUSE | _AUXILIARIES) - {"that"}


def source_extent(scene: Scene, statement: Statement) -> Span | None:
    """The source's span without cue and stray words, whole at names and nouns; None where there is no source."""
    source, cue = statement.source, statement.cue
    if source is None:
        return _beside(scene, statement) if cue is not None else None
    quoted = _quoted(scene, source, cue)
    if quoted is not None:
        return quoted
    start, end = _without_cue(source, cue)
    start, end = _in_one_sentence(scene, start, end, cue)
    tokens = [w for w in scene.tokens_in(start, end) if w.text[0].isalnum()]
    if not tokens:
        return source
    tokens = _trimmed(scene, tokens)
    start, end = tokens[0].start, max(tokens[-1].end, min(end, tokens[-1].end))
    start, end = _whole(scene, start, end, cue)
    start = _after_list(scene, _opening(scene, start, end), end)
    return Span(_apposed_to(scene, start), _owner_only(scene, start, end, cue))


def _opening(scene: Scene, start: int, end: int) -> int:
    """Where the subject begins of which a source is only the tail: "The envoy for the 2016 | vote"."""
    first = next((w for w in scene.tokens_in(start, end) if w.text[0].isalnum()), None)
    opening = scene.sentence_span(start).start
    before = scene.text[opening:start]
    if first is None or first.lower in _OPENERS or before.count(" ") > 14:
        return start
    cut = re.search(r"\b(?:of|for|in|on|over|at) (?:the )?(?:\d+ )?$|\b(?:that|who|which) $", before)
    subject = re.match(r"(?:The|Other|Some|Many|A|An|Two|Three|Several) (?:[a-z-]+ ){1,3}", before)
    if cut is not None and cut.group().strip() in ("that", "who", "which") and not first.text.islower():
        return start
    if cut is None or subject is None or re.search(r"[,;:.“\"]", before):
        return start
    return opening if any(word in _HEADS for word in subject.group().lower().split()) else start


def _after_list(scene: Scene, start: int, end: int) -> int:
    """Where a source begins that was cut with the end of what is said: "shells and drones, | one of the officials"."""
    comma = re.search(r" and [^,]+, (?=(?:one of|an?|the) [a-z])", scene.text[start:end])
    if comma is None:
        return start
    stop = start + comma.end()
    persons = any(start <= m.start < stop for p in scene.people for m in p.mentions)
    named = persons or bool(scene.geo_in(start, stop)) or bool(scene.known_in(start, stop))
    return start if named else stop


def _apposed_to(scene: Scene, start: int) -> int:
    """Where the name begins that a source cut to its apposition belongs to: "Ann Clay, also | a former mayor"."""
    before = re.search(r"([\w.’'-])(,\s(?:also\s)?)$", scene.text[max(0, start - 12) : start])
    if before is None or not re.match(r"(?:a|an|the|one of|its|his|her)\s[a-z]", scene.text[start : start + 12]):
        return start
    comma = start - len(before.group(2))
    sentence = scene.sentence_span(start).start
    named = [(m.title_start, m.start) for p in scene.people for m in p.mentions if m.end == comma]
    named += [(m.start, m.start) for m in scene.geo_in(sentence, comma) if m.end == comma and m.how == "name"]
    return next((at for opens, at in named if opens - sentence <= 2), start)


def _owner_only(scene: Scene, start: int, end: int, cue: Span | None) -> int:
    """Where the name ends that owns the cue's noun: "Ann Clay | 's public" before "assertion"."""
    owned = _OWNED.search(scene.text, start, end)
    if owned is None or cue is None or cue.start - end != 1:
        return end
    return owned.start()


def _quoted(scene: Scene, source: Span, cue: Span | None) -> Span | None:
    """Who speaks where a medium quotes: the medium of "TASS | quoted", else the person "quoted by TASS as | saying"."""
    if cue is None:
        return None
    sentence = scene.sentence_span(cue.start).start
    between = scene.text[cue.end : source.start]
    if cue.text(scene.text).lower() in ("quoted", "cited") and 0 < len(between) <= 4 and "by" not in between:
        return Span(sentence, cue.start - 1) if 2 < cue.start - sentence < 60 else None
    passive = _QUOTED_BY.search(scene.text, sentence, source.start)
    if passive is None or scene.text[source.end : cue.start].strip() not in ("as", ""):
        return None
    named = [m for p in scene.people for m in p.mentions if sentence <= m.start and m.end == passive.start()]
    return Span(named[0].start, named[0].end) if named else None


def _beside(scene: Scene, statement: Statement) -> Span | None:
    """The name or pronoun beside an active cue whose source was overlooked: "he also | said", "said | Ann Clay"."""
    cue = statement.cue
    if cue is None or _PASSIVE.match(cue.text(scene.text)):
        return None
    sentence = scene.sentence_span(cue.start)
    tokens = [w for w in scene.tokens_in(sentence.start, cue.start)]
    while tokens and (tokens[-1].lower in _AUXILIARIES | {"also", "then"} or tokens[-1].lower.endswith("ly")):
        tokens.pop()
    if tokens and tokens[-1].lower in ("he", "she", "they", "it", "who"):
        return Span(tokens[-1].start, tokens[-1].end)
    end = tokens[-1].end if tokens else cue.start
    apposed = bool(tokens) and tokens[-1].text == ","
    for m in (m for person in scene.people for m in person.mentions):
        before = m.end == end and not m.possessive and m.start >= sentence.start
        opens = apposed and 0 <= m.title_start - sentence.start <= 2 and scene.text.startswith(",", m.end)
        if before or opens or 0 <= m.title_start - cue.end <= 2:
            return Span(m.start, m.end)
    places = [m for m in scene.geo_in(sentence.start, end) if m.end == end and m.how != "adjective"]
    return Span(places[0].start, places[0].end) if places else None


def _without_cue(source: Span, cue: Span | None) -> tuple[int, int]:
    if cue is None or not source.overlaps(cue):
        return source.start, source.end
    if source.start < cue.start:
        return source.start, cue.start
    return (cue.end, source.end) if cue.end < source.end else (source.start, source.end)


def _in_one_sentence(scene: Scene, start: int, end: int, cue: Span | None) -> tuple[int, int]:
    """The part of the span in the cue's sentence, or in the one that holds most of it."""
    first, last = scene.sentence(start), scene.sentence(max(end - 1, start))
    if first == last or _ABBREVIATION.search(scene.text, start, scene.sentences[first].end):
        return start, end
    keep = scene.sentence(cue.start) if cue is not None and first <= scene.sentence(cue.start) <= last else first
    sentence = scene.sentences[keep]
    begin, stop = max(start, sentence.start), min(end, sentence.end)
    return (begin, stop) if begin < stop else (start, end)


def _trimmed(scene: Scene, tokens: list[Word]) -> list[Word]:
    first, last = 0, len(tokens)
    while last - first > 1 and tokens[last - 1].text.islower() and tokens[last - 1].lower in _AFTER:
        last -= 1
    while last - first > 1 and tokens[first].text.islower() and tokens[first].lower in _BEFORE:
        first += 1
    return tokens[_stray(scene, tokens[first:last]) + first : last]


def _stray(scene: Scene, tokens: list[Word]) -> int:
    """How many lower-case words at the start belong to what stands before: "territory | Putin", "visit | he"."""
    word = tokens[0]
    if len(tokens) < 2 or not word.text.islower() or word.lower in _HEADS | TITLES | DETERMINERS or word.possessive:
        return 0
    following = tokens[1]
    if len(tokens) == 2 and following.lower in PRONOUNS and following.lower not in ("that", "which", "who"):
        return 1
    if following.lower in ("the", "a", "an"):
        return 1
    return int(any(m.title_start == following.start for p in scene.people for m in p.mentions))


def _whole(scene: Scene, start: int, end: int, cue: Span | None) -> tuple[int, int]:
    """Widened to the names and the noun that the span cuts, and to the article before it."""
    for person in scene.people:
        for m in person.mentions:
            if m.start < end < m.end and (cue is None or not cue.start < m.end <= cue.end):
                end = m.end
            if m.start < start < m.end and start < end:
                start = m.title_start
    following = re.compile(r"\s([a-z]+)\b").match(scene.text, end)
    inside = scene.tokens_in(start, end)
    if (
        following
        and inside
        and following.group(1) in _HEADS
        and inside[-1].lower not in _HEADS
        and _open(scene, inside, end)
    ):
        if cue is None or not cue.overlaps(Span(following.start(1), following.end(1))):
            end = following.end(1)
    before = re.search(
        r"\b(the|a|an|both|two|other|some|several)\s$", scene.text[max(0, start - 9) : start], re.IGNORECASE
    )
    if before and not (cue is not None and cue.start <= start - 1 < cue.end):
        start -= len(before.group())
    return start, end


def _open(scene: Scene, inside: list[Word], end: int) -> bool:
    """Whether the span ends with a word that wants a noun: an adjective of a country, a title's first word."""
    last = inside[-1]
    adjective = any(m.end == end and m.how == "adjective" for m in scene.geo_in(inside[0].start, end))
    return adjective or last.lower in TITLES - ROLES or last.lower in DETERMINERS or last.possessive
