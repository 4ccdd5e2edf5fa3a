"""`stance train`: a recipe and data in, a model folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="A shipped recipe's name, or a YAML file.")],
    data: Annotated[Path, typer.Option(metavar="DIR", help="Folder with the data that the recipe names.")],
    base: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the encoder to begin with.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="MODEL", help="Folder for the model.")],
) -> None:
    """Train a model by a recipe; one that was stopped goes on from its last checkpoint.

    The recipes of the shipped models are attribution and stance.

    Example: stance train attribution --data data/ --base all-MiniLM-L6-v2/ -o my-model/
    """
    import logging

    from stance.shipped import recipe_file
    from stance.train import train as train_model

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    folder = train_model(recipe_file(recipe), data, base, out)
    typer.echo(f"The model is in {folder}. Use it with --attribution-model or --stance-model.", err=True)
