"""`stance evaluate`: how good the models are on annotated data; with a word after it, what becomes of the results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import (
    HELP,
    MODELS,
    RESULT,
    ConfigFile,
    Device,
    FirstByDefault,
    Form,
    Settings,
    SpeakersFile,
    TopicsFile,
    configuration,
    model_values,
    output,
)

if TYPE_CHECKING:
    from stance.evaluate import Result, Task

DATA = "What to evaluate on"
FLOORS = Path("eval/floors.json")
StanceModels = Annotated[
    list[str] | None,
    typer.Option(
        "--stance-model",
        help="Folder of another stance model; given several times (seeds), mean and deviation are shown.",
        rich_help_panel=MODELS,
    ),
]
AttributionModels = Annotated[
    list[str] | None,
    typer.Option(
        "--attribution-model", help="Folder of another attribution model; or several.", rich_help_panel=MODELS
    ),
]
DataPath = Annotated[
    Path | None, typer.Option("--data", help="Data to use in place of the task's own.", rich_help_panel=DATA)
]
Where = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY=VALUE", help="Only rows with this value, such as split=dev.", rich_help_panel=DATA),
]


app = typer.Typer(
    help="Measure the models (stance evaluate TASK), compare results, pin floors.\n\nExample: stance evaluate gold",
    cls=FirstByDefault,
    no_args_is_help=True,
    context_settings=HELP,
)


@app.command("task")
def evaluate_task(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="Name of a task, its YAML file, or annotated data: a file or folder.")
    ],
    data: DataPath = None,
    where: Where = None,
    download: Annotated[
        bool, typer.Option("--download", help="Fetch the task's public data from their home.", rich_help_panel=DATA)
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first articles or rows.", rich_help_panel=DATA)
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(help="Score these instead: a run of `stance label`, or another system's.", rich_help_panel=DATA),
    ] = None,
    train: Annotated[
        Path | None, typer.Option(help="Rows for the TF-IDF baseline to learn from.", rich_help_panel=DATA)
    ] = None,
    train_where: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Only those with this value.", rich_help_panel=DATA),
    ] = None,
    baselines: Annotated[bool, typer.Option(help="Also run the baselines.")] = True,
    abstained: Annotated[bool, typer.Option("--abstained", help="Count stances the model was unsure of, too.")] = False,
    name: Annotated[str | None, typer.Option(help="What to call the task in tables.")] = None,
    floors: Annotated[
        Path | None, typer.Option(help="File with floors; exit code 1 where a score is below its floor.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write the mistakes there, as a page and a table.", rich_help_panel=RESULT),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write JSON, Markdown and pictures there.", rich_help_panel=RESULT),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write the scores.", rich_help_panel=RESULT)] = "table",
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write there, not to stdout.", rich_help_panel=RESULT),
    ] = None,
    topics: TopicsFile = None,
    speakers: SpeakersFile = None,
    attribution_model: AttributionModels = None,
    stance_model: StanceModels = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Measure how well articles are labelled, against human annotation and beside baselines.

    More: `stance evaluate tasks` lists what can be evaluated, `compare A B` tests two kept results against each other,
    `table` joins kept results, `pin` pins floors; each has a --help of its own.

    Example: stance evaluate gold --errors wrong/
    """
    from dataclasses import replace

    from stance.errors import InputError
    from stance.evaluate import Choices, check_floors, run_evaluate
    from stance.evaluate import save as save_all

    if floors and limit:
        raise InputError("Floors hold for all of the data: leave out --limit or --floors.")
    configs = [
        configuration(config, settings, model_values(topics, speakers, first, second, device))
        for first, second in _models(attribution_model, stance_model)
    ]
    chosen = Choices(baselines, abstained, limit, predictions)
    own = _task(task, data, download)
    own = replace(own, name=name or own.name, train=train or own.train)
    own = replace(own, where={**own.where, **_pairs(where)}, train_where={**own.train_where, **_pairs(train_where)})
    result = run_evaluate(own, configs[0], choices=chosen, errors=errors, others=configs[1:])
    if save is not None:
        save_all(result, save)
    _write(result, form, out)
    faults = check_floors(result, floors) if floors else []
    for fault in faults:
        typer.echo(fault, err=True)
    raise typer.Exit(1 if faults or result.problems else 0)


@app.command("tasks")
def evaluate_tasks() -> None:
    """List the tasks: what is measured, and where data that are not shipped can be had, on which terms.

    Example: stance evaluate tasks
    """
    from stance.evaluate import load_task, task_names

    for name in task_names():
        task = load_task(name)
        typer.echo(f"{name} ({task.kind}): {task.description}")
        if task.home:
            typer.echo(f"    {task.home}" + (f" Terms: {task.terms}." if task.terms else ""))
        if task.download:
            typer.echo(f"    With --download: {task.download['url']}")


@app.command("compare", no_args_is_help=True)
def evaluate_compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A result as --format json or --save wrote it.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another over the same articles.")],
    system: Annotated[str | None, typer.Option(help="Which column of both; by default the first.")] = None,
) -> None:
    """Test two results over the same articles against each other: difference, interval and p, metric by metric.

    Example: stance evaluate compare a/result.json b/result.json
    """
    from stance.evaluate import compare, render_comparison

    rows = compare(first, second, system)
    with output(None) as console:
        render_comparison(rows, console)


@app.command("table", no_args_is_help=True)
def evaluate_table(
    results: Annotated[list[Path], typer.Argument(metavar="RESULT...", help="Kept results.")],
    metric: Annotated[list[str] | None, typer.Option(help="Only this metric; may be given several times.")] = None,
    form: Annotated[Form, typer.Option("--format", help="markdown, or json without counts by article.")] = "markdown",
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write there.")] = None,
) -> None:
    """Join kept results into one table: a block of rows a task, systems and people across.

    Example: stance evaluate table gold/result.json polnear/result.json -o all.md
    """
    from stance.evaluate import compact, joint_table, read_kept

    kept = [read_kept(path) for path in results]
    text = joint_table(kept, metric or ()) if form != "json" else json.dumps(compact(kept), indent=1) + "\n"
    with output(out) as console:
        console.out(text, highlight=False, end="")


@app.command("pin", no_args_is_help=True)
def evaluate_pin(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task, as for `stance evaluate`.")],
    metric: Annotated[
        list[str] | None, typer.Option(help="What to pin; may be given several times. By default what was pinned.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why a floor is lowered or the data have changed; kept in the file.")
    ] = None,
    floors: Annotated[Path, typer.Option(help="The file of floors.")] = FLOORS,
    data: DataPath = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Pin the models' present scores as floors; to lower one, or to pin on other data, give a reason.

    Example: stance evaluate pin gold --reason "articles were added"
    """
    from stance.evaluate import Choices, pin_floors, run_evaluate

    result = run_evaluate(task, configuration(config, settings, {}), data, choices=Choices(baselines=False))
    for name, value in pin_floors(result, floors, metric, reason).items():
        typer.echo(f"{name} {value:.4f}")


def _task(name: str, data: Path | None, download: bool) -> Task:
    from stance.evaluate import fetched, load_task

    task = load_task(name, data)
    if download and data is None:
        return fetched(task, lambda text: typer.echo(text, err=True))
    return task


def _models(attribution: list[str] | None, stance: list[str] | None) -> list[tuple[str | None, str | None]]:
    """The attribution and stance model of each run: of several, the first with the first; one goes with all."""
    from stance.errors import InputError

    first: list[str | None] = [*(attribution or [])] or [None]
    second: list[str | None] = [*(stance or [])] or [None]
    if 1 not in (len(first), len(second)) and len(first) != len(second):
        raise InputError(
            f"{len(first)} attribution models and {len(second)} stance models: give as many of one kind as of the "
            "other, or one that goes with all."
        )
    runs = max(len(first), len(second))
    return list(zip(first * (runs // len(first)), second * (runs // len(second)), strict=True))


def _pairs(words: list[str] | None) -> dict[str, str]:
    """KEY=VALUE words as a mapping."""
    from stance.errors import InputError

    pairs = [word.partition("=") for word in words or ()]
    if wrong := [key for key, sign, _ in pairs if not sign]:
        raise InputError(f"Write {wrong[0]!r} as KEY=VALUE, such as split=dev.")
    return {key: value for key, _, value in pairs}


def _write(result: Result, form: Form, out: Path | None) -> None:
    from stance.evaluate import markdown, render

    with output(out) as console:
        if form == "table":
            render(result, console)
            return
        text = markdown(result) if form == "markdown" else json.dumps(result.to_json(), ensure_ascii=False, indent=2)
        console.out(text, highlight=False)
