"""`stance evaluate`: how good the models are on annotated data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import (
    AttributionModel,
    ConfigFile,
    Device,
    Form,
    Settings,
    SpeakersFile,
    StanceModel,
    TopicsFile,
    configuration,
    model_values,
    output,
)


def evaluate(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="Name of a task, its YAML file, or a file of annotated rows.")
    ],
    data: Annotated[Path | None, typer.Option(help="Data to use in place of the task's own.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first articles or rows.")] = None,
    baselines: Annotated[bool, typer.Option(help="Also run the baselines.")] = True,
    abstained: Annotated[bool, typer.Option("--abstained", help="Count stances the model was unsure of, too.")] = False,
    floors: Annotated[
        Path | None, typer.Option(help="File with floors; exit code 1 where a score is below its floor.")
    ] = None,
    mistakes: Annotated[Path | None, typer.Option(metavar="CSV", help="Write the mistakes there.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write the scores.")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write there, not to stdout.")] = None,
    topics: TopicsFile = None,
    speakers: SpeakersFile = None,
    attribution_model: AttributionModel = None,
    stance_model: StanceModel = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Measure how well articles are labelled, against human annotation and beside baselines.

    Example: stance evaluate gold
    """
    from stance.evaluate import check_floors, markdown, render, run_evaluate

    values = model_values(topics, speakers, attribution_model, stance_model, device)
    options = configuration(config, settings, values)
    result = run_evaluate(task, options, data, baselines=baselines, abstained=abstained, limit=limit, errors=mistakes)
    with output(out) as console:
        if form == "table":
            render(result, console)
        else:
            text = (
                markdown(result) if form == "markdown" else json.dumps(result.to_json(), ensure_ascii=False, indent=2)
            )
            console.out(text, highlight=False)
    faults = check_floors(result, floors) if floors else []
    for fault in faults:
        typer.echo(fault, err=True)
    raise typer.Exit(1 if faults or result.problems else 0)
