"""`stance label`: articles in, a run folder out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stance.cli.options import (
    INPUT,
    MODELS,
    RESULT,
    AttributionModel,
    Batch,
    ConfigFile,
    Device,
    Scope,
    Settings,
    SpeakersFile,
    StanceModel,
    TopicsFile,
    Workers,
    column,
    configuration,
    model_values,
)
from stance.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from stance.config import Config


def label(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Folders, files or globs; - for standard input.")
    ],
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="RUN", help="Folder for the results.", rich_help_panel=RESULT)
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
    workers: Workers = None,
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(help="ray: on a Ray cluster; RUN may be a URL, and becomes shards for `stance merge`."),
    ] = "local",
    batch: Batch = None,
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

    from stance.read.remote import is_remote

    options = configuration(config, settings, values)
    console = Console(stderr=True, quiet=quiet)
    if engine == "local" and is_remote(out):
        raise InputError(f"A run lies in a folder of this machine, not at {out}. With --engine ray, shards may.")
    if engine == "ray" and (limit or overwrite):
        raise InputError("With --engine ray there is no --limit and no --overwrite. Give fewer files, another folder.")
    try:
        problems = (
            _on_cluster(paths, out, options, console)
            if engine == "ray"
            else _here(paths, out, options, overwrite, limit, console)
        )
    except KeyboardInterrupt:
        typer.echo("stance: stopped. The same command goes on where this one was.", err=True)
        raise typer.Exit(130) from None
    raise typer.Exit(1 if problems else 0)


def _here(paths: list[str], out: str, config: Config, overwrite: bool, limit: int | None, console: Console) -> bool:
    """Label on this machine; gives whether there were problems."""
    from stance.engine import label_articles
    from stance.progress import Bar, Silence, summary

    began = time.monotonic()
    bar = Bar(console) if console.is_terminal and not console.quiet else Silence()
    counts = label_articles(paths, out, config, overwrite, limit, bar)
    if not console.quiet:
        typer.echo(summary(counts, time.monotonic() - began, out), err=True)
    return bool(counts.problems)


def _on_cluster(paths: list[str], out: str, config: Config, console: Console) -> bool:
    """Label with Ray; gives whether there were problems."""
    from stance.cluster import ShardCounts, label_shards
    from stance.progress import shards_summary

    began = time.monotonic()
    with console.status("starting") as status:

        def watch(counts: ShardCounts, shards: int) -> None:
            status.update(f"{counts.shards:,} of {shards:,} shards, {counts.articles:,} articles")

        counts = label_shards(paths, out, config, watch=watch)
    if not console.quiet:
        typer.echo(shards_summary(counts, time.monotonic() - began, out), err=True)
    return bool(counts.problems)
