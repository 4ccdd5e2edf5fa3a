"""`stance label`: articles in, a run folder out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import (
    INPUT,
    MODELS,
    RESULT,
    AttributionModel,
    ConfigFile,
    Device,
    Scope,
    Settings,
    SpeakersFile,
    StanceModel,
    TopicsFile,
    column,
    configuration,
    model_values,
)


def label(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Folders, files or globs; - for standard input.")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="RUN", help="Folder for the results.", rich_help_panel=RESULT)
    ],
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Label everything anew, whatever the folder holds.", rich_help_panel=RESULT),
    ] = False,
    min_score: Annotated[
        float | None, typer.Option(help="Leave out statements scored lower (0 to 1).", rich_help_panel=RESULT)
    ] = None,
    scope: Scope = None,
    id_column: Annotated[str | None, column("id", "the article's id")] = None,
    text_column: Annotated[str | None, column("text", "the text")] = None,
    title_column: Annotated[str | None, column("title", "the headline")] = None,
    date_column: Annotated[str | None, column("date", "the date")] = None,
    outlet_column: Annotated[str | None, column("outlet", "the outlet")] = None,
    url_column: Annotated[str | None, column("url", "the web address")] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of text files; detected if not given.", rich_help_panel=INPUT)
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Read this many articles at the most.", rich_help_panel=INPUT)
    ] = None,
    topics: TopicsFile = None,
    speakers: SpeakersFile = None,
    decisions: Annotated[
        Path | None, typer.Option(help="YAML file with decisions about speakers.", rich_help_panel=MODELS)
    ] = None,
    attribution_model: AttributionModel = None,
    stance_model: StanceModel = None,
    device: Device = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes side by side; one a core by default.", rich_help_panel=MODELS),
    ] = None,
    batch: Annotated[int | None, typer.Option(help="Articles worked on at a time.", rich_help_panel=MODELS)] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first article that fails.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Find every statement in articles: who said it, and with which stance toward which target.

    The same command continues a run that was stopped. In a finished one, only what is new or changed is labelled, what
    is gone is dropped, and of changed options (topics, speakers, models) only what depends on them is done again.

    Example: stance label articles/ -o run/
    """
    values = {
        "read.id_column": id_column,
        "read.text_column": text_column,
        "read.title_column": title_column,
        "read.date_column": date_column,
        "read.outlet_column": outlet_column,
        "read.url_column": url_column,
        "read.encoding": encoding,
        "min_score": min_score,
        "scope": scope,
        "decisions": decisions,
        "workers": workers,
        "batch": batch,
        "strict": strict or None,
        **model_values(topics, speakers, attribution_model, stance_model, device),
    }
    from rich.console import Console

    from stance.engine import label_articles
    from stance.progress import Bar, Silence, summary

    console = Console(stderr=True)
    began = time.monotonic()
    bar = Bar(console) if console.is_terminal and not quiet else Silence()
    try:
        counts = label_articles(paths, out, configuration(config, settings, values), overwrite, limit, bar)
    except KeyboardInterrupt:
        typer.echo("stance: stopped. The same command goes on where this one was.", err=True)
        raise typer.Exit(130) from None
    if not quiet:
        typer.echo(summary(counts, time.monotonic() - began, out), err=True)
    raise typer.Exit(1 if counts.problems else 0)
