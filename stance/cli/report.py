"""`stance report`: who stands where, from a run folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from stance.cli.options import Form, output


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote.")],
    speaker: Annotated[str | None, typer.Option(help="Only this speaker: name, surname or id.")] = None,
    topic: Annotated[str | None, typer.Option(metavar="ID", help="Only this topic or target.")] = None,
    by: Annotated[
        Literal["speaker", "affiliation"],
        typer.Option(help="Whose positions: each speaker's, or those of the country or body they speak for."),
    ] = "speaker",
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write there, not to stdout.")] = None,
    top: Annotated[int, typer.Option(min=1, help="Speakers shown, those with most statements first.")] = 20,
    quotes: Annotated[
        int | None,
        typer.Option(
            min=0, help="Statements shown for each position; all in JSON, else 1, or 5 with --speaker or --topic."
        ),
    ] = None,
) -> None:
    """Show where each speaker stands on each topic, and the statements behind every number.

    With --topic, it shows for each of its targets who stands where. It needs the run folder only, no model.
    Positions go from -1 (against) to +1 (favor), with a 95% interval.

    Example: stance report run/ --topic ukraine-crisis
    """
    from stance.report.blocks import by_speaker, by_target
    from stance.report.filters import Filters
    from stance.report.group import positions
    from stance.report.markdown import markdown
    from stance.report.records import as_json
    from stance.report.terminal import table

    data = positions(run, by, Filters(speaker, topic))
    if quotes is None:
        quotes = sys.maxsize if form == "json" else 5 if speaker or topic else 1
    blocks = by_target(data, top) if topic and not speaker else by_speaker(data, top)
    with output(out) as console:
        if form == "table":
            table(data, blocks, console, quotes)
        else:
            text = markdown(data, blocks, quotes) if form == "markdown" else as_json(data, top, quotes)
            console.out(text, highlight=False, end="")
    if len(data.speakers) > top and not (topic or speaker):
        typer.echo(f"{len(data.speakers) - top} more speakers: --top {len(data.speakers)}", err=True)
