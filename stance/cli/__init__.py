"""The command line: thin commands over the library, one file a command.

Data goes to stdout, progress and summaries to stderr. Exit codes: 0 all well, 1 some articles had problems, 2 wrong
use. Everything heavy is imported inside the commands.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from stance import __version__
from stance.cli import annotate, config, evaluate, speakers, topics
from stance.cli.bench import bench
from stance.cli.classify import classify
from stance.cli.explain import explain
from stance.cli.label import label
from stance.cli.merge import merge
from stance.cli.models import models
from stance.cli.options import HELP
from stance.cli.report import report
from stance.cli.show import show
from stance.cli.train import train
from stance.errors import StanceError

app = typer.Typer(
    help="Who says what in news articles, and where they stand.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings=HELP,
)
for command in (label, merge, show, explain, report, classify, train, models, bench):
    app.command()(command)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(annotate.app, name="annotate")
app.add_typer(speakers.app, name="speakers")
app.add_typer(topics.app, name="topics")
app.add_typer(config.app, name="config")


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    if version:
        typer.echo(f"stance {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point of the `stance` command; what is wrong is said in one paragraph, without a traceback."""
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_PROGRESS_BARS", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Threads that spin while they wait for each other made a forward pass up to fifty times slower on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app()
    except StanceError as error:
        typer.echo(f"stance: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; that is no fault. Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
