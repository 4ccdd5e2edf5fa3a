"""Summaries in prose for a reader, each sentence with the statements that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.report.blocks import plural
from stance.report.claims import Sentence, Summary
from stance.report.markdown import escape, markdown
from stance.report.page import Page
from stance.report.positions import Positions

if TYPE_CHECKING:
    from rich.console import Console

    from stance.report.summary import Summaries

SHOWN = 3
"""Statements named after a sentence in a terminal; the other forms name all."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A summary under its title."""

    title: str
    summary: Summary


def passages(data: Positions, top: int, summarizer: Path | None) -> list[Passage]:
    """The summaries that a report asks for: of its speaker, of its topic, or of the whole run and of those in it.

    Args:
        data: the positions.
        top: speakers at the most, those with most statements first.
        summarizer: folder of a language model that writes in place of the rules.

    Raises:
        ModelError: there is no such model.
    """
    made, asked = summaries(data, summarizer), data.filters
    if asked.topic and not asked.speaker:
        found = [Passage(data.title(asked.topic), made.topic(asked.topic.casefold()))]
    else:
        topic = asked.topic.casefold() if asked.topic else None
        found = [] if asked.speaker else [Passage("The whole", made.run())]
        found += [Passage(row.name, made.speaker(row, topic)) for row in data.speakers[:top]]
    return [passage for passage in found if passage.summary.sentences]


def summaries(data: Positions, summarizer: Path | None) -> Summaries:
    """What writes the summaries: rules, or a language model in its folder.

    Raises:
        ModelError: there is no such model.
    """
    from stance.report.summary import Summaries

    if summarizer is None:
        return Summaries(data)
    from stance.report.summarizer import LocalWriter

    return Summaries(data, LocalWriter(summarizer))


def draw(of: Page, found: Sequence[Passage], console: Console) -> None:
    """Write summaries to a console, under the title and the lines of a page."""
    from rich.text import Text

    from stance.report import terminal

    terminal.draw(of, console)
    console.print()
    for passage in found:
        console.print(Text(passage.title, "bold cyan"))
        for paragraph in passage.summary.paragraphs:
            text = Text()
            for sentence in paragraph:
                text.append(sentence.text).append(f" {_ids(sentence)}".rstrip() + " ", "dim")
            terminal.indented(text, 2, console)
            console.print()
        if lost := len(passage.summary.dropped):
            console.print(Text(f"  {plural(lost, 'sentence')} of the model left out: no statement says it.\n", "dim"))


def _ids(sentence: Sentence) -> str:
    ids = sentence.evidence
    more = f" +{len(ids) - SHOWN}" if len(ids) > SHOWN else ""
    return f"[{', '.join(ids[:SHOWN])}{more}]" if ids else ""


def markdown_prose(of: Page, found: Sequence[Passage]) -> str:
    """Summaries as Markdown under the title and the lines of a page; statements behind a sentence are its footnote."""
    lines, notes = [markdown(of)], list[str]()
    for passage in found:
        lines += [f"## {escape(passage.title)}", ""]
        for paragraph in passage.summary.paragraphs:
            parts = []
            for sentence in paragraph:
                if sentence.evidence:
                    notes.append(f"[^{len(notes) + 1}]: {', '.join(f'`{own}`' for own in sentence.evidence)}")
                parts.append(escape(sentence.text) + (f"[^{len(notes)}]" if sentence.evidence else ""))
            lines += [" ".join(parts), ""]
        if lost := len(passage.summary.dropped):
            lines += [f"*{plural(lost, 'sentence')} of the model left out: no statement says it.*", ""]
    return "\n".join([*lines, *notes, ""])


def prose_rows(found: Sequence[Passage]) -> Iterator[dict[str, Any]]:
    """Summaries as plain values."""
    for passage in found:
        yield {
            "title": passage.title,
            "text": passage.summary.text,
            "sentences": [
                {"text": s.text, "statements": s.evidence, "by_model": s.by_model} for s in passage.summary.sentences
            ],
            "dropped": [{"text": d.text, "reason": d.reason} for d in passage.summary.dropped],
        }
