"""The turns of a transcript: who has the floor, and what is said until the next label.

Briefings, interviews and meetings are written as labels with a colon ("MR. ALDEN: We asked twice."). An ordinary
colon makes no transcript: a text is one only where its labels are those of speakers, or come again, and speak in the
first or second person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.types import Span


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: its speaker's label, without the colon, and its paragraphs."""

    label: Span
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Label:
    paragraph: int
    span: Span
    start: int
    """Where the speech begins."""
    name: str
    strong: bool
    """A label that nothing but a transcript has."""


_WORD = r"[A-ZÀ-Þ][\w’'.&-]*"
_SMALL = r"(?:of|the|and|for|de|da|von|van|al|el|bin)"
_ASIDE = r"(?:[^\S\n]?[(\[][^)\]\n]{2,60}[)\]])?"
_NAMED = re.compile(rf"(?P<name>(?:(?:{_WORD}|{_SMALL}),?[^\S\n]){{0,8}}{_WORD}){_ASIDE}[^\S\n]?:(?=\s|$)")
_ASKED = re.compile(r"(?P<name>[QA])(?P<mark>[:.])(?=\s)|(?P<bare>Q)[^\S\n]{1,8}(?=[A-Z“\"])")
_ROLE = re.compile(
    r"(?:QUESTION|ANSWER|REPORTER|JOURNALIST|MODERATOR|INTERVIEWER|INTERPRETER|CORRESPONDENT|AUDIENCE|PARTICIPANT"
    r"|SPEAKER|SENIOR (?:ADMINISTRATION|OFFICIAL|U\.?S\.?)\b.*)(?: \d+)?",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"(?:(?:MR|MRS|MS|DR|SEN|REP|GEN|ADM|GOV|AMB|COL)\.? |THE (?:\w+ )?(?:PRESIDENT|CHAIR\w*|SECRETARY|MINISTER"
    r"|CHANCELLOR|SPEAKER|MODERATOR)\b|(?:(?:VICE|DEPUTY|PRIME|FOREIGN|DEFEN[CS]E|UNDER|ASSISTANT) )*(?:PRESIDENT"
    r"|SECRETARY|MINISTER|CHANCELLOR|AMBASSADOR|GENERAL|ADMIRAL|SENATOR|CHAIR(?:MAN|WOMAN)?|SPOKES\w+)(?: |$))",
    re.IGNORECASE,
)
"""Labels that begin with a title or are an office."""

_IN_PERSON = re.compile(r"\b(?:I|we|you|our|your|my|us|me|We|You|Our|Your|My|Thank|Thanks)\b")
_ASIDE_ALONE = re.compile(r"[(\[][^()\[\]]*[)\]]\.?$")
_END = re.compile(r"(?:END\b|\[?END OF\b|#{2,}|\* ?\* ?\*|-{3,}|_{3,})")
_SAYS = r"(?:said|says|told|added|noted|stressed|stated|replied|answered|asked|explained|also|then|went)"
LABELS_AT_MOST = 90
"""Characters from a paragraph's start within which its label's colon must stand."""


def turns(text: str, paragraphs: Sequence[Span]) -> tuple[Turn, ...]:
    """The turns of a transcript in order; none where the text is no transcript.

    Paragraphs without a label go on with the turn before them, until one reports of its speaker in the third person.
    Stage directions that stand alone are left out, and labels with nothing behind them give no turn.
    """
    labels = {label.paragraph: label for label in speaker_labels(text, paragraphs)}
    found: list[Turn] = []
    label: _Label | None = None
    content: list[Span] = []
    for i, paragraph in enumerate(paragraphs):
        said: Span | None = paragraph
        if i in labels:
            found += _turn(label, content)
            label, content = labels[i], []
            start = (
                label.start + len(text[label.start : paragraph.end]) - len(text[label.start : paragraph.end].lstrip())
            )
            said = Span(start, paragraph.end) if start < paragraph.end else None
        elif label is not None and _is_over(text, paragraph, label):
            found += _turn(label, content)
            label, content = None, []
        if label is not None and said is not None and not _ASIDE_ALONE.match(paragraph.text(text)):
            content.append(said)
    return (*found, *_turn(label, content))


def speaker_labels(text: str, paragraphs: Sequence[Span]) -> list[_Label]:
    """The labels of a transcript; an empty list where the text is none."""
    labels = [label for i, p in enumerate(paragraphs) if (label := _label(text, i, p)) is not None]
    times = Counter(label.name for label in labels)
    labels = [label for label in labels if label.name != "A" or times["Q"]]
    strong = [label for label in labels if label.strong or (label.name == "Q" and times["Q"] > 1)]
    speaking = [label for label in labels if _speaks(text, label, paragraphs)]
    if strong and (len(labels) > 1 or strong[0] in speaking):
        return [x for x in labels if x in strong or times[x.name] > 1 or _is_full(x) or x.name.isupper()]
    if len(times) < 2 or 2 * len(speaking) < len(labels):
        return []
    return labels if len(labels) > max(2, len(times)) else [label for label in labels if _is_full(label)]


def _label(text: str, number: int, paragraph: Span) -> _Label | None:
    end = min(paragraph.end, paragraph.start + LABELS_AT_MOST)
    if asked := _ASKED.match(text, paragraph.start, end):
        name = "bare" if asked["bare"] else "name"
        return _Label(number, Span(*asked.span(name)), asked.end(), asked[name], bool(asked["mark"]))
    match = _NAMED.match(text, paragraph.start, end)
    if match is None:
        return None
    name = match["name"]
    strong = bool(_ROLE.fullmatch(name) or _HELD.match(name))
    return _Label(number, Span(*match.span("name")), match.end(), name, strong)


def _is_full(label: _Label) -> bool:
    """Whether it has at least a first and a last name."""
    return 2 <= len(label.name.split()) <= 5


def _speaks(text: str, label: _Label, paragraphs: Sequence[Span]) -> bool:
    end = paragraphs[label.paragraph].end
    if label.start >= end - 1:  # the label stands alone
        end = paragraphs[min(label.paragraph + 1, len(paragraphs) - 1)].end
    return bool(_IN_PERSON.search(text, label.start, end))


def _is_over(text: str, paragraph: Span, label: _Label) -> bool:
    """Whether a paragraph stands after the turn: the text's end mark, or a report of its speaker."""
    if _END.match(text, paragraph.start, paragraph.end):
        return True
    last = re.escape(label.name.split()[-1])
    if len(last) < 3 or _ROLE.fullmatch(label.name):
        return False
    report = re.compile(
        rf"\b{last}\b(?:, [^,.]{{0,60}},)?(?: \w+)?,? {_SAYS}\b|\b{_SAYS} (?:\w+\.? ){{0,2}}{last}\b", re.IGNORECASE
    )
    return bool(report.search(text, paragraph.start, paragraph.end))


def _turn(label: _Label | None, content: Sequence[Span]) -> Iterator[Turn]:
    if label is not None and content:  # a label alone is none
        yield Turn(label.span, tuple(content))
