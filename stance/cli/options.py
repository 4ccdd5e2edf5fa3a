"""What several commands share: options, how they become a configuration, and where output goes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from stance.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from stance.config import Config
    from stance.judge import Judge

HELP = {"help_option_names": ["-h", "--help"]}


class FirstByDefault(TyperGroup):
    """A group whose first command runs where none is named: `stance evaluate TASK`, `stance speakers RUN`."""

    @property
    def first(self) -> str:
        return next(iter(self.commands))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = not args or args[0] in self.commands or args[0] in HELP["help_option_names"]
        return super().parse_args(ctx, args if named else [self.first, *args])


PIPE_WIDTH = 120
Form = Literal["table", "markdown", "json"]
INPUT, RESULT, MODELS = "What to read", "What to write", "Models and topics"

ConfigFile = Annotated[Path | None, typer.Option("--config", help="YAML file with options; see `stance config show`.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one option.")]
TopicsFile = Annotated[
    Path | None,
    typer.Option("--topics", help="YAML file with topics and targets of your own.", rich_help_panel=MODELS),
]
SpeakersFile = Annotated[
    Path | None, typer.Option("--speakers", help="YAML file with known speakers.", rich_help_panel=MODELS)
]
Device = Annotated[str | None, typer.Option(help="cpu, cuda or mps; the best there is.", rich_help_panel=MODELS)]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes; one a core by default, as memory allows.", rich_help_panel=MODELS),
]
Batch = Annotated[int | None, typer.Option(min=1, help="Articles worked on at a time.", rich_help_panel=MODELS)]
AttributionModel = Annotated[
    str | None,
    typer.Option("--attribution-model", help="Folder of another attribution model.", rich_help_panel=MODELS),
]
Scope = Annotated[
    Literal["statements", "attributions"] | None,
    typer.Option(help="attributions: beliefs and intentions too, not what was said alone.", rich_help_panel=RESULT),
]
StanceModel = Annotated[
    str | None, typer.Option("--stance-model", help="Folder of another stance model.", rich_help_panel=MODELS)
]


def column(name: str, what: str) -> Any:
    return typer.Option(f"--{name}-column", metavar="NAME", help=f"Column or key with {what}.", rich_help_panel=INPUT)


def model_values(
    topics: Path | None, speakers: Path | None, attribution: str | None, stance: str | None, device: str | None
) -> dict[str, Any]:
    """What the options that several commands share mean in the configuration."""
    return {
        "topics": topics,
        "speakers": speakers,
        "models.attribution": attribution,
        "models.stance": stance,
        "device": device,
    }


def configuration(file: Path | None, settings: list[str] | None, values: dict[str, Any]) -> Config:
    """The configuration file, `--set` over it, and the options of the command over both."""
    from stance.config import load_config

    given = {
        key: str(value) if isinstance(value, Path) else value for key, value in values.items() if value is not None
    }
    return load_config(file, settings or ()).with_values(given)


def load_judge(stance_model: str | None, device: str | None, file: Path | None, settings: list[str] | None) -> Judge:
    """The stance model that options and configuration name."""
    from stance.judge import Judge
    from stance.models import model_folder

    options = configuration(file, settings, model_values(None, None, None, stance_model, device))
    return Judge(model_folder(options.models.stance), options.device)


@contextmanager
def output(file: Path | None) -> Iterator[Console]:
    """A console on stdout, or on a file; as wide as the terminal, or `PIPE_WIDTH` where there is none."""
    from rich.console import Console

    if file is None:
        yield Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
        return
    try:
        with file.open("w", encoding="utf-8") as stream:
            yield Console(file=stream, width=PIPE_WIDTH)
    except OSError as error:
        raise InputError(f"Cannot write {file}: {error.strerror}. Give another file with -o.") from error
