"""`stance annotate`: out to the tools that people annotate with, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stance.cli.options import HELP, ConfigFile, Device, Settings, StanceModel, TopicsFile, load_judge, output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stance.annotate import Findings
    from stance.types import Doc

app = typer.Typer(
    help="Choose what to annotate, take it out to an annotation tool, bring it back, and compare coders.\n\n"
    "Formats: label-studio, doccano, doccano-stance, brat, inception, prodigy, conll, web-annotation, dna, csv,"
    " xlsx.\n\n"
    "Example: stance annotate export run/ -o tasks.json --to label-studio",
    no_args_is_help=True,
    context_settings=HELP,
)

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="What the tool exported: files or folders.")]
From = Annotated[str, typer.Option("--from", metavar="FORMAT", help="The tool's format.")]
Run = Annotated[
    Path | None,
    typer.Option(metavar="RUN", help="The run or articles that were exported: their texts, and what the format lacks."),
]
Coder = Annotated[str | None, typer.Option(help="Whose annotation to take where an article has several.")]
Predictions = Annotated[
    bool, typer.Option("--predictions", help="Take the model's predictions where nobody has annotated.")
]


@app.command("export", no_args_is_help=True)
def annotate_export(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote, or JSONL of annotated articles.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="The tool's format; see `stance annotate -h`.")],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT", help="A file; a folder for brat, inception and dna."),
    ] = None,
    articles: Annotated[list[str] | None, typer.Option("--article", metavar="ID", help="Only this article.")] = None,
    most: Annotated[int | None, typer.Option("-n", min=1, help="Only the first so many articles.")] = None,
    checked: Annotated[
        bool, typer.Option("--annotations", help="As annotation by a person, not as predictions (Label Studio, Web).")
    ] = False,
    abstained: Annotated[bool, typer.Option("--abstained", help="Stances too that the model was unsure of.")] = False,
    setup: Annotated[
        bool,
        typer.Option("--setup", help="Print the tool's setup: configuration, labels, layers, command."),
    ] = False,
    topics: TopicsFile = None,
) -> None:
    """Write articles with their statements for an annotation tool, and say what its format does not hold.

    Example: stance annotate export run/ -o tasks.json --to label-studio
    """
    from stance import __version__
    from stance.annotate import Export, chosen, export, format_named, topics_of
    from stance.errors import InputError

    form, options = format_named(to), Export(topics_of(run, topics), checked, f"stance-{__version__}")
    if setup:
        if form.setup is None:
            raise InputError(f"{form.name} needs no setup.")
        typer.echo(form.setup(options), nl=False)
        return
    if out is None:
        raise InputError("Say where to write with -o OUT, or print the tool's configuration with --setup.")
    written = export(chosen(run, articles or (), most, abstained), form, out, options)
    statements = sum(len(doc.statements) for doc in written.docs)
    _say(f"{len(written.docs):,} articles with {statements:,} statements for {form.tool} in {out}")
    _say_losses(form.losses, written.lost)


@app.command("import", no_args_is_help=True)
def annotate_import(
    files: Files,
    form: From,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="JSONL of annotated articles to write.")],
    run: Run = None,
    coder: Coder = None,
    predictions: Predictions = False,
    topics: TopicsFile = None,
) -> None:
    """Read what people annotated into articles that `stance evaluate` and training take.

    What does not fit its text is refused, with file and line.

    Example: stance annotate import export.json -o corrected.jsonl --from label-studio --run run/
    """
    from stance.annotate import format_named, write_rows
    from stance.errors import InputError

    docs, findings = _read(files, form, run, coder, predictions, topics)
    findings.raise_faults()
    if not docs:
        why = "; ".join(f"{times:,} {note}" for note, times in findings.notes.items())
        raise InputError(f"Nothing to import from {files[0]}: {why or 'it holds no articles'}.")
    write_rows(docs, out)
    statements = [s for doc in docs for s in doc.statements]
    stances = sum(len(s.stances) for s in statements)
    _say(f"{len(docs):,} articles with {len(statements):,} statements and {stances:,} stances in {out}")
    _say_notes(findings)
    _say_losses(format_named(form).losses, {})


@app.command("check", no_args_is_help=True)
def annotate_check(
    files: Files,
    form: From,
    run: Run = None,
    coder: Coder = None,
    predictions: Predictions = False,
    topics: TopicsFile = None,
) -> None:
    """List what is wrong in annotated files: place, fault, and what to do. Exit code 1 where there is something.

    Example: stance annotate check export.json --from label-studio --run run/
    """
    docs, findings = _read(files, form, run, coder, predictions, topics)
    for fault in findings.faults:
        typer.echo(fault)
    _say_notes(findings)
    _say(f"{len(docs):,} articles read, {len(findings.faults):,} faults")
    raise typer.Exit(1 if findings.faults else 0)


@app.command("agree", no_args_is_help=True)
def annotate_agree(
    files: Annotated[
        list[Path], typer.Argument(metavar="CODER...", help="A file or folder of each coder, or one of several coders.")
    ],
    form: Annotated[
        str | None, typer.Option("--from", metavar="FORMAT", help="The tool's format; else what `import` wrote.")
    ] = None,
    run: Run = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Write the tables, and the disagreements to decide on."),
    ] = None,
    gold: Annotated[
        Literal["majority", "adjudicated"] | None,
        typer.Option(help="Also write gold.jsonl: what most say, or what was decided and else what most say."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Disagreements with decisions; by default those in DIR.", show_default=False),
    ] = None,
    topics: TopicsFile = None,
    config: ConfigFile = None,
) -> None:
    """Measure how far coders agree, list what they differ on, and make gold of it.

    Decide in DIR/disagreements.html or .csv: in the column `decision`, the coder who is right, or what is right.

    Example: stance annotate agree mara.jsonl joren.jsonl -o agreement/
    """
    from stance.annotate import docs_of, format_named, topics_of
    from stance.annotate.agree import compare, page
    from stance.annotate.agreed import write_agreement
    from stance.annotate.coders import read_coders, shared
    from stance.config import load_config
    from stance.errors import InputError
    from stance.evaluate.chain import registry_alias
    from stance.report.terminal import draw

    if out is None and (gold or decisions):
        raise InputError("Say where to write with -o DIR.")
    base = list(docs_of(run)) if run else []
    known = topics_of(run, topics)
    coders, findings = read_coders(files, format_named(form) if form else None, base, known)
    findings.raise_faults()
    found = compare(shared(coders), registry_alias(load_config(config)))
    tables = page(found)
    written = write_agreement(found, tables, out, known, gold, decisions) if out else []
    with output(None) as console:
        draw(tables, console)
    _say_notes(findings)
    for said in written:
        _say(said)


@app.command("next", no_args_is_help=True)
def annotate_next(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="OUT", help="A file; a folder for brat, inception and dna.")
    ],
    n: Annotated[int, typer.Option("-n", min=1, help="So many statements, or articles.")] = 100,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="The tool's format.")] = "csv",
    done: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="What is annotated already; may be given several times."),
    ] = None,
    form: Annotated[
        str | None, typer.Option("--from", metavar="FORMAT", help="Format of --done; else what `import` wrote.")
    ] = None,
    strategy: Annotated[
        Literal["uncertainty", "diverse", "random"],
        typer.Option(help="uncertainty: what the models doubt, of all kinds; diverse: of all kinds alone."),
    ] = "uncertainty",
    whole: Annotated[bool, typer.Option("--whole", help="Whole articles where single statements would do.")] = False,
    seed: Annotated[int, typer.Option(help="Of the choice.")] = 0,
    topics: TopicsFile = None,
    stance_model: StanceModel = None,
    device: Device = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Choose what a person should annotate next: what the models doubt, of all kinds, with their labels to correct.

    CSV, XLSX and doccano-stance get single statements, the other formats whole articles. What --done holds, and copies
    of it, are left out.

    Example: stance annotate next run/ -n 100 --done corrected.jsonl -o batch.csv
    """
    from stance import __version__
    from stance.annotate import Export, docs_of, export, format_named, topics_of
    from stance.annotate.batch import next_batch
    from stance.annotate.coders import read_coders

    format_, base, known = format_named(to), list(docs_of(run)), topics_of(run, topics)
    coders, findings = read_coders(done or (), format_named(form) if form else None, base, known)
    findings.raise_faults()
    annotated = [doc for coder in coders for doc in coder.docs.values()]
    whole = whole or not format_.single
    judge = load_judge(stance_model, device, config, settings)
    batch = next_batch(base, annotated, judge, known, n, strategy, whole, seed)
    written = export(batch.docs, format_, out, Export(known, model=f"stance-{__version__}"))
    statements = sum(len(doc.statements) for doc in batch.docs)
    _say(f"{statements:,} statements of {len(batch.docs):,} articles on {len(batch.topics)} topics in {out}")
    found = batch.found
    _say(f"Chosen out of {len(found.open):,}; left out: {found.done:,} done or copies of such, {found.copies:,} copies")
    _say_losses(format_.losses, written.lost)


def _read(
    files: list[Path], form: str, run: Path | None, coder: str | None, predictions: bool, topics: Path | None
) -> tuple[list[Doc], Findings]:
    from stance.annotate import docs_of, format_named, read, topics_of

    base = docs_of(run) if run else ()
    return read(files, format_named(form), base, topics_of(run, topics), coder, predictions)


def _say(text: str) -> None:
    typer.echo(f"{text}.", err=True)


def _say_notes(findings: Findings) -> None:
    for note, times in findings.notes.items():
        _say(f"{times:,} {note}")


def _say_losses(losses: tuple[str, ...], lost: Mapping[str, int]) -> None:
    if lost:
        _say("Not held by the file: " + "; ".join(f"{times:,} {what}" for what, times in lost.items()))
    for loss in losses:
        typer.echo(f"Note: {loss}", err=True)
