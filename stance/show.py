"""Shows one article in the terminal: sources, cues and contents coloured, and its statements as a table."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import InputError
from stance.framing import framing
from stance.rows import doc_from_rows, statement_rows
from stance.store import INFO, read_problems, read_run
from stance.types import Doc, Problem, Span, Stance, Statement
from stance.yamlfile import did_you_mean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from stance.config import Config

STYLES = {"source": "bold cyan", "cue": "bold magenta", "content": "underline"}
LABEL_STYLES = {"favor": "green", "against": "red", "neutral": "yellow"}
WIDTH = 100
"""Columns the text takes at the most: longer lines are hard to read."""

SHORT = 140
"""Characters of a content that the table shows."""


def find_doc(path: Path, article_id: str | None, config: Config) -> Doc:
    """One article, labelled: from a run folder as it stands there, from anything else by labelling it now.

    Raises:
        InputError: there is no such article, or several and none is named.
    """
    if (path / INFO).is_file():
        return _from_run(path, article_id)
    from stance.pipeline import Pipeline
    from stance.read import ReadOptions, read

    articles = []
    for item in read([str(path)], ReadOptions(**config.read.model_dump())):
        if isinstance(item, Problem):
            raise InputError(f"{item.path}: {item.reason}")
        if article_id in (None, item.id):
            articles.append(item)
        if len(articles) > 1 and article_id is None:
            raise InputError(f"{path} holds several articles. Name one with --article, for example --article {item.id}")
    if not articles:
        raise InputError(f"There is no article {article_id or ''} in {path}.")
    return Pipeline.load(config).run([Doc(articles[0])])[0]


def _from_run(folder: Path, article_id: str | None) -> Doc:
    known: list[str] = []
    only: Doc | None = None
    for article, statements in read_run(folder):
        known.append(article["article_id"])
        only = doc_from_rows(article, statements) if len(known) == 1 else None
        if article["article_id"] == article_id:
            return doc_from_rows(article, statements)
    if article_id is None and only is not None:
        return only
    if article_id is None:
        example = f" Name one with --article, for example --article {known[0]}" if known else ""
        raise InputError(f"{folder} is a run with {len(known):,} articles.{example}")
    for problem in read_problems(folder):
        if problem.article_id == article_id:
            raise InputError(f"The article {article_id!r} could not be labelled in this run: {problem.reason}")
    raise InputError(f"The run {folder} has no article {article_id!r}.{did_you_mean(article_id, known[:1000])}")


def find_statement(run: Path, statement_id: str) -> Doc:
    """The article of a run that holds a statement.

    Raises:
        InputError: none does.
    """
    for article, statements in read_run(run):
        if any(row["statement_id"] == statement_id for row in statements):
            return doc_from_rows(article, statements)
    raise InputError(f"The run {run} has no statement {statement_id!r}. Its ids stand in {run / 'statements.jsonl'}.")


def json_lines(doc: Doc) -> str:
    """The rows of statements.jsonl, one a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in statement_rows(doc))


def render(doc: Doc, console: Console) -> None:
    """Write an article and its statements to a console."""
    article = doc.article
    width = min(console.width, WIDTH)
    console.print()
    if article.title:
        console.print(_plain(article.title, "bold"), width=width)
    about = " · ".join(part for part in (article.outlet, article.date, article.id) if part)
    console.print(_plain(about, "dim"))
    for problem in doc.problems:
        console.print(_plain(f"Not labelled ({problem.stage}): {problem.reason}", "bold red"), width=width)
    console.print()
    for paragraph in coloured(doc):
        console.print(paragraph, width=width)
        console.print()
    if doc.statements:
        console.print(_legend())
        console.print(_table(doc, console.width))
    else:
        console.print(_plain("No statements were found.", "dim"))


def _plain(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)


def coloured(doc: Doc) -> list[Text]:
    """The article's paragraphs, styled, with the number of each statement after its content."""
    from rich.text import Text

    text = Text(doc.article.text)
    for statement in doc.statements:
        for span in statement.content:
            text.stylize(f"{STYLES['content']} {LABEL_STYLES.get(_leaning(statement), '')}".strip(), *_ends(span))
    for statement in doc.statements:
        for name, part in (("source", statement.source), ("cue", statement.cue)):
            if part:
                text.stylize(f"not underline default {STYLES[name]}", *_ends(part))
    marks = sorted((s.content[-1].end, number) for number, s in enumerate(doc.statements, 1))
    numbered, last = Text(), 0
    for end, number in marks:
        numbered.append_text(text[last:end])
        numbered.append(f"[{number}]", style="dim bold")
        last = end
    numbered.append_text(text[last:])
    return [line for line in numbered.split("\n") if line.plain.strip()]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _leaning(statement: Statement) -> str:
    """The label that colours a content: that of its surest stance, "" where it has none."""
    sure = [stance for stance in statement.stances if stance.target and not stance.abstained]
    return max(sure, key=lambda stance: stance.confidence).label if sure else ""


def _legend() -> Text:
    from rich.text import Text

    contents = [*((label, f"underline {style}") for label, style in LABEL_STYLES.items()), ("no target", "underline")]
    parts = [("source", STYLES["source"]), ("cue", STYLES["cue"]), ("content:", "dim"), *contents]
    return Text.assemble(*(piece for part in parts for piece in (part, "  ")), "\n")


def _table(doc: Doc, width: int) -> object:
    from rich.table import Table

    text = doc.article.text
    table = Table(box=None, padding=(0, 2, 1, 0), header_style="bold", width=min(width, 140))
    table.add_column("#", justify="right", style="dim")
    table.add_column("Speaker", ratio=3)
    table.add_column("Cue", ratio=2, style=STYLES["cue"])
    table.add_column("Content", ratio=6)
    longest = max((len(s.target or "") for statement in doc.statements for s in statement.stances), default=0)
    table.add_column("Stance", width=max(longest + len("against 0.00 "), len("Stance")))
    introduced: set[str] = set()
    for number, statement in enumerate(doc.statements, 1):
        content = " ".join(statement.content_text(text).split())
        short = content if len(content) <= SHORT else content[: SHORT - 1].rsplit(" ", 1)[0] + " …"
        table.add_row(
            str(number),
            _speakers(doc, statement, introduced),
            _cue(statement, text),
            _plain(short),
            _stances(statement.stances),
        )
    return table


def _cue(statement: Statement, text: str) -> Text:
    """The cue, with how it frames the content where it is not neutral."""
    from rich.text import Text

    if statement.cue is None:
        return Text("–")
    cue = statement.cue.text(text)
    frame = framing(cue)
    return Text(cue) if frame == "neutral" else Text.assemble(cue, "\n", (frame, "not bold default dim"))


def _speakers(doc: Doc, statement: Statement, introduced: set[str]) -> Text:
    """Names with what they speak for; with the role, too, the first time."""
    from rich.text import Text

    if not statement.speakers:
        source = statement.source.text(doc.article.text) if statement.source else ""
        return Text(f"{source} (unknown)" if source else "unknown", "dim")
    lines = []
    for speaker in statement.speakers:
        lines.append(Text(speaker.name, "cyan" if speaker.kind == "unnamed" else STYLES["source"]))
        role = "" if speaker.id in introduced else speaker.role
        introduced.add(speaker.id)
        about = ", ".join(part for part in (role, speaker.affiliation) if part and part != speaker.name)
        if about:
            lines.append(Text(about, "dim"))
    return Text("\n").join(lines)


def _stances(stances: tuple[Stance, ...]) -> Text:
    """A line for each: label, confidence, target; then the topics that are merely touched, which have no side."""
    from rich.text import Text

    lines = []
    for stance in (stance for stance in stances if stance.target):
        label = "unsure" if stance.abstained else stance.label
        style, quiet = LABEL_STYLES.get(label, "dim"), "" if label in LABEL_STYLES else "dim"
        lines.append(Text.assemble((f"{label:7} {stance.confidence:.2f} ", style), (stance.target or "", quiet)))
    if topics := [stance.topic for stance in stances if not stance.target]:
        lines.append(Text(f"topic   {', '.join(topics)}", "dim"))
    return Text("\n").join(lines)


def models_table(console: Console) -> None:
    """Write what models are shipped to a console."""
    from stance.models import shipped_models

    models = shipped_models()
    if not models:
        console.print(_plain("No models are shipped with this installation."))
    for model in models:
        console.print(
            _plain(model.name, "bold cyan")
            + _plain(f"  {model.bytes / 1e6:,.1f} MB, {model.licence}", "not bold default")
        )
        if model.summary:
            console.print(_plain(f"  {model.summary}"))
        for name, value in model.numbers.items():
            console.print(_plain(f"  {name}: {value:g}"))
        console.print(_plain(f"  {model.card if model.card.is_file() else 'no card'}", "dim"), soft_wrap=True)


def models_json() -> str:
    """The same as a JSON list."""
    from stance.models import shipped_models

    rows = [{**asdict(model), "folder": str(model.folder), "card": str(model.card)} for model in shipped_models()]
    return json.dumps(rows, ensure_ascii=False, indent=2)
