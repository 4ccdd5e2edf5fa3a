"""Invented annotated articles for the tests of exchange formats; run as a program, writes tests/data/annotate anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from stance.annotate import FORMATS, Export, export, read
from stance.annotate.notation import stance_of
from stance.config import load_topics
from stance.gold import slug
from stance.link import parent_of
from stance.text import trim
from stance.types import Article, Doc, Span, Speaker, Statement

SAMPLES = Path(__file__).parent / "data" / "annotate"
TEXT = (
    "VARA -- “We back the ferry pact 👍🏽,” Mayor Mara Venn said on Monday, “and the dues.”\r\n\r\n"
    'She added that Norway had called it "a gift" 😀.\nיואל אמר שהמכס טוב.\n'
)
SPEAKERS = [
    Speaker(slug(name), name, kind, role, affiliation)
    for name, kind, role, affiliation in (
        ("Mara Venn", "person", "mayor", "Norway"),
        ("Mara Venn", "person", "", "Sweden"),
        ("Norway", "country", "", "Norway"),
        ("=1+1; \\ | 'a'", "organization", "|", ""),
        ("'=x", "group", "", ";|"),
        ("יואל 😀", "unnamed", "", ""),
        ("two\nlines,\ta tab", "group", "a\nrole", ""),
    )
]
STANCES = ["brics:favor", "brics:against", "free-trade:neutral", "nato-enlargement:against", "topic/nato:favor"]


def place(words: str, number: int = 0) -> Span:
    start = -1
    for _ in range(number + 1):
        start = TEXT.index(words, start + 1)
    return Span(start, start + len(words))


def sample() -> Doc:
    """One article with a content in two parts, a nested statement, an astral character and text from right to left."""
    mayor, joint = SPEAKERS[:1], SPEAKERS[2:4]
    content = (place("“We back the ferry pact 👍🏽,”"), place("“and the dues.”"))
    added = (place('Norway had called it "a gift"'),)
    statements = [
        statement("a/1:1", content, place("said"), place("Mayor Mara Venn"), "direct", mayor, STANCES[0], STANCES[2]),
        statement("a/1:2", added, place("added"), place("She"), "mixed", mayor, STANCES[1]),
        statement("a/1:3", (place('"a gift"'),), place("had called"), place("Norway"), "direct", joint, STANCES[4]),
        statement("a/1:4", (place("שהמכס טוב"),), None, None, "indirect", SPEAKERS[5:6], STANCES[3]),
    ]
    return finished(Article("a/1", TEXT, "Ferry pact", "2026-03-02", "Vara Post"), statements)


def statement(name, content, cue, source, kind, speakers=(), *stances) -> Statement:
    told = tuple(stance_of(text) for text in stances)
    return Statement(name, tuple(content), cue, source, kind, speakers=tuple(speakers), stances=told)


def finished(article: Article, statements) -> Doc:
    with_parents = tuple(replace(s, parent=parent_of(s, statements)) for s in statements)
    return Doc(article, statements=with_parents, made_by="human")


def plain(docs, article=True):
    """What must come back: everything but a speaker's id, which is made of the name."""
    rows = []
    for doc in docs:
        own = [replace(s, speakers=tuple(replace(p, id="") for p in s.speakers)) for s in doc.statements]
        known = doc.article
        head = (known.id, known.text, known.title, known.date, known.outlet) if article else (known.id, known.text)
        rows.append((head, own))
    return sorted(rows, key=lambda row: row[0][0])


PIECES = [
    *"ab.,“”\"' ;|\t=\\éé",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "word ",
    "said ",
    "😀",
    "👩‍👩‍👧",
    "𝒳",
    "שלום ",
    "\u2028",
    "\u202e",
    "\xa0",
    "\ufeff",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1b",
    "\x85",
    "\uffff",
    "e\u0301",
]


@st.composite
def docs(draw, name="news/2026 é#1.x", cut: Callable = trim) -> Doc:
    """Odd articles.

    Args:
        draw: hypothesis's.
        name: the article's id.
        cut: makes the spans that statements have of any.
    """
    text = draw(st.lists(st.sampled_from(PIECES), min_size=4, max_size=40).map("".join).filter(str.strip))
    statements = draw(st.lists(statements_in(text, cut), max_size=4))
    numbered = [replace(s, id=f"{name}:{number}") for number, s in enumerate(statements)]
    title = draw(st.sampled_from([None, "A “title”"]))
    return finished(Article(name, text, title, "2026-03-02" if title else None, title), numbered)


@st.composite
def statements_in(draw, text: str, cut: Callable = trim) -> Statement:
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    content = [span for start, end in pairs if (span := cut(text, Span(start, end))) is not None]
    content = content or [trim(text, Span(0, len(text)))]
    cue, source = draw(spans_in(text, cut)), draw(spans_in(text, cut))
    kind = draw(st.sampled_from(["direct", "indirect", "mixed"]))
    speakers = draw(st.lists(st.sampled_from(SPEAKERS), max_size=3, unique=True))
    stances = draw(st.lists(st.sampled_from(STANCES), max_size=3, unique_by=lambda one: one.split(":")[0]))
    return statement("", content, cue, source, kind, speakers, *stances)


@st.composite
def spans_in(draw, text: str, cut: Callable) -> Span | None:
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return cut(text, Span(start, end)) if start < end else None


class Files:
    """The sample in a format, to be changed and read again."""

    def __init__(self, name, folder):
        self.form = FORMATS[name]
        self.files = export([sample()], self.form, folder, Export(load_topics(), checked=True)).files
        self.file = next(file for file in self.files if file.match(self.form.files))

    def change(self, *pairs):
        text = self.file.read_bytes().decode()
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        self.file.write_bytes(text.encode())
        return self

    def json(self, change):
        rows = json.loads(self.file.read_text(encoding="utf-8"))
        change(rows)
        self.file.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
        return self

    def read(self, run=True, **choices):
        base = [sample()] if run is True else run or ()
        return read([self.file], self.form, base, load_topics(), **choices)

    def faults(self, **choices):
        return "\n".join(self.read(**choices)[1].faults)

    def line(self, words):
        lines = self.file.read_bytes().decode().split("\n")
        return next(number for number, line in enumerate(lines, 1) if words in line)


if __name__ == "__main__":
    for form in FORMATS.values():
        folder = SAMPLES / form.name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in form.write([sample()], Export(load_topics())).items():
            (folder / file).write_bytes(content)
