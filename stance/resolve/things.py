"""What "it" and "its" mean: a country, a body, a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stance.resolve import countries as geo
from stance.resolve.memory import Memory, Past, head_noun
from stance.resolve.speakers import body, country
from stance.resolve.words import DOCUMENTS
from stance.types import Speaker

if TYPE_CHECKING:
    from stance.resolve.scene import Scene


def neuter(scene: Scene, memory: Memory, at: int) -> list[Speaker]:
    """What "it" means: the country or body that opens this or the last sentence, or that spoke last."""
    past = next((p for p in memory.outer(scene.inside_other(at)) if _thing(p)), None)
    here = scene.sentence(at)
    for index in range(here, max(here - 2, -1), -1):
        sentence = scene.sentences[index]
        if past is not None and past.at >= sentence.start:
            break
        opening = _opening(scene, sentence.start, min(sentence.end, at))
        if opening is not None:
            return [opening]
    return [again(past.speakers[0])] if past is not None else []


def owner(scene: Scene, memory: Memory, at: int) -> list[Speaker]:
    """What "its" means: the country named last in the sentence, else what "it" would."""
    start = scene.sentence_span(at).start
    near = [
        m for m in scene.geo_in(start, at) if m.how != "adjective" and scene.text[m.end : m.end + 2] not in ("'s", "’s")
    ]
    if near and not re.search(
        r"\b(?:in|to|from|of|with|against|on|for)\s(?:the\s)?$", scene.text[start : near[-1].start]
    ):
        return [country(scene.registry, near[-1].country, "pronoun", 0.6)]
    return neuter(scene, memory, at)


def _opening(scene: Scene, start: int, end: int) -> Speaker | None:
    """The country or body whose name is the subject that opens a sentence."""
    for place in scene.geo_in(start, end)[:1]:
        if any(b.start <= place.start and place.end < b.end for b in scene.bodies):
            break
        if place.start - start <= 4 and place.how != "adjective" and not scene.text.startswith(("'s", "’s"), place.end):
            return country(scene.registry, place.country, "pronoun", 0.6)
    explained = next((a for a in scene.acronyms if scene.text.startswith(a + " ", start)), "")
    if explained:
        name = scene.acronyms[explained]
        places = geo.mentions(name)
        return body(scene.registry, name, places[0].country if places else scene.country_near(start), "pronoun", 0.55)
    for known in scene.bodies:
        if (
            start <= known.start <= start + 4
            and known.end <= end
            and not scene.text.startswith(("'s", "’s"), known.end)
        ):
            affiliation = known.known.affiliation if known.known else scene.country_near(known.end)
            return body(scene.registry, known.name.removeprefix("The "), affiliation, "pronoun", 0.55)
    return None


def _thing(past: Past) -> bool:
    """Whether "it" can take up an earlier source: a country, a body or a text."""
    first = past.speakers[0]
    text = any(word in DOCUMENTS for word in past.written.lower().split())
    return first.kind in ("country", "organization") or _document(first) or text


def _document(speaker: Speaker) -> bool:
    """Whether an unnamed source is a text rather than a person."""
    plural = speaker.kind == "group" and head_noun(speaker.name).endswith(("s", "people", "media"))
    return speaker.kind in ("unnamed", "group") and not speaker.role and not plural


def again(speaker: Speaker, score: float = 0.65) -> Speaker:
    return Speaker(
        speaker.id, speaker.name, speaker.kind, speaker.role, speaker.affiliation, "pronoun", min(score, speaker.score)
    )
