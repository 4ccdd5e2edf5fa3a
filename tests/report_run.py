"""A run folder as `stance label` leaves it, invented and always the same, for the tests of reports.

60 articles of four outlets and their wire copies: joint, unnamed and unattributed statements, unsure ones, mere topics,
a speaker who changes sides in 2022, and texts that spreadsheets would run and markup would swallow.
"""

from __future__ import annotations

import random
from pathlib import Path

from stance.store import RunFolder
from stance.types import Article, Doc, Span, Speaker, Stance, Statement

TARGETS = {
    "tram-line": "trams",
    "night-buses": "trams",
    "more-trees": "trees",
    "fell-limes": "trees",
    "harbour-tax": "harbour",
    "twin-towns": "harbour",
}
TOPICS = [
    {
        "id": topic,
        "label": f"The {topic}",
        "aliases": [],
        "targets": [
            {
                "id": target,
                "topic": topic,
                "label": "",
                "proposition": f"The {target.replace('-', ' ')} should come.",
                "aliases": [],
                "phrase": "",
                "varies": target == "twin-towns",
            }
            for target, own in TARGETS.items()
            if own == topic
        ],
    }
    for topic in ("trams", "trees", "harbour")
]
PEOPLE = [
    Speaker("mara-venn", "Mara Venn", "person", "mayor", "Norway", "name"),
    Speaker("ilse-marrow", "Ilse Marrow", "person", "envoy", "Chile", "title"),
    Speaker("oto-brandt", "Oto Brandt", "person", "mayor", "Chile", "surname"),
    Speaker("pia-lund", "Pia Lund", "person", "=cmd|' /C calc'!A0", "Norway", "pronoun"),
    Speaker("harbour-board", "<b>Harbour</b> & Board", "organization", "", "", "name"),
    Speaker("norway", "Norway", "country", "", "Norway", "metonym"),
]
NOBODY = Speaker("unnamed:official", "an official", "unnamed", "official", "Chile", "context")
CROWD = Speaker("group:residents", "residents", "group")
OUTLETS = ("Fjord Daily", "Andes Post", "The Quay", None)
WORDS = (
    "amber basin candle drift ember fallow gravel harvest island juniper kettle lantern meadow needle orchard pebble "
    "quarry ribbon saddle timber umbrella velvet willow yonder zephyr anchor button copper dapple easel"
).split()


def build(folder: Path) -> Path:
    """Write the run, and give its folder."""
    chance = random.Random(7)
    run = RunFolder(folder, {"version": "1", "hash": "h", "topics": {"hash": "t", "topics": TOPICS}})
    for number in range(60):
        date = f"{2019 + number // 10}-{number % 10 + 1:02}-{number % 27 + 1:02}"
        outlet = OUTLETS[number % 4]
        made = [_said(chance) for _ in range(chance.randint(2, 6))]
        if number % 2 == 0:
            made.append(_said(chance, PEOPLE[1], "tram-line", "favor" if number < 30 else "against"))
        own = f"a{number:02}"
        run.add([_doc(own, date if number % 11 else None, outlet, made)])
        if number % 7 == 0:
            copies = [(text.upper(), *rest) for text, *rest in made]
            run.add([_doc(f"{own}-wire", date, "Wire & Sons", copies)])
    run.finish(1)
    return folder


def _said(chance: random.Random, who: Speaker | None = None, target: str = "", label: str = "") -> tuple:
    speakers = (who,) if who else _speakers(chance)
    text = f"the {' '.join(chance.sample(WORDS, 9))} plan"
    if chance.random() < 0.05:
        text = f"=HYPERLINK {text}"
    own, stances = [target] if target else chance.sample(sorted(TARGETS), chance.choice((0, 1, 1, 1, 2))), []
    for name in own:
        side = label or chance.choices(("favor", "against", "neutral"), (5, 3, 2))[0]
        confidence = round(chance.uniform(0.3, 0.99), 4)
        probs = tuple(confidence if side == x else (1 - confidence) / 2 for x in ("favor", "against", "neutral"))
        mere = not target and chance.random() < 0.1
        unsure = not target and confidence < 0.4
        if not mere or all(s.topic != TARGETS[name] for s in stances):
            stances.append(Stance(TARGETS[name], None if mere else name, side, probs, confidence, unsure))
    return text, speakers, tuple(stances), chance.choice(("direct", "indirect", "mixed"))


def _speakers(chance: random.Random) -> tuple[Speaker, ...]:
    kind = chance.random()
    if kind < 0.1:
        return ()
    if kind < 0.2:
        return (NOBODY,)
    if kind < 0.25:
        return (CROWD,)
    return tuple(chance.sample(PEOPLE, 2 if kind < 0.4 else 1))


def _doc(own: str, date: str | None, outlet: str | None, made: list[tuple]) -> Doc:
    text, statements = "", []
    for number, (content, speakers, stances, kind) in enumerate(made, 1):
        start = len(text)
        text += f"Venn said {content}.\n"
        span = Span(start + 10, start + 10 + len(content))
        cue, source = Span(start + 5, start + 9), Span(start, start + 4)
        statements.append(Statement(f"{own}:{number}", (span,), cue, source, kind, speakers=speakers, stances=stances))
    article = Article(own, text, f"+Title of {own}", date, outlet, sha256=own)
    return Doc(article, statements=tuple(statements))
