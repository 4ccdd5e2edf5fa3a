"""`stance models`: what is shipped."""

from __future__ import annotations

from typing import Annotated

import typer

from stance.cli.options import output


def models(json_rows: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the models that come with the product: size, licence, card and main scores.

    Example: stance models
    """
    from stance.show import models_json, models_table

    if json_rows:
        typer.echo(models_json())
    else:
        with output(None) as console:
            models_table(console)
