"""`stance merge`: several runs, or shards, as one run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer


def merge(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Folders of runs, or folders or URLs of shards.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Folder for the run that they become.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a run that is there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary.")] = False,
) -> None:
    """Join runs that were labelled apart, with the same settings: the result is that of one run over all articles.

    An article that several runs hold alike is kept once; speakers are joined across all articles anew, and the runs'
    decisions about speakers are carried along.

    Example: stance merge runs/2024 runs/2025 -o run/
    """
    from stance.merge import merge as join
    from stance.progress import summary

    began = time.monotonic()
    counts = join(runs, out, overwrite)
    if not quiet:
        typer.echo(summary(counts, time.monotonic() - began, out), err=True)
    raise typer.Exit(1 if counts.problems else 0)
