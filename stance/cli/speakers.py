"""`stance speakers`: who speaks in a run, and people's decisions about it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from stance.cli.options import HELP, FirstByDefault, output
from stance.errors import InputError

app = typer.Typer(
    cls=FirstByDefault,
    help="List who speaks in a run (stance speakers RUN), and merge, split, rename or set speakers.\n\n"
    "Decisions are kept in a file, beat the models and outlive labelling again.\n\nExample: stance speakers run/",
    no_args_is_help=True,
    context_settings=HELP,
)

Run = Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `stance label` wrote.")]
Speaker = Annotated[str, typer.Argument(metavar="ID", help="A speaker's id or name, as listed.")]
DecisionsFile = Annotated[
    Path | None,
    typer.Option(
        "--decisions",
        metavar="FILE",
        help="YAML file that the run goes by from now on; several runs may share one. "
        "[default: speakers.decisions.yaml in the run]",
        show_default=False,
    ),
]
Kind = Literal["person", "country", "organization", "group", "unnamed"]


@app.command("list")
def speakers_list(
    run: Run,
    find: Annotated[str | None, typer.Option(metavar="TEXT", help="Only speakers with this in a name or id.")] = None,
    top: Annotated[int, typer.Option(min=1, help="Lines of each part of the table at the most.")] = 20,
    form: Annotated[Literal["table", "json", "csv"], typer.Option("--format", help="How to write it.")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """List the speakers: unresolved ones first, then those that may be the same, then all by number of statements.

    Example: stance speakers run/ --find lavrov
    """
    from stance.decide import behind, speakers
    from stance.roster import as_csv, as_json, matching, render

    found = matching(speakers(run), find)
    if behind(run):
        _note(f"The decisions are newer than the tables, so reports may lack some: {_command('apply', run)}")
    with output(out) as console:
        if form == "table":
            render(found, top, console, str(run))
        else:
            console.file.write(as_json(found) if form == "json" else as_csv(found))


@app.command("merge")
def speakers_merge(
    run: Run,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Speakers that are all the same one.")],
    into: Annotated[str, typer.Option(metavar="ID", help="The speaker that they are.")],
    decisions: DecisionsFile = None,
) -> None:
    """Make several speakers one; `stance speakers split RUN ID` takes one out again.

    Example: stance speakers merge run/ zelensky@ukraine --into volodymyr-zelenskyy
    """
    from stance.decide import find, speakers

    listed = speakers(run)
    known = {own for one in listed for own in (one.id, *one.also)}
    members = [one if one in known else find(listed, one).id for one in ids]
    target = into if into in known else find(listed, into).id
    if set(members) == {target}:
        raise InputError(f"{target} is that speaker already. Give others to merge into it.")
    others = [one for one in dict.fromkeys(members) if one != target]
    _decide(run, {"merge": others, "into": target}, decisions)
    kinds = {one: find(listed, one).entry.kind for one in (*others, target) if one in known}
    for one in others:
        if kinds[one] != kinds[target]:
            _note(
                f"{one} ({kinds[one]}) is now a part of {target} ({kinds[target]}). "
                f"If they are not one: {_command('split', run, one)}"
            )


@app.command("split")
def speakers_split(
    run: Run,
    one: Speaker,
    articles: Annotated[
        list[str] | None, typer.Option("--article", metavar="ID", help="Only what is said in this article.")
    ] = None,
    statements: Annotated[
        list[str] | None, typer.Option("--statement", metavar="ID", help="Only this statement.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who says it: a new name, or a listed id.")
    ] = None,
    decisions: DecisionsFile = None,
) -> None:
    """Take a speaker out of a merge or join, or give some of its statements to another one.

    Example: stance speakers split run/ john-hill@norway --article a17 --as "John Hill, doctor"
    """
    from stance.decide import split

    _decide(run, split(run, one, articles or [], statements or [], name), decisions)


@app.command("rename")
def speakers_rename(
    run: Run,
    one: Speaker,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called from now on.")],
    decisions: DecisionsFile = None,
) -> None:
    """Change a speaker's name; the id stays.

    Example: stance speakers rename run/ mara-venn@norway "Mara K. Venn"
    """
    _decide(run, {"rename": _id(run, one), "name": name}, decisions)


@app.command("set")
def speakers_set(
    run: Run,
    one: Speaker,
    kind: Annotated[Kind | None, typer.Option(help="What it is.")] = None,
    role: Annotated[str | None, typer.Option(help='Its title; "" for none.')] = None,
    affiliation: Annotated[str | None, typer.Option(help='The country or body it speaks for; "" for none.')] = None,
    wikidata: Annotated[str | None, typer.Option(metavar="Q...", help="Its Wikidata id.")] = None,
    decisions: DecisionsFile = None,
) -> None:
    """Say what a speaker is, and for whom it speaks.

    Example: stance speakers set run/ mara-venn --role mayor --affiliation Norway
    """
    values = {"kind": kind, "role": role, "affiliation": affiliation, "wikidata": wikidata}
    given = {key: value for key, value in values.items() if value is not None}
    if not given:
        raise InputError("Nothing to set. Give --kind, --role, --affiliation or --wikidata.")
    _decide(run, {"set": _id(run, one), **given}, decisions)


@app.command("apply")
def speakers_apply(run: Run, decisions: DecisionsFile = None) -> None:
    """Carry out a decisions file that was changed by hand or made for another run.

    Example: stance speakers apply run/ --decisions shared.yaml
    """
    from stance.decide import settle, strangers
    from stance.store import decisions_file, read_info

    file = decisions or (decisions_file(run) if read_info(run).get("decisions") else None)
    if file is not None and not file.is_file():
        raise InputError(f"There is no file {file}. Give an existing one with --decisions.")
    _say(settle(run, decisions))
    if unknown := strangers(run):
        more = f" and {len(unknown) - 9} more" if len(unknown) > 9 else ""
        _note(f"Decisions about ids that this run does not have: {', '.join(unknown[:9])}{more}.")


@app.command("registry")
def speakers_registry(
    run: Run,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The speakers file to write.")],
) -> None:
    """Write a speakers file: the one that the run used, with the persons and bodies that were decided on.

    With it the next run knows them from the start: stance label ARTICLES -o NEW --speakers FILE

    Example: stance speakers registry run/ -o speakers.yaml
    """
    from stance.decide import speakers
    from stance.speakers import as_registry
    from stance.store import read_info
    from stance.yamlfile import YamlFile

    text = as_registry(YamlFile(read_info(run)["speakers"]["file"]).data or {}, speakers(run))
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {out}: {error.strerror}. Give another file with -o.") from error


def _id(run: Path, one: str) -> str:
    from stance.decide import find, speakers

    return find(speakers(run), one).id


def _decide(run: Path, decision: dict[str, Any], decisions: Path | None) -> None:
    from stance.decide import decide
    from stance.speakers import as_line
    from stance.store import decisions_file

    changed = decide(run, decision, decisions)
    _say(changed, f"; kept in {decisions_file(run)}: {as_line(decision)}")


def _say(changed: int, where: str = "") -> None:
    statements = f"{changed:,} statement{'s have' if changed != 1 else ' has'} another speaker"
    typer.echo(f"{statements if changed else 'No statement changes'}{where or '.'}", err=True)


def _note(text: str) -> None:
    typer.echo(f"Note: {text}", err=True)


def _command(verb: str, *words: object) -> str:
    return shlex.join(["stance", "speakers", verb, *map(str, words)])
