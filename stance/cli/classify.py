"""`stance classify`: the stance of texts toward a target each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import RESULT, ConfigFile, Device, Settings, StanceModel, configuration, model_values


def classify(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS", help="JSONL or CSV: id, text, target, speaker (if known).")],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="OUT", help="JSONL or CSV, by its ending.", rich_help_panel=RESULT),
    ],
    stance_model: StanceModel = None,
    device: Device = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Judge texts that come with a target each: favor, against, or neutral, with probabilities.

    The target is a proposition in plain words; "about" is false where the text does not bear on it, which counts as
    neutral. Rows come out in the order in which they went in.

    Example: stance classify pairs.jsonl -o labels.jsonl
    """
    from rich.console import Console
    from rich.progress import Progress

    from stance.judge import Judge
    from stance.models import model_folder
    from stance.pairs import classify_file

    options = configuration(config, settings, model_values(None, None, None, stance_model, device))
    judge = Judge(model_folder(options.models.stance), options.device)
    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("rows", total=None)
        done = classify_file(pairs, out, judge, lambda rows: bar.update(task, completed=rows))
    if not quiet:
        typer.echo(f"{done.rows:,} rows in {out}: {done.abstained:,} unsure, {done.problems:,} problems.", err=True)
    raise typer.Exit(1 if done.problems else 0)
