"""`stance report`, as a user types it."""

import json

import pytest
from report_run import build
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import InputError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build(tmp_path_factory.mktemp("reports") / "run")


@pytest.fixture
def report(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*words, fails=False):
        done = CliRunner().invoke(app, ["report", str(folder), *words])
        if fails:
            assert isinstance(done.exception, InputError), done
            return str(done.exception)
        assert done.exit_code == 0, done.output + repr(done.exception)
        return done

    return call


def test_whole_run(report):
    text = report().stdout
    for part in (
        "Who stands where",
        "Mara Venn  mayor, Norway",
        "repetitions in other articles not counted",
        "twin-towns*",
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= 120


def test_filters_reach_the_report(report):
    words = [
        "--since",
        "2020",
        "--until",
        "2023-06",
        "--outlet",
        "Fjord Daily",
        "--outlet",
        "the quay",
        "--kind",
        "direct",
    ]
    text = report(
        *words, "--speaker-kind", "person", "--how", "name", "--min-confidence", "0.5", "--topic", "trams"
    ).stdout
    line = (
        "Only topic or target trams; since 2020-01-01; until 2023-06-30; outlet Fjord Daily or The Quay; statements "
        "direct; speakers of kind person; speakers resolved by name; confidence from 0.5."
    )
    assert line in " ".join(text.split())
    assert "Mara Venn" in text


@pytest.mark.parametrize("by", ["affiliation", "role", "kind", "outlet"])
def test_groupings(report, by):
    name = {"affiliation": "Chile", "role": "mayor", "kind": "organization", "outlet": "Andes Post"}[by]
    assert f"\n{name}" in report("--by", by).stdout


def test_the_ending_decides_on_the_form(report, tmp_path):
    begins = {
        "md": b"# Positions of 6 speakers",
        "json": b'{\n"run": ',
        "csv": b"id,name,kind",
        "xlsx": b"PK",
        "gexf": b"<?xml",
        "graphml": b"<?xml",
        "html": b"<!doctype html>",
        "txt": b"Positions of 6 speakers",
    }
    for ending, start in begins.items():
        report("-o", f"report.{ending}")
        assert (tmp_path / f"report.{ending}").read_bytes()[: len(start)].lower() == start.lower()
    assert "form has this ending" in report("-o", "report.doc", fails=True)
    report("-o", "report.doc", "--format", "csv")
    report("-o", "change.csv", "--view", "change")
    report("-o", "agree.csv", "--view", "agreement", "--speaker", "Marrow")
    names = {path.name for path in tmp_path.glob("*.csv")}
    assert names >= {"change-shifts.csv", "change-contradictions.csv", "agree-coalitions.csv", "report-evidence.csv"}
    pairs = (tmp_path / "agree.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert pairs and all("ilse-marrow" in line for line in pairs)
    assert report("--format", "csv").stdout.startswith("id,name,kind")
    assert "Give a file" in report("--format", "xlsx", fails=True)


def test_views(report):
    assert "Pettitt" in report("--view", "change").stdout
    assert "Coalitions" in report("--view", "agreement", "--by", "affiliation").stdout
    prose = report("--view", "summary", "--speaker", "Marrow").stdout
    assert "Ilse Marrow" in prose and "[a" in prose, "its statements are named"
    assert "[^1]: `a" in report("--view", "summary", "--format", "markdown").stdout
    made = json.loads(report("--view", "summary", "--format", "json", "--topic", "trams").stdout)
    assert made["summaries"][0]["sentences"][0]["statements"]


def test_compare(report, tmp_path):
    assert "Mara Venn and Oto Brandt" in report("--compare", "Venn", "Oto Brandt").stdout
    report("--compare", "2019..2021", "2022..2024", "-o", "both.csv", "--speaker", "Marrow")
    lines = (tmp_path / "both.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("side_1,side_2,topic,target,favor_1,against_1")
    assert any(line.startswith("2019..2021,2022..2024,trams,tram-line") for line in lines)
    assert (tmp_path / "both-voices.csv").exists()
    assert json.loads(report("--compare", "norway", "chile", "--format", "json").stdout)["kind"] == "affiliation"
    assert "# Norway and Chile" in report("--compare", "norway", "chile", "--format", "markdown").stdout
    assert "cannot be written as gexf" in report("--compare", "norway", "chile", "-o", "x.gexf", fails=True)


def test_figures_of_a_comparison_are_refused(report):
    assert "not of a comparison" in report("--figures", "f", "--compare", "Venn", "Lund", fails=True)


def test_figures(report, tmp_path):
    done = report("--figures", "pictures", "--topic", "tram-line", "-o", "r.md")
    assert "figures into pictures" in done.stderr
    assert {path.suffix for path in (tmp_path / "pictures").iterdir()} == {".svg", ".png", ".md"}
