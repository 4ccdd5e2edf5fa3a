"""The command line: thin commands over the library. Data goes to stdout, progress and summaries to stderr.

Exit codes: 0 all well, 1 some articles had problems, 2 wrong use. Everything heavy is imported inside the commands.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from stance import __version__
from stance.errors import InputError, StanceError

if TYPE_CHECKING:
    from rich.console import Console

    from stance.config import Config

HELP = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    help="Who says what in news articles, and where they stand.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings=HELP,
)
config_app = typer.Typer(help="Show every option, or check a file.", no_args_is_help=True, context_settings=HELP)
app.add_typer(config_app, name="config")

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
AttributionModel = Annotated[
    str | None,
    typer.Option("--attribution-model", help="Folder of another attribution model.", rich_help_panel=MODELS),
]
StanceModel = Annotated[
    str | None, typer.Option("--stance-model", help="Folder of another stance model.", rich_help_panel=MODELS)
]


def _column(name: str, what: str) -> Any:
    return typer.Option(f"--{name}-column", metavar="NAME", help=f"Column or key with {what}.", rich_help_panel=INPUT)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    if version:
        typer.echo(f"stance {__version__}")
        raise typer.Exit


@app.command()
def label(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Folders, files or globs; - for standard input.")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="RUN", help="Folder for the results.", rich_help_panel=RESULT)
    ],
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Label everything anew, even with other settings.", rich_help_panel=RESULT),
    ] = False,
    min_score: Annotated[
        float | None, typer.Option(help="Leave out statements scored lower (0 to 1).", rich_help_panel=RESULT)
    ] = None,
    id_column: Annotated[str | None, _column("id", "the article's id")] = None,
    text_column: Annotated[str | None, _column("text", "the text")] = None,
    title_column: Annotated[str | None, _column("title", "the headline")] = None,
    date_column: Annotated[str | None, _column("date", "the date")] = None,
    outlet_column: Annotated[str | None, _column("outlet", "the outlet")] = None,
    url_column: Annotated[str | None, _column("url", "the web address")] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of text files; detected if not given.", rich_help_panel=INPUT)
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Read this many articles at the most.", rich_help_panel=INPUT)
    ] = None,
    topics: TopicsFile = None,
    speakers: SpeakersFile = None,
    attribution_model: AttributionModel = None,
    stance_model: StanceModel = None,
    device: Device = None,
    batch: Annotated[int | None, typer.Option(help="Articles worked on at a time.", rich_help_panel=MODELS)] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first article that fails.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Find every statement in articles: who said it, and with which stance toward which target.

    The same command continues a run that was stopped; articles that are labelled already are not labelled again.

    Example: stance label articles/ -o run/
    """
    values = {
        "read.id_column": id_column,
        "read.text_column": text_column,
        "read.title_column": title_column,
        "read.date_column": date_column,
        "read.outlet_column": outlet_column,
        "read.url_column": url_column,
        "read.encoding": encoding,
        "min_score": min_score,
        "batch": batch,
        "strict": strict or None,
        **_model_values(topics, speakers, attribution_model, stance_model, device),
    }
    from rich.console import Console

    from stance.engine import label_articles
    from stance.progress import Bar, Silence, summary

    console = Console(stderr=True)
    began = time.monotonic()
    bar = Bar(console) if console.is_terminal and not quiet else Silence()
    try:
        counts = label_articles(paths, out, _config(config, settings, values), overwrite, limit, bar)
    except KeyboardInterrupt:
        typer.echo("stance: stopped. The same command goes on where this one was.", err=True)
        raise typer.Exit(130) from None
    if not quiet:
        typer.echo(summary(counts, time.monotonic() - began, out), err=True)
    raise typer.Exit(1 if counts.problems else 0)


@app.command()
def show(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An article, or a run folder (with --article).")],
    article: Annotated[
        str | None, typer.Option("--article", metavar="ID", help="Which article of the file or run.")
    ] = None,
    json_rows: Annotated[bool, typer.Option("--json", help="Print the rows of statements.jsonl.")] = False,
    topics: TopicsFile = None,
    speakers: SpeakersFile = None,
    attribution_model: AttributionModel = None,
    stance_model: StanceModel = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Show one article with its sources, cues, contents and stances coloured, and a table of its statements.

    A run folder is shown as it was labelled, without any model.

    Example: stance show article.txt
    """
    from stance.show import find_doc, json_lines, render

    values = _model_values(topics, speakers, attribution_model, stance_model, device)
    doc = find_doc(path, article, _config(config, settings, values))
    if json_rows:
        typer.echo(json_lines(doc), nl=False)
    else:
        with _output(None) as console:
            render(doc, console)
    raise typer.Exit(1 if doc.problems else 0)


@app.command()
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote.")],
    speaker: Annotated[str | None, typer.Option(help="Only this speaker: name, surname or id.")] = None,
    topic: Annotated[str | None, typer.Option(metavar="ID", help="Only this topic or target.")] = None,
    by: Annotated[
        Literal["speaker", "affiliation"],
        typer.Option(help="Whose positions: each speaker's, or those of the country or body they speak for."),
    ] = "speaker",
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write there, not to stdout.")] = None,
    top: Annotated[int, typer.Option(min=1, help="Speakers shown, those with most statements first.")] = 20,
    quotes: Annotated[
        int | None,
        typer.Option(
            min=0, help="Statements shown for each position; all in JSON, else 1, or 5 with --speaker or --topic."
        ),
    ] = None,
) -> None:
    """Show where each speaker stands on each topic, and the statements behind every number.

    With --topic, it shows for each of its targets who stands where. It needs the run folder only, no model.
    Positions go from -1 (against) to +1 (favor), with a 95% interval.

    Example: stance report run/ --topic ukraine-crisis
    """
    from stance.report.blocks import by_speaker, by_target
    from stance.report.markdown import markdown
    from stance.report.positions import positions
    from stance.report.records import as_json
    from stance.report.terminal import table

    data = positions(run, speaker, topic, by)
    if quotes is None:
        quotes = sys.maxsize if form == "json" else 5 if speaker or topic else 1
    blocks = by_target(data, top) if topic and not speaker else by_speaker(data, top)
    with _output(out) as console:
        if form == "table":
            table(data, blocks, console, quotes)
        else:
            text = markdown(data, blocks, quotes) if form == "markdown" else as_json(data, top, quotes)
            console.out(text, highlight=False, end="")
    if len(data.speakers) > top and not (topic or speaker):
        typer.echo(f"{len(data.speakers) - top} more speakers: --top {len(data.speakers)}", err=True)


@app.command()
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


@app.command()
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

    values = _model_values(topics, speakers, attribution_model, stance_model, device)
    options = _config(config, settings, values)
    result = run_evaluate(task, options, data, baselines=baselines, abstained=abstained, limit=limit, errors=mistakes)
    with _output(out) as console:
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


@app.command()
def models(json_rows: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the models that come with the product: size, licence, card and main scores.

    Example: stance models
    """
    from stance.show import models_json, models_table

    if json_rows:
        typer.echo(models_json())
    else:
        with _output(None) as console:
            models_table(console)


@config_app.command("show")
def config_show(config: ConfigFile = None, settings: Settings = None) -> None:
    """Print every option with its value and what it means; the output is itself a configuration.

    Example: stance config show > mine.yaml
    """
    from stance.config import commented

    typer.echo(commented(_config(config, settings, {})), nl=False)


@config_app.command("check")
def config_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A configuration, or a file with topics.")],
) -> None:
    """Check a configuration or a topics file, and say which line is wrong.

    Example: stance config check mytopics.yaml
    """
    from stance.config import check

    typer.echo(check(file))


def _model_values(
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


def _config(file: Path | None, settings: list[str] | None, values: dict[str, Any]) -> Config:
    """The configuration file, `--set` over it, and the options of the command over both."""
    from stance.config import load_config

    given = {
        key: str(value) if isinstance(value, Path) else value for key, value in values.items() if value is not None
    }
    return load_config(file, settings or ()).with_values(given)


@contextmanager
def _output(file: Path | None) -> Iterator[Console]:
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


def main() -> None:
    """Entry point of the `stance` command; what is wrong is said in one paragraph, without a traceback."""
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_PROGRESS_BARS", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Threads that spin while they wait for each other made a forward pass up to fifty times slower on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app()
    except StanceError as error:
        typer.echo(f"stance: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; that is no fault. Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
