"""`stance explain`: which words carried a decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import (
    ConfigFile,
    Device,
    Settings,
    StanceModel,
    TopicsFile,
    configuration,
    model_values,
    output,
)


def explain(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote.")],
    statement: Annotated[str, typer.Argument(metavar="STATEMENT_ID", help="As in statements.jsonl and reports.")],
    json_rows: Annotated[bool, typer.Option("--json", help="Print JSON, with the weight of every word.")] = False,
    topics: TopicsFile = None,
    stance_model: StanceModel = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Show which words of a statement carried its stance, by leaving each out in turn.

    Numbers say what a word adds to the logit of the label. Give the same --topics and --stance-model as for the run.

    Example: stance explain run/ irkutsk-consultation-8
    """
    from stance.config import load_topics
    from stance.explain import as_json, render
    from stance.explain import explain as explained
    from stance.judge import Judge
    from stance.models import model_folder
    from stance.show import find_statement

    options = configuration(config, settings, model_values(topics, None, None, stance_model, device))
    doc = find_statement(run, statement)
    judge = Judge(model_folder(options.models.stance), options.device)
    found = explained(doc, statement, judge, load_topics(options.topics))
    if json_rows:
        typer.echo(as_json(found))
    else:
        with output(None) as console:
            render(found, console)
