"""README's commands run, its example is real output, and its numbers are those that the model cards hold."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.config import load_topics
from stance.shipped import shipped

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    """The code block that follows the comment `<!-- name -->`."""
    found = re.search(rf"<!-- {name} -->\n```\w*\n(.*?)\n```", README, re.DOTALL)
    assert found, f"README.md has no block {name!r}"
    return found.group(1)


def stance(command: str) -> str:
    words = shlex.split(command, comments=True)
    result = CliRunner().invoke(app, words[1:], env={"COLUMNS": "118"})
    assert result.exit_code == 0, f"{command}\n{result.output}"
    return result.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder like a checkout, in which the examples have been labelled as README's first command does it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("eval", "configs"):
        (folder / name).symlink_to(ROOT / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        first = block("run").split("&& ")
        for command in first:
            if command.startswith(".venv/bin/stance"):
                stance(command.removeprefix(".venv/bin/").strip())
        yield folder


def test_first_command_gives_speakers_with_positions(place):
    rows = [json.loads(line) for line in (place / "run" / "statements.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 60
    assert {speaker["name"] for row in rows for speaker in row["speakers"]} >= {"Fang Zhiyuan", "Arkady Belozerov"}
    assert any(stance["target"] for row in rows for stance in row["stances"])


@pytest.mark.parametrize("command", block("more").splitlines())
def test_further_commands_run(place, command):
    if "evaluate" in command:
        command = command.replace("evaluate gold", "evaluate gold --limit 1 --no-baselines")
    assert stance(command).strip() or " -o " in command


def test_example_is_real_output(place):
    """Line by line, but for the last digits, in which processors differ."""
    shown = {plain(line) for line in stance("stance show eval/examples/irkutsk-consultation.txt").splitlines()}
    for line in block("example").splitlines()[1:]:
        assert plain(line) in shown, line


def plain(line: str) -> str:
    return re.sub(r"\d\.\d\d", "#", line.rstrip())


def test_counts_of_topics_and_targets():
    topics = load_topics()
    assert f"holds {len(topics.targets)} of them in {len(topics.topics)} topics" in README


def test_numbers_are_those_of_the_model_cards():
    for name, metric in re.findall(r"<!-- (attribution|stance): (.+?) -->", README):
        value = json.loads((shipped("models") / name / "metrics.json").read_text())[metric]
        assert f"{value:.3f} <!-- {name}: {metric} -->" in README
    assert README.count("<!-- attribution: ") >= 4


def test_every_command_is_in_the_readme():
    for command in app.registered_commands:
        assert f"stance {command.callback.__name__}" in README
