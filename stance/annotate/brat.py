"""brat standoff: NAME.txt and NAME.ann beside each other, an Attribution event a statement, and annotation.conf.

An attribute may stand once at an event, so there is one attribute a target: `Stance_russia-sanctions E1 against`. A
note at the event holds the statement's id and speakers. A further part of a content is a further role, Content2. brat
cuts what crosses a line end in two; such parts are joined again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from stance.annotate.anchor import Mark, anchored
from stance.annotate.findings import Findings, Source, once, read_text
from stance.annotate.form import Export, Format
from stance.annotate.graph import ROLES, finished
from stance.annotate.notation import TOPIC, about, joined, parted, speaker_text
from stance.annotate.parts import statement, text_of
from stance.gold import KINDS
from stance.types import LABELS, Doc, Span, Statement

STANCE, TOPIC_STANCE = "Stance_", "Topic_"
_ROLE = re.compile(r"(Attribution|Content|Source|Cue)\d*:(\S+)")
_NOTE = re.compile(r"(?:statement=(\S+))? ?(?:speakers?=(.*))?", re.DOTALL)
Spans = tuple[Span, ...]


def setup(export: Export) -> str:
    """The annotation.conf of the collection."""
    names = [STANCE + target.id for target in export.topics.targets]
    names += [TOPIC_STANCE + topic.id for topic in export.topics.topics]
    values = [f"{name}\tArg:<EVENT>, Value:{'|'.join(LABELS)}" for name in names]
    return "\n".join(
        [
            "[entities]",
            *ROLES,
            "[relations]",
            "[events]",
            "Attribution\tContent+:Content, Source*:Source, Cue?:Cue",
            "[attributes]",
            f"Kind\tArg:<EVENT>, Value:{'|'.join(KINDS)}",
            *values,
            "",
        ]
    )


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    files = {"annotation.conf": setup(export).encode()}
    for doc in docs:
        name = quote(doc.article.id, safe="")
        files[f"{name}.txt"] = doc.article.text.encode()
        files[f"{name}.ann"] = "".join(f"{line}\n" for line in _lines(doc)).encode()
    return files


def _lines(doc: Doc) -> Iterator[str]:
    text = doc.article.text
    bound: dict[tuple[object, ...], str] = {}
    counted = 0

    def mark(role: str, span: Span, *key: object) -> tuple[str, list[str]]:
        """The id of a text-bound annotation, and its line where it is new."""
        whole = (role, span, *key)
        if whole in bound:
            return bound[whole], []
        bound[whole] = f"T{len(bound) + 1}"
        parts = _cut(text, span)
        places = ";".join(f"{part.start} {part.end}" for part in parts)
        shown = " ".join(part.text(text) for part in parts).replace("\t", " ")
        return bound[whole], [f"{bound[whole]}\t{role} {places}\t{shown}"]

    for number, s in enumerate(doc.statements, 1):
        trigger, lines = mark("Attribution", s.cue or s.content[0], number)
        event = [f"Attribution:{trigger}"]
        for role, span, key in _parts(s, number):
            own, new = mark(role.rstrip("0123456789"), span, *key)
            lines += new
            event.append(f"{role}:{own}")
        note = f"statement={quote(s.id, safe='')}"
        if s.speakers:
            note += f" speakers={joined(speaker_text(speaker) for speaker in s.speakers)}"
        lines += [f"E{number}\t{' '.join(event)}", f"#{number}\tAnnotatorNotes E{number}\t{note}"]
        values = [("Kind", s.kind)] + [(_attribute(about(stance)), stance.label) for stance in s.stances]
        for name, value in values:
            counted += 1
            lines.append(f"A{counted}\t{name} E{number} {value}")
        yield from lines


def _parts(s: Statement, number: int) -> Iterator[tuple[str, Span, tuple[int, ...]]]:
    """The roles of an event with their spans; a content is the statement's own, a cue or source may be shared."""
    for place, span in enumerate(s.content, 1):
        yield "Content" if place == 1 else f"Content{place}", span, (number, place)
    if s.cue is not None:
        yield "Cue", s.cue, ()
    if s.source is not None:
        yield "Source", s.source, ()


def _attribute(name: str) -> str:
    return TOPIC_STANCE + name.removeprefix(TOPIC) if name.startswith(TOPIC) else STANCE + name


def _cut(text: str, span: Span) -> list[Span]:
    """A span without the line ends in it, which brat does not allow."""
    return [Span(*m.span()) for m in re.compile(r"[^\r\n]+").finditer(text, span.start, span.end)]


@dataclass
class _Event:
    where: str
    roles: list[tuple[str, str]]
    values: dict[str, str] = field(default_factory=dict)
    note: str = ""


def read(source: Source) -> list[Doc]:
    found = []
    for path in source.files:
        if path.suffix == ".ann":
            found += [(doc, "", f"{path}:1") for doc in [_doc(path, source)] if doc is not None]
    return once(found, source)


def _doc(path: Path, source: Source) -> Doc | None:
    name = unquote(path.stem)
    beside = path.with_suffix(".txt")
    if not beside.exists() and name not in source.base:
        source.findings.refuse(f"{path}:1", f"{beside.name} is missing", "Put the text beside it, or give --run")
        return None
    shown = read_text(beside, mark=True) if beside.exists() else source.base[name].article.text
    text = text_of({}, name, shown, source, f"{path}:1")
    if text is None:
        return None
    article = text.article
    if article.text != shown:
        source.findings.refuse(f"{beside}:1", "its line ends are not the run's", "Use the .txt file that was exported")
        return None
    bound, events, notes = _parsed(path, article.text, source.findings)
    statements = [s for e in events.values() if (s := _statement(e, bound, notes, source)) is not None]
    used = {own for event in events.values() for _, own in event.roles}
    for own, (_, where) in bound.items():
        if own not in used:
            source.findings.refuse(where, f"{own} belongs to no Attribution", "Add it to an event, or delete it")
    return Doc(article, statements=tuple(finished(article, statements)), made_by="human")


Bound = dict[str, tuple[Spans | None, str]]
"""Text-bound annotations by id, with their places; None where the text is another."""


@dataclass
class _Lines:
    """The lines of a .ann file by kind, and how each is read: text-bound, event, attribute, note."""

    marks: list[tuple[str, list[Mark]]] = field(default_factory=list)
    events: dict[str, _Event] = field(default_factory=dict)
    values: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Place, attribute, event, value."""
    notes: dict[str, str] = field(default_factory=dict)

    def add(self, fields: Sequence[str], where: str) -> bool:
        """Take a line in; false where it is of a kind that says nothing of attributions."""
        kind = fields[0][0]
        if kind == "T":
            self.marks.append((fields[0], _marks(fields[1], fields[2], where)))
        elif kind == "E":
            self.events[fields[0]] = _Event(where, _ROLE.findall(fields[1]))
        elif kind == "A":
            name, event, *value = fields[1].split(" ")
            self.values.append((where, name, event, "".join(value)))
        elif kind == "#":
            self.notes[fields[1].split(" ")[1]] = fields[2]
        return kind in "TEA#"


def _parsed(path: Path, text: str, findings: Findings) -> tuple[Bound, dict[str, _Event], dict[str, str]]:
    """Text-bound annotations and events by id, and notes by what they are about."""
    lines = _Lines()
    for number, line in enumerate(read_text(path).split("\n"), 1):
        where, fields = f"{path}:{number}", line.rstrip("\r").split("\t")
        try:
            if line.strip() and not lines.add(fields, where):
                findings.note(f"lines that begin with {line[0]!r}, which are no part of an attribution, are left out")
        except (IndexError, ValueError):
            findings.refuse(where, "this is no line of brat's", "Mend it, or save the annotation in brat again")
    for where, name, about_event, label in lines.values:
        if about_event in lines.events:
            lines.events[about_event].values[name] = label
        else:
            findings.refuse(where, f"{name} is at {about_event}, which the file does not have", "Delete the line")
    for name, event in lines.events.items():
        event.note = lines.notes.get(name, "")
    spans = iter(anchored(text, [mark for _, own in lines.marks for mark in own], findings))
    bound: Bound = {}
    for name, own in lines.marks:
        found = [next(spans) for _ in own]
        parts = tuple(sorted(span for span in found if span is not None))
        bound[name] = (_joined(parts, text) if len(parts) == len(own) else None, own[0].where)
    return bound, lines.events, lines.notes


def _marks(label: str, shown: str, where: str) -> list[Mark]:
    """The parts of a text-bound annotation; the text beside it is that of all parts, a space between."""
    ends = [part.split(" ") for part in label.split(" ", 1)[1].split(";")]
    places = [(int(start), int(end)) for start, end in ends]
    if len(places) == 1:
        return [Mark(*places[0], shown, where)]
    made, at = [], 0
    for start, end in places:
        size = end - start
        made.append(Mark(start, end, shown[at : at + size], where))
        at += size + 1
    return made


def _joined(spans: Spans, text: str) -> Spans:
    """Parts between which there is nothing but a line end as one."""
    kept = [spans[0]]
    for span in spans[1:]:
        between = text[kept[-1].end : span.start]
        if between and not between.strip("\r\n"):
            kept[-1] = Span(kept[-1].start, span.end)
        else:
            kept.append(span)
    return tuple(kept)


def _statement(event: _Event, bound: Bound, notes: dict[str, str], source: Source) -> Statement | None:
    findings, where = source.findings, event.where
    roles: dict[str, list[Span]] = {role: [] for role in ("Attribution", *ROLES)}
    texts = [notes.get(own, "") for role, own in event.roles if role == "Source"]
    for role, own in event.roles:
        if own not in bound:
            findings.refuse(where, f"{role} is {own}, which the file does not have", "Delete the event or restore it")
            return None
        roles[role] += bound[own][0] or ()
        if bound[own][0] is None:
            return None  # its fault is told already
    if not roles["Content"]:
        findings.refuse(where, "this Attribution has no Content", "Add one, or delete the event")
        return None
    note = _NOTE.fullmatch(event.note)
    lines = parted((note and note[2]) or "")
    if not lines:
        lines = [line for text in texts if (m := _NOTE.fullmatch(text)) and m[2] for line in parted(m[2])]
    stances = []
    for name, label in event.values.items():
        if name.startswith(STANCE):
            stances.append(f"{name.removeprefix(STANCE)}:{label}")
        elif name.startswith(TOPIC_STANCE):
            stances.append(f"{TOPIC}{name.removeprefix(TOPIC_STANCE)}:{label}")
        elif name != "Kind":
            findings.note(f"attributes {name!r}, which annotation.conf does not have, are left out")
    told = {"kind": event.values.get("Kind", ""), "speakers": lines, "stances": stances}
    return statement(unquote((note and note[1]) or ""), roles, told, where, source)


BRAT = Format(
    name="brat",
    tool="brat standoff (.txt, .ann, annotation.conf)",
    files="*.ann",
    write=write,
    read=read,
    losses=(
        "Title, date and outlet come from the run.",
        "A line end at the end of a span is lost.",
        "Probabilities and scores are not kept.",
    ),
    setup=setup,
    folder=True,
)
