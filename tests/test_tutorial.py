"""docs/train.md, command by command, on a folder of small invented articles."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app

PAGE = (Path(__file__).parent.parent / "docs" / "train.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"<!-- tutorial -->\n```sh\n(.*)\n```", PAGE)
SUBJECTS = [
    (
        "Mira Talvik",
        "Estonia",
        "the sanctions on Russia must stay in force",
        "Brussels should never have imposed tariffs",
    ),
    (
        "Jonas Ekvall",
        "Sweden",
        "NATO has to admit every state that wants to join",
        "the climate deal goes too far for farmers",
    ),
    (
        "Petra Novakova",
        "Slovakia",
        "arms deliveries to Ukraine have to end at once",
        "a ceasefire would serve all neighbours",
    ),
    (
        "Tomas Arriola",
        "Chile",
        "free trade helps small countries most",
        "the Security Council needs members from Latin America",
    ),
    (
        "Lindiwe Mabuza",
        "South Africa",
        "BRICS should admit more members soon",
        "unilateral sanctions break the law of nations",
    ),
    (
        "Farid Aslanov",
        "Kazakhstan",
        "the Shanghai Cooperation Organization makes the region safer",
        "foreign bases are not welcome",
    ),
]
ASIDES = [
    "Rain kept the crowd small on the quay, and the brass band went home before the speeches were over.",
    "A printed programme listed nine speakers, of whom four had sent their excuses by telegram from the airport.",
    "Hotel owners counted more guests than in any spring since the bridge over the narrow inlet was opened.",
    "Students in yellow coats handed out leaflets on rents, which had doubled around the old observatory.",
    "The interpreters' booth lost its power twice, so that a retired teacher took over from the second row.",
    "After lunch the delegations planted a walnut tree where the former customs house had burned down.",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "articles").mkdir()
    for number, ((name, country, first, second), aside) in enumerate(zip(SUBJECTS, ASIDES, strict=True)):
        surname = name.split()[1]
        text = (
            f"{aside}\n\nMinister {name} of {country} said that {first}. {surname} added that {second}.\n\n"
            f"“We have waited for this in {country} since the winter,” {surname} told reporters at stand {number}."
        )
        row = {"id": f"invented-{number}", "date": f"2031-05-{number + 1:02}", "outlet": "Vara Post", "text": text}
        (folder / "articles" / f"{number}.json").write_text(json.dumps(row), encoding="utf-8")
    return folder


def test_the_tutorial_has_its_commands():
    assert [" ".join(shlex.split(command)[1:3]) for command in COMMANDS] == [
        "label articles/", "annotate next", "annotate import", "train stance", "train stance", "evaluate compare",
        "label articles/",
    ]  # fmt: skip


def test_from_a_folder_to_a_better_model(place, monkeypatch):
    monkeypatch.chdir(place)
    said = {}
    for command in COMMANDS:
        short = " --epochs 1" if command.startswith("stance train") else ""
        result = CliRunner().invoke(app, shlex.split(command + short)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}\n{result.exception!r}"
        said[command] = result.stdout
        if "annotate next" in command:
            correct(place / "batch.csv")
    _, _, _, rehearsed, trained, _, _ = said.values()
    assert "on this machine" in rehearsed
    assert re.search(r"before, .* after \(.*; [12] articles\)", trained)
    judged = json.loads((place / "run-2" / "run.json").read_text())["models"]["stance"]
    assert judged["folder"] == "my-stance"


def correct(path):
    """What a person would do: a side where the model was wrong."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 12
    for row in rows:
        if "arms deliveries" in row["text"]:
            row["target"], row["label"] = "ukraine-military-aid", "against"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
