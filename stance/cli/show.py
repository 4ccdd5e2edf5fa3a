"""`stance show`: one article, marked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import (
    AttributionModel,
    ConfigFile,
    Device,
    Scope,
    Settings,
    SpeakersFile,
    StanceModel,
    TopicsFile,
    configuration,
    model_values,
    output,
)


def show(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An article, or a run folder (with --article).")],
    article: Annotated[
        str | None, typer.Option("--article", metavar="ID", help="Which article of the file or run.")
    ] = None,
    json_rows: Annotated[bool, typer.Option("--json", help="Print the rows of statements.jsonl.")] = False,
    scope: Scope = None,
    topics: TopicsFile = None,
    speakers: SpeakersFile = None,
    attribution_model: AttributionModel = None,
    stance_model: StanceModel = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Show one article with its sources, cues, contents and stances coloured, and a table of its statements.

    A run folder is shown as it was labelled, without any model.

    Example: stance show article.txt
    """
    from stance.show import find_doc, json_lines, render

    values = {**model_values(topics, speakers, attribution_model, stance_model, device), "scope": scope}
    doc = find_doc(path, article, configuration(config, settings, values))
    if json_rows:
        typer.echo(json_lines(doc), nl=False)
    else:
        with output(None) as console:
            render(doc, console)
    raise typer.Exit(1 if doc.problems else 0)
