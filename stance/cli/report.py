"""`stance report`: who stands where, from a run folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from stance.cli.options import output
from stance.errors import InputError

WHICH, SHOWN = "Which statements", "What to show"


def which(what: str, *names: str, metavar: str | None = None, **more: Any) -> Any:
    return typer.Option(*names, help=what, metavar=metavar, rich_help_panel=WHICH, **more)


def shown(what: str, *names: str, metavar: str | None = None, **more: Any) -> Any:
    return typer.Option(*names, help=what, metavar=metavar, rich_help_panel=SHOWN, **more)


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote.")],
    speaker: Annotated[str | None, which("Only this speaker: name, surname or id.", metavar="NAME")] = None,
    topic: Annotated[str | None, which("Only this topic or target.", metavar="ID")] = None,
    since: Annotated[str | None, which("From this day, month or year on (2024-05).", metavar="DATE")] = None,
    until: Annotated[str | None, which("Up to this day, month or year.", metavar="DATE")] = None,
    outlet: Annotated[list[str] | None, which("Only this outlet; may be repeated.", metavar="NAME")] = None,
    kind: Annotated[
        list[str] | None, which("Only direct, indirect or mixed statements; may be repeated.", metavar="WORD")
    ] = None,
    speaker_kind: Annotated[
        list[str] | None,
        which("Only speakers of this kind: person, country, organization, group, unnamed.", metavar="WORD"),
    ] = None,
    how: Annotated[
        list[str] | None,
        which("Only speakers resolved by this (name, surname, pronoun, ...); may be repeated.", metavar="WORD"),
    ] = None,
    min_confidence: Annotated[float, which("Stances below it count as unsure.", min=0, max=1)] = 0.0,
    by: Annotated[
        Literal["speaker", "affiliation", "role", "kind", "outlet"] | None,
        shown("Whose positions: each speaker's; those of the country or body they speak for; ...  [default: speaker]"),
    ] = None,
    view: Annotated[
        Literal["positions", "summary", "change", "agreement"],
        shown("Tables of positions; prose; shifts and contradictions; or who agrees with whom."),
    ] = "positions",
    compare: Annotated[
        tuple[str, str] | None,
        shown("Two speakers, countries, outlets or periods (2022 2023..2024) side by side.", metavar="A B"),
    ] = None,
    summarizer: Annotated[
        Path | None, shown("Local language model that writes the prose of summaries.", metavar="FOLDER")
    ] = None,
    figures: Annotated[Path | None, shown("Write figures (SVG, PNG) there, too.", metavar="FOLDER")] = None,
    top: Annotated[int | None, shown("Speakers, or rows of a table, at the most; 20 where people read.", min=1)] = None,
    quotes: Annotated[
        int | None,
        shown("Statements shown for each position; 1, or 2 with --speaker or --topic.", min=0),
    ] = None,
    form: Annotated[
        Literal["table", "markdown", "json", "csv", "xlsx", "html", "gexf", "graphml"] | None,
        shown("How to write it; by the ending of -o, else a table.", "--format"),
    ] = None,
    out: Annotated[Path | None, shown("Write there, not to stdout.", "-o", "--out", metavar="FILE")] = None,
) -> None:
    """Show where each speaker stands on each target, and the statements behind every number.

    Positions go from -1 (against) to +1 (favor), with a 95% interval. Words that several articles print are counted
    once. It needs the run folder only, no model, and makes the same report every time.

    Example: stance report run/ --topic ukraine-crisis --since 2024 -o ukraine.html
    """
    from stance.report.compare import compare as compared
    from stance.report.corpus import read_corpus
    from stance.report.filters import Filters
    from stance.report.group import positions
    from stance.report.page import Look
    from stance.report.write import comparison_files, draw, draw_comparison, files, form_of, save

    if compare and figures:
        raise InputError("Figures are of positions, not of a comparison. Leave out --figures or --compare.")
    form, look = form or form_of(out), Look("summary" if summarizer else view, top, quotes, summarizer)
    many = (tuple(values or ()) for values in (outlet, kind, speaker_kind, how))
    filters = Filters(speaker, topic, since, until, *many, min_confidence)
    corpus = read_corpus(run)
    if compare:
        contrast = compared(corpus, *compare, by, filters)
        made = {} if form == "table" else comparison_files(contrast, form, look)
        draws = partial(draw_comparison, contrast)
    else:
        data = positions(corpus, by or "speaker", filters)
        made = {} if form == "table" else files(data, form, look)
        draws = partial(draw, data)
    if form == "table":
        with output(out) as console:
            draws(look, console)
    written = save(made, form, out) if made else []
    if figures:
        from stance.report.charts import write_figures

        drawn = write_figures(data, figures)
        typer.echo(f"Wrote {len(drawn)} files of figures into {figures}.", err=True)
    if written:
        typer.echo(f"Wrote {' and '.join(map(str, written))}.", err=True)
