"""`stance topics`: check a topics file, or suggest topics that a run speaks of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import HELP, ConfigFile, Device, Settings, StanceModel, load_judge, output

app = typer.Typer(help="Check a topics file, or suggest topics.", no_args_is_help=True, context_settings=HELP)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML file with topics and targets.")],
    stance_model: StanceModel = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Explain what is wrong in a topics file, and what overlaps or is worded doubtfully.

    Example: stance topics check mytopics.yaml
    """
    from stance.config import load_topics
    from stance.overlap import doubts

    topics = load_topics(file)
    found = doubts(topics, load_judge(stance_model, device, config, settings))
    with output(None) as console:
        for doubt in found:
            console.print(f"[bold]{doubt.target}[/bold]: {doubt.reason}", highlight=False, soft_wrap=True)
        good = "" if found else " Nothing is doubtful."
        console.print(
            f"{file}: {len(topics.topics)} topics with {len(topics.targets)} targets.{good}",
            highlight=False,
            soft_wrap=True,
        )


@app.command()
def suggest(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write there, not to stdout.")] = None,
    top: Annotated[int, typer.Option(min=1, help="Topics at the most, those with most statements first.")] = 10,
    least: Annotated[int, typer.Option(min=2, help="Statements of a topic at least.")] = 5,
    stance_model: StanceModel = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Propose topics from the statements that no target covers, each with its most typical statements.

    The result is the beginning of a topics file; what one can be for or against is for you to write.

    Example: stance topics suggest run/ -o mytopics.yaml
    """
    from stance.suggest import as_yaml
    from stance.suggest import suggest as clusters

    text = as_yaml(clusters(run, load_judge(stance_model, device, config, settings), top, least))
    with output(out) as console:
        console.out(text, highlight=False, end="")
