"""`stance speakers` as a person uses it: list, decide, look again."""

import csv
import io
import json
import os
import re
import shlex
import shutil

import pytest
import typer.main
import yaml
from test_decisions import DOCS, HILL, SETTINGS, VENN, doc, said, speaker, tables
from typer.testing import CliRunner

from stance import cli
from stance.errors import StanceError
from stance.resolve import Registry
from stance.store import DECISIONS, RunFolder
from stance.types import Speaker

INITIAL = Speaker("m-venn", "M. Venn", "person", "", "", "name", 0.8)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """A finished run in which Mara Venn speaks as three, and two statements have nobody in particular."""
    folder = tmp_path_factory.mktemp("labelled")
    registry = folder / "speakers.yaml"
    registry.write_text("people:\n- {id: ole-hill, name: Ole Hill}\nmetonyms: {the Storting: Norway}\n")
    with RunFolder(folder / "run", {**SETTINGS, "speakers": {"file": str(registry)}}) as run:
        for one in (*DOCS, doc("d", (INITIAL,), (HILL,))):
            run.claim(one.article)
            run.add([one])
        run.finish(1)
    return folder / "run"


@pytest.fixture
def run(labelled, tmp_path, monkeypatch):
    shutil.copytree(labelled, tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path / "run"


def stance(*words, code=0):
    result = CliRunner().invoke(cli.app, ["speakers", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def listed(run, *options):
    return {own["id"]: own for own in json.loads(stance(run, "--format", "json", *options).stdout)}


def test_list_begins_with_the_unresolved_then_the_likely_then_all(run):
    text = stance(run).stdout
    parts = ["Not resolved", "unnamed:official@norway", "May be the same", "Speakers", "ole-hill@norway"]
    assert sorted(parts, key=text.index) == parts
    assert "stance speakers merge" in text
    assert re.search(r"--into mara-venn@norway", text)
    assert list(listed(run))[:2] == ["unknown", "unnamed:official@norway"]


def test_json_tells_names_ways_and_counts(run):
    venn = listed(run)["mara-venn@norway"]
    assert {key: venn[key] for key in ("name", "kind", "role", "affiliation", "statements", "articles")} == {
        "name": "Mara Venn",
        "kind": "person",
        "role": "mayor",
        "affiliation": "Norway",
        "statements": 3,
        "articles": 2,
    }
    assert venn["how"] == {"name": 1.0}
    assert venn["names"] == {"Mara Venn": 3}
    assert venn["sources"] == {"Someone": 3}
    assert venn["similar"] == ["mara-wenn@sweden", "m-venn"]


def test_csv_has_a_line_for_each_speaker(run):
    rows = list(csv.DictReader(io.StringIO(stance(run, "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == list(listed(run))
    assert next(row for row in rows if row["id"] == "mara-venn@norway")["names"] == "Mara Venn 3"


def test_find_and_top_take_a_part(run):
    assert set(listed(run, "--find", "VENN")) == {"mara-venn@norway", "m-venn"}
    assert "of 4; more with --top" in stance(run, "--top", "1").stdout


def test_decisions_say_what_they_changed_and_where_they_are_kept(run):
    result = stance("merge", run, "Mara Wenn", "m-venn", "--into", "mara-venn@norway")
    assert f"4 statements have another speaker; kept in {run / DECISIONS}" in result.stderr
    assert yaml.safe_load((run / DECISIONS).read_text("utf-8")) == [
        {"merge": ["mara-wenn@sweden", "m-venn"], "into": "mara-venn@norway"}
    ]
    assert listed(run)["mara-venn@norway"]["also"] == {"mara-wenn@sweden": 3, "m-venn": 1}
    assert "No statement changes" in stance("merge", run, "m-venn", "--into", "mara-venn@norway").stderr


def test_every_command_says_which_decision_it_kept(run):
    assert "{rename: m-venn, name: Mara V.}" in stance("rename", run, "M. Venn", "Mara V.").stderr
    stderr = stance("merge", run, "m-venn", "unnamed:official@norway", "m-venn", "--into", "Ole Hill").stderr
    assert "{merge: [m-venn, 'unnamed:official@norway'], into: ole-hill@norway}" in stderr
    assert "Note: unnamed:official@norway (unnamed) is now a part of ole-hill@norway (person)" in stderr
    assert "Note: m-venn" not in stderr


def test_a_file_changed_by_hand_is_noted_until_it_is_applied(run):
    (run / DECISIONS).write_text("- {merge: [m-venn, nobody], into: mara-venn@norway}\n", encoding="utf-8")
    later = (run / "statements.parquet").stat().st_mtime_ns + 1_000_000
    os.utime(run / DECISIONS, ns=(later, later))
    assert f"stance speakers apply {run}" in stance(run).stderr
    assert "Decisions about ids that this run does not have: nobody." in stance("apply", run).stderr
    assert "apply" not in stance(run).stderr


def test_commands_that_are_proposed_can_be_copied(run):
    run = run.rename(run.parent / "my run")
    stance("rename", run, "mara-venn@norway", "Mara Venn")
    stance("split", run, "mara-venn@norway", "--article", "a", "--as", "Mara Venn, nurse")
    stderr = stance("merge", run, "unnamed:official@norway", "--into", "ole-hill@norway").stderr
    command = shlex.split(stderr[stderr.index("stance speakers split") :])
    assert command == ["stance", "speakers", "split", str(run), "unnamed:official@norway"]
    text = stance(run).stdout
    command = shlex.split(text[text.index("stance speakers merge") :].splitlines()[0])
    assert command[3] == str(run)
    stance(*command[2:])


def test_a_lost_file_is_not_taken_for_no_decisions(run):
    stance("merge", run, "m-venn", "--into", "mara-venn@norway", "--decisions", "shared.yaml")
    (run.parent / "shared.yaml").unlink()
    before = tables(run)
    with pytest.raises(StanceError, match=r"There is no file .*shared\.yaml"):
        stance("apply", run)
    assert tables(run) == before


def test_merge_then_split_leaves_tables_and_reports_as_they_were(run):
    def state():
        report = CliRunner().invoke(cli.app, ["report", str(run), "--format", "json", "-o", "report.json"])
        assert report.exit_code == 0, report.output
        return tables(run), (run.parent / "report.json").read_bytes()

    before = state()
    stance("merge", run, "mara-wenn@sweden", "m-venn", "--into", "mara-venn@norway")
    assert state()[0] != before[0]
    assert state()[1] != before[1]
    for one in ("mara-wenn@sweden", "m-venn"):
        stance("split", run, one)
    assert state() == before


def test_split_rename_set(run):
    stance("split", run, "mara-venn@norway", "--article", "c", "--as", "Mara Venn, singer")
    assert said(run)["c:1"] == ["mara-venn-singer@norway", "mara-wenn@sweden"]
    stance("rename", run, "mara-venn-singer@norway", "Mara V.")
    stance("set", run, "Mara V.", "--role", "singer", "--affiliation", "", "--wikidata", "Q7")
    singer = listed(run)["mara-venn-singer@norway"]
    assert (singer["name"], singer["role"], singer["affiliation"], singer["wikidata"]) == (
        "Mara V.",
        "singer",
        "",
        "Q7",
    )
    assert singer["how"] == {"decision": 1.0}


def test_a_shared_file_is_taken_and_remembered(run):
    stance("merge", run, "m-venn", "--into", "mara-venn@norway", "--decisions", "shared.yaml")
    (run.parent / "shared.yaml").write_text("[]\n", encoding="utf-8")
    assert "1 statement has another speaker" in stance("apply", run).stderr
    assert speaker(run, "d:1")["id"] == "m-venn"


def test_registry_keeps_the_old_entries_and_adds_the_decided(run):
    stance("merge", run, "m-venn", "--into", "mara-venn@norway")
    stance("set", run, "mara-venn@norway", "--wikidata", "Q7")
    stance("registry", run, "-o", "new.yaml")
    registry = Registry.load("new.yaml")
    assert registry.person("Ole Hill").id == "ole-hill"
    assert registry.metonym("the Storting") == "Norway"
    venn = registry.person("M. Venn")
    assert (venn.id, venn.name, venn.affiliation, venn.wikidata) == ("mara-venn", VENN.name, "Norway", "Q7")
    assert len(registry.people) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("merge", "run", "mara-ven@norway", "--into", "m-venn"), 'Did you mean "mara-venn@norway"?'),
        (("merge", "run", "m-venn", "--into", "M. Venn"), "m-venn is that speaker already"),
        (("set", "run", "m-venn"), "Nothing to set"),
        (("set", "run", "m-venn", "--wikidata", "7"), "looks like Q42"),
        (("apply", "run", "--decisions", "none.yaml"), "There is no file none.yaml"),
        (("nowhere",), "nowhere holds no run"),
    ],
)
def test_what_cannot_be_done_is_explained(run, words, message):
    with pytest.raises(StanceError, match=re.escape(message)):
        stance(*words)


def test_every_command_has_help_that_ends_in_an_example():
    for name, command in typer.main.get_command(cli.speakers.app).commands.items():
        shown = "" if name == "list" else f" {name}"
        assert re.search(rf"\n\s*Example: stance speakers{shown} run/.*$", command.help.strip()), command.help
        assert all(option.name == "help" or getattr(option, "help", None) for option in command.params), name
