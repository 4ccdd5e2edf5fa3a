"""An invented run folder for the tests of reports: no model has seen it, every offset is found in its text."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

from stance.store import RunFolder
from stance.types import Article, Doc, Span, Speaker, Stance, Statement

TARGETS = {
    "harbour-tax": ("harbour", "The harbour tax should stay."),
    "ferry": ("harbour", "The ferry to Vara should sail daily."),
    "lighthouse": ("coast", "The lighthouse should be repaired."),
    "sea-wall": ("coast", "A sea wall should be built."),
    "moorings": ("coast", "Moorings should be shared between the two islands."),
}
TOPICS = [
    {
        "id": topic,
        "label": label,
        "aliases": [],
        "targets": [
            {
                "id": name,
                "topic": topic,
                "label": name,
                "proposition": text,
                "aliases": [],
                "varies": name == "moorings",
            }
            for name, (of, text) in TARGETS.items()
            if of == topic
        ],
    }
    for topic, label in (("harbour", "Harbour and ferry"), ("coast", "The coast"))
]
SETTINGS = {
    "version": "0.0",
    "hash": "5e77" * 16,
    "topics": {"hash": "70b1" * 16, "topics": TOPICS},
    "models": {"stance": {"folder": "x", "sha256": "57a9" * 16}},
}

ALVA = Speaker("alva-rook", "Alva Rook", "person", "harbour master", "Vara", "name", 0.9)
BO = Speaker("bo-lind", "Bo Lind", "person", "ferry captain", "Sund", "surname", 0.8)
VARA = Speaker("vara", "Vara", "country", "", "Vara", "metonym", 0.7)
EVIL = Speaker("evil", "<script>window.hacked=1</script>Mallory & Söhne", "person", "<b>owner</b>", "Sund", "pronoun")
NOBODY = Speaker("unnamed:fisher", "a fisher", "unnamed", "", "", "name")


def stance(target: str, label: str = "favor", confidence: float = 0.9, abstained: bool = False) -> Stance:
    rest = round((1 - confidence) / 2, 4)
    probs = tuple(confidence if label == name else rest for name in ("favor", "against", "neutral"))
    topic = TARGETS[target][0] if target in TARGETS else target
    return Stance(topic, target if target in TARGETS else None, label, probs, confidence, abstained)


class Page:
    """An article under construction: statements are given by their words."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.statements: list[Statement] = []

    def say(self, speakers, contents, *stances, cue="", source="", kind="indirect") -> Page:
        """One more statement; its words are looked for from the beginning of the text."""
        text = self.article.text
        spans = tuple(self._span(words) for words in ([contents] if isinstance(contents, str) else contents))
        number = f"{self.article.id}:{len(self.statements) + 1}"
        cue_span, source_span = (self._span(words) if words else None for words in (cue, source))
        made = Statement(number, spans, cue_span, source_span, kind, speakers=tuple(speakers), stances=tuple(stances))
        assert made.content_text(text)
        self.statements.append(made)
        return self

    def _span(self, words: str) -> Span:
        start = self.article.text.index(words)
        return Span(start, start + len(words))

    @property
    def doc(self) -> Doc:
        return Doc(self.article, statements=tuple(self.statements))


def article(name: str, text: str, title: str | None, date: str | None, outlet: str | None, url=None) -> Page:
    return Page(Article(name, text, title, date, outlet, url, sha256=name))


def pages() -> list[Page]:
    """Articles with nested and interrupted statements, wire copy, joint statements, hostile text, no date, no title."""
    wire = "SUND - Bo Lind warned that the sea wall would ruin the fishing grounds off the northern cape for good."
    warned = "the sea wall would ruin the fishing grounds off the northern cape for good"
    first = article(
        "one",
        "Alva Rook 🙂 said that the harbour tax must stay. “Without it,” she added, “the quay will crumble.”\n\n"
        "The captain replied that Rook had promised a daily ferry, which he welcomed.",
        "A quiet day at the 🙂 quay",
        "2024-01-10",
        "Vara Post",
        "https://news.invalid/one",
    )
    first.say([ALVA], "the harbour tax must stay", stance("harbour-tax"), cue="said", source="Alva Rook")
    first.say(
        [ALVA],
        ["Without it", "the quay will crumble"],
        stance("harbour-tax", confidence=0.7),
        stance("lighthouse", "neutral", 0.5),
        cue="added",
        source="she",
        kind="direct",
    )
    first.say([BO], "Rook had promised a daily ferry, which he welcomed", stance("ferry"), cue="replied")
    first.say([ALVA], "a daily ferry", stance("ferry", "favor", 0.6), cue="had promised", source="Rook")
    hostile = article(
        "two/../x?&\"'",
        "Mallory shouted </script><img src=x onerror=window.hacked=1> and that <!-- the tax must go --> at once.\n"
        "Vara and Bo Lind agreed that the ferry comes first.",
        "<img src=x onerror=window.hacked=1> & </title>",
        "2024-03-02",
        '"><script>window.hacked=1</script>',
        "javascript:window.hacked=1",
    )
    hostile.say(
        [EVIL],
        "</script><img src=x onerror=window.hacked=1>",
        stance("harbour-tax", "against"),
        cue="shouted",
        source="Mallory",
    )
    hostile.say([EVIL], "<!-- the tax must go --> at once", stance("harbour-tax", "against", 0.8))
    hostile.say([VARA, BO], "the ferry comes first", stance("ferry"), cue="agreed", source="Vara and Bo Lind")
    made = [first, hostile]
    for name, date, outlet in (("three", "2024-03-05", "Sund Wire"), ("four", "2024-03-06", "Cape Herald")):
        page = article(name, wire, "Captain warns", date, outlet)
        made.append(page.say([BO], warned, stance("sea-wall", "against", 0.95), cue="warned", source="Bo Lind"))
    undated = article("five", "A fisher grumbled that nobody mends the lighthouse. Alva Rook nodded.", None, None, None)
    undated.say([NOBODY], "nobody mends the lighthouse", stance("lighthouse", "against", 0.4, True), cue="grumbled")
    undated.say([ALVA], "nodded", source="Alva Rook")
    late = article(
        "six",
        "Bo Lind said the sea wall is right after all. Alva Rook now calls the harbour tax a mistake. "
        "She spoke of the coast, and of shared moorings.",
        "Second thoughts",
        "2024-11-20",
        "Vara Post",
    )
    late.say([BO], "the sea wall is right after all", stance("sea-wall"), cue="said", source="Bo Lind")
    late.say([ALVA], "the harbour tax a mistake", stance("harbour-tax", "against"), cue="calls", source="Alva Rook")
    late.say([ALVA], "the coast", stance("coast", "neutral"), cue="spoke of", source="She")
    late.say([ALVA], "shared moorings", stance("moorings"), source="She")
    return [*made, undated, late]


def write(folder: Path, made: list[Page]) -> Path:
    """The run folder of some articles."""
    run = RunFolder(folder, SETTINGS)
    run.add([page.doc for page in made])
    run.finish(1)
    return folder


WORDS = (
    "harbour ferry quay wall cape storm net tide budget council vote repair season island channel crew cargo "
    "price winter plan promise levy pier beacon rock anchor"
).split()
SYLLABLES = "al bo ca dor en fi gur hal is jor ka lin mo nor os pel ra sund tor ul va".split()


def many(articles: int, each: int) -> list[Page]:
    """Articles of about 4,000 characters with some statements each, of 60 speakers, over three years, not in a row."""
    chance = random.Random(7)
    names = [f"{a.capitalize()}{b} {b.capitalize()}{a}" for a, b in pairwise(chance.choices(SYLLABLES, k=61))]
    speakers = [
        Speaker(f"speaker-{n}", name, "person", "mayor", chance.choice(["Vara", "Sund"]))
        for n, name in enumerate(names)
    ]
    made = []
    for number in range(articles):
        sentences, told = [], []
        for k in range(each):
            content = f"{' '.join(chance.choices(WORDS, k=14))} number {number * each + k}"
            speaker = speakers[min(59, int(chance.expovariate(0.08)))]
            told.append((speaker, content))
            filler = " ".join(" ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(6))
            sentences.append(f"{speaker.name} {k} said that {content}. {filler}")
        date = f"{(2020, 2023, 2024)[number % 3]}-{1 + number % 12:02}-{1 + number % 28:02}"
        page = article(f"a{number:04}", "\n\n".join(sentences), f"News {number}", date, f"Outlet {number % 9}")
        for k, (speaker, content) in enumerate(told):
            label = chance.choice(["favor", "favor", "against", "neutral"])
            confidence = round(chance.uniform(0.4, 0.99), 2)
            stances = stance(chance.choice(list(TARGETS)), label, confidence, confidence < 0.5)
            page.say([speaker], content, stances, source=f"{speaker.name} {k}")
        made.append(page)
    return made
