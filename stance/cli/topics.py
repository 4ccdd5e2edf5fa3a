"""`stance topics`: check a topics file, or suggest topics that a run speaks of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import HELP, ConfigFile, Device, Settings, StanceModel, configuration, model_values, output

if TYPE_CHECKING:
    from stance.judge import Judge

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
    found = doubts(topics, _judge(stance_model, device, config, settings))
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

    text = as_yaml(clusters(run, _judge(stance_model, device, config, settings), top, least))
    with output(out) as console:
        console.out(text, highlight=False, end="")


def _judge(stance_model: str | None, device: str | None, config: Path | None, settings: list[str] | None) -> Judge:
    from stance.judge import Judge
    from stance.models import model_folder

    options = configuration(config, settings, model_values(None, None, None, stance_model, device))
    return Judge(model_folder(options.models.stance), options.device)
