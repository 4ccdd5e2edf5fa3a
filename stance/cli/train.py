"""`stance train`: annotated articles in, a better model out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import RESULT, ConfigFile, SpeakersFile, TopicsFile, configuration, output
from stance.errors import InputError

if TYPE_CHECKING:
    from stance.config import Config
    from stance.train.finetune import Order, Outcome

START, HOW = "What to begin with", "How to learn"
ANEW = frozenset({"what", "data", "out", "base", "download"})
"""Options that a recipe uses: all else stands in it."""
SPEAKER = frozenset({"what", "data", "out", "speakers", "config"})


def train(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(metavar="PART", help="stance (targets, too), attribution or speaker; or a recipe, a YAML file."),
    ],
    data: Annotated[
        Path,
        typer.Option(metavar="PATH", help="Annotated articles: JSONL, or a folder of it. Recipe: folder of its data."),
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="MODEL", help="Folder for the model.", rich_help_panel=RESULT)
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="MODEL", help="Model to go on from; the shipped one.", rich_help_panel=START),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Plain encoder to begin with: folder or hub id.", rich_help_panel=START),
    ] = None,
    download: Annotated[
        bool, typer.Option("--download", help="Fetch a hub id that is not here yet.", rich_help_panel=START)
    ] = False,
    held_out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Articles to hold out; else a part, the latest, is.")
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Original training data, to learn again from.", rich_help_panel=HOW),
    ] = None,
    unlabelled: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="A run on other articles, whose answers are kept.", rich_help_panel=HOW),
    ] = None,
    lora: Annotated[
        bool, typer.Option("--lora", help="Train low-rank adapters only (extra lora).", rich_help_panel=HOW)
    ] = False,
    epochs: Annotated[float | None, typer.Option(min=0, help="Most epochs.", rich_help_panel=HOW)] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed.", rich_help_panel=HOW)] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change an option of the recipe.", rich_help_panel=HOW),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Train nothing: say how long it takes, and what is wrong with the data.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Begin anew in a folder that holds a model.", rich_help_panel=RESULT)
    ] = False,
    topics: TopicsFile = None,
    speakers: SpeakersFile = None,
    config: ConfigFile = None,
) -> None:
    """Learn from corrected articles; a training that was stopped goes on when the same command is given again.

    The articles are those that `stance annotate import` writes. A part of them is held out and shows whether the model
    is better than the one begun with. configs/train/finetune_*.yaml explain the options for --set.

    A recipe, or encoder, stance or attribution with the folder of its data and --base, makes a model anew.

    Example: stance train stance --data corrected.jsonl -o my-model/
    """
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    if out is None and not dry_run:
        raise InputError("Say where to write with -o MODEL, or look first with --dry-run.")
    target = out or Path()
    anew = Path(what).is_file() or (data.is_dir() and not any(data.glob("*.jsonl")))
    if dry_run and (anew or what == "speaker"):
        raise InputError("--dry-run is for stance and attribution that learn from articles of your own.")
    if anew:
        _refuse_unused(context, ANEW, f"The recipe {what}")
        _recipe(what, data, base, target, download)
        return
    own = configuration(config, None, {"topics": topics, "speakers": speakers})
    if what == "speaker":
        _refuse_unused(context, SPEAKER, "`stance train speaker`")
        _speaker(data, own, target)
        return
    if what not in ("stance", "attribution"):
        raise InputError(f"There is no part {what!r} to train. There are stance (targets, too), attribution, speaker.")
    if start and base:
        raise InputError("--from goes on from a model of this kind, --base begins with a plain encoder: give one.")
    from stance.shipped import recipe_file
    from stance.train.finetune import Order, data_files
    from stance.train.finetune_recipe import FinetuneRecipe, given
    from stance.train.start import start_folder

    recipe = FinetuneRecipe.load(recipe_file(f"finetune_{what}"), given(settings or (), epochs, seed, lora))
    begin = start_folder(base or start or what, download)
    order = Order(what, data_files(data), begin, recipe, own, held_out, replay, unlabelled)
    if dry_run:
        _rehearse(order)
    else:
        _finetune(order, target, overwrite)


def _refuse_unused(context: typer.Context, used: frozenset[str], what: str) -> None:
    """Refuse options that would be taken and then do nothing."""
    unused = [
        parameter.opts[-1]
        for parameter in context.command.params
        if parameter.name not in used and _was_given(context, str(parameter.name))
    ]
    if unused:
        raise InputError(f"{what} does not use {', '.join(unused)}. Leave that out.")


def _was_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _recipe(what: str, data: Path, base: str | None, out: Path, download: bool) -> None:
    from stance.shipped import recipe_file
    from stance.train import train as train_model
    from stance.train.start import start_folder

    recipe = recipe_file(what)
    if base is None:
        raise InputError(
            f"The recipe {what} makes a model anew: give the encoder to begin with, --base FOLDER. To learn from "
            "corrected articles, give their JSONL file, or a folder of such files, with --data."
        )
    folder = train_model(recipe, data, start_folder(base, download), out)
    typer.echo(f"The model is in {folder}. Use it with --attribution-model or --stance-model.", err=True)


def _finetune(order: Order, out: Path, overwrite: bool) -> None:
    from stance.train.finetune import finetune, prepare

    material = prepare(order)
    parted = material.split
    typer.echo(f"Learning from {len(parted.train)} articles; held out: {parted.how}.", err=True)
    outcome = finetune(material, out, overwrite)
    if outcome is not None:
        _say(outcome, order.role)


def _say(outcome: Outcome, role: str) -> None:
    from stance.evaluate import render_comparison
    from stance.train.proof import verdict

    with output(None) as console:
        for heading, rows in (("Statements given", outcome.proof.given), ("Whole chain", outcome.proof.chain)):
            if rows:
                console.print(heading)
                render_comparison(list(rows), console, ("before", "after"))
    typer.echo(verdict(outcome.proof))
    typer.echo(f"The model is in {outcome.folder}, its card beside it. Use it with --{role}-model.", err=True)


def _speaker(data: Path, config: Config, out: Path) -> None:
    from stance.evaluate import render_comparison
    from stance.train.finetune import data_files, load_docs
    from stance.train.finetune_speaker import learn_pronouns

    files = data_files(data)
    with output(None) as console:
        render_comparison(learn_pronouns(load_docs(files), files, config, out), console, ("before", "after"))
    typer.echo(f"The weights are in {out}, their card beside them. Use them with --set pronouns={out}.", err=True)


def _rehearse(order: Order) -> None:
    from stance.train.finetune import prepare
    from stance.train.rehearse import lines, rehearse

    material = prepare(order)
    for line in lines(rehearse(material), material):
        typer.echo(line)
