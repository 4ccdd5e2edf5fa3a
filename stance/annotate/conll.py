"""CoNLL-style columns: a word a line, and a column of BIO tags a statement, so that nested statements survive.

    # doc_id = a1
    # columns = ID FORM START END S1 S2
    1  Moscow  0  6  B-SOURCE  O
    # statement  S1  a1:1  indirect
    # speaker    S1  Mara Venn | person
    # stance     S1  Mara Venn  free-trade  favor

Fields stand apart by tabs. A word in two roles at once has both tags, with a | between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stance.annotate.anchor import Mark, anchored
from stance.annotate.findings import Source, once, read_text
from stance.annotate.form import Export, Format
from stance.annotate.graph import ROLES, finished
from stance.annotate.notation import about, escaped, joined, speaker_text, unescaped
from stance.annotate.parts import statement
from stance.annotate.tokens import covered, tokens
from stance.types import Doc, Span, Statement

_TAG = re.compile(r"([BI])-(CONTENT|SOURCE|CUE)")


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    return {"articles.conll": "\n".join("".join(f"{line}\n" for line in _lines(doc)) for doc in docs).encode()}


def _lines(doc: Doc) -> Iterator[str]:
    text = doc.article.text
    roles = [_roles(s) for s in doc.statements]
    words = tokens(text, (span for own in roles for spans in own.values() for span in spans))
    tags = [_tags(words, own) for own in roles]
    columns = [f"S{n}" for n in range(1, len(tags) + 1)]
    yield f"# doc_id = {escaped(doc.article.id)}"
    yield " ".join(["# columns = ID FORM START END", *columns])
    for number, word in enumerate(words):
        yield "\t".join([str(number + 1), word.text(text), str(word.start), str(word.end), *(t[number] for t in tags)])
    for column, s in zip(columns, doc.statements, strict=True):
        yield f"# statement\t{column}\t{escaped(s.id)}\t{s.kind}"
        for speaker in s.speakers:
            yield f"# speaker\t{column}\t{speaker_text(speaker)}"
        names = joined(escaped(speaker.name) for speaker in s.speakers)
        for stance in s.stances:
            yield f"# stance\t{column}\t{names}\t{about(stance)}\t{stance.label}"


def _roles(s: Statement) -> dict[str, tuple[Span, ...]]:
    one = {"SOURCE": s.source, "CUE": s.cue}
    return {"CONTENT": s.content, **{role: (span,) if span else () for role, span in one.items()}}


def _tags(words: Sequence[Span], roles: dict[str, tuple[Span, ...]]) -> list[str]:
    tags: list[list[str]] = [[] for _ in words]
    for role, spans in roles.items():
        for span in spans:
            inside = covered(words, span)
            for n in inside:
                tags[n].append(f"{'B' if n == inside[0] else 'I'}-{role}")
    return ["|".join(own) or "O" for own in tags]


@dataclass
class _Column:
    """A statement while its column is read: word numbers by role."""

    where: str
    words: dict[str, list[list[int]]] = field(default_factory=lambda: {role.upper(): [] for role in ROLES})
    id: str = ""
    kind: str = ""
    speakers: list[str] = field(default_factory=list)
    stances: list[str] = field(default_factory=list)


def read(source: Source) -> list[Doc]:
    found = []
    for path in source.files:
        block: list[tuple[str, str]] = []
        for number, line in enumerate([*read_text(path).split("\n"), "# doc_id = "], 1):
            if line.startswith("# doc_id = ") and block:
                if (doc := _doc(block, source)) is not None:
                    found.append((doc, "", block[0][1]))
                block = []
            if line.strip():
                block.append((line.rstrip("\r"), f"{path}:{number}"))
    return once(found, source)


def _doc(block: Sequence[tuple[str, str]], source: Source) -> Doc | None:
    first, where = block[0]
    if not first.startswith("# doc_id = "):
        source.findings.refuse(where, "the article has no id", "Begin each with: # doc_id = ID")
        return None
    if (doc := source.article(unescaped(first.removeprefix("# doc_id = ")), where)) is None:
        return None
    columns: dict[str, _Column] = {}
    marks: list[Mark] = []
    for line, at in block[1:]:
        if line.startswith("# columns = "):
            columns = {name: _Column(at) for name in line.split(" ")[7:]}
        elif line.startswith("#"):
            _tell(line.split("\t"), at, columns, source)
        elif (mark := _word(line, at, len(marks), columns, source)) is not None:
            marks.append(mark)
    words = anchored(doc.article.text, marks, source.findings)
    statements = [s for c in columns.values() if (s := _statement(c, words, source)) is not None]
    return Doc(doc.article, statements=tuple(finished(doc.article, statements)), made_by="human")


def _tell(fields: Sequence[str], where: str, columns: dict[str, _Column], source: Source) -> None:
    """What a line below the words says of a column."""
    kind, *values = fields
    if len(values) < 2 or kind not in ("# statement", "# speaker", "# stance"):
        source.findings.note("comments that say nothing of a statement are left out")
        return
    if values[0] not in columns:
        source.findings.refuse(where, f"there is no column {values[0]}", "Name it in the line: # columns = …")
        return
    column = columns[values[0]]
    if kind == "# statement":
        column.id, column.kind = unescaped(values[1]), values[2] if len(values) > 2 else ""
    elif kind == "# speaker":
        column.speakers.append(values[1])
    else:
        column.stances.append(":".join(values[-2:]))


def _word(line: str, where: str, number: int, columns: dict[str, _Column], source: Source) -> Mark | None:
    fields = line.split("\t")
    if len(fields) != 4 + len(columns) or not (fields[2].isdecimal() and fields[3].isdecimal()):
        what = f"{len(fields)} fields, where ID, FORM, START, END and {len(columns)} statements are wanted"
        source.findings.refuse(where, what, "Keep the tabs, and a tag for each column")
        return None
    for name, column in zip(fields[4:], columns.values(), strict=True):
        for tag in name.split("|") if name != "O" else ():
            match = _TAG.fullmatch(tag)
            if match is None:
                source.findings.refuse(where, f"{tag!r} is no tag", "Use O, B- or I- with CONTENT, SOURCE or CUE")
                continue
            spans = column.words[match[2]]
            if match[1] == "B" or not spans or spans[-1][-1] != number - 1:
                spans.append([])
            spans[-1].append(number)
    return Mark(int(fields[2]), int(fields[3]), fields[1], where)


def _statement(column: _Column, words: Sequence[Span | None], source: Source) -> Statement | None:
    spans: dict[str, list[Span]] = {}
    for role, own in column.words.items():
        ends = [(words[numbers[0]], words[numbers[-1]]) for numbers in own]
        spans[role.capitalize()] = [Span(a.start, b.end) for a, b in ends if a is not None and b is not None]
    if not spans["Content"]:
        source.findings.refuse(column.where, "a column has no CONTENT", "Tag its words, or delete the column")
        return None
    told = {"kind": column.kind, "speakers": column.speakers, "stances": column.stances}
    return statement(column.id, spans, told, column.where, source)


CONLL = Format(
    name="conll",
    tool="CoNLL-style columns, a BIO column a statement",
    files="*.conll",
    write=write,
    read=read,
    losses=("Spaces at the ends of a span are not kept.", "Probabilities and scores are not kept."),
    needs_texts=True,
)
