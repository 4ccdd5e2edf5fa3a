"""`stance config`: show every option, or check a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import HELP, ConfigFile, Settings, configuration

app = typer.Typer(help="Show every option, or check a file.", no_args_is_help=True, context_settings=HELP)


@app.command("show")
def config_show(config: ConfigFile = None, settings: Settings = None) -> None:
    """Print every option with its value and what it means; the output is itself a configuration.

    Example: stance config show > mine.yaml
    """
    from stance.config import commented

    typer.echo(commented(configuration(config, settings, {})), nl=False)


@app.command("check")
def config_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A configuration, or a file with topics.")],
) -> None:
    """Check a configuration or a topics file, and say which line is wrong.

    Example: stance config check mytopics.yaml
    """
    from stance.config import check

    typer.echo(check(file))
