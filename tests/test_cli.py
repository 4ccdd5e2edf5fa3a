import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

import stance
from stance import cli
from stance.pipeline import Pipeline
from stance.types import Span, Speaker, Stance, Statement


def commands(group, prefix=""):
    """Every command by what one types: the first one of some groups goes without its name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield prefix.strip() if name == getattr(group, "first", None) else f"{prefix}{name}", command


COMMANDS = dict(commands(typer.main.get_command(cli.app)))


def pretend(docs):
    """Labels "NAME said CONTENT." articles; fails on those that say so."""
    done = []
    for doc in docs:
        text = doc.article.text
        if "FAIL" in text:
            raise ValueError("could not be tagged")
        found = [
            Statement(
                f"{doc.article.id}:{number}",
                (Span(match.start(2), match.end(2)),),
                Span(match.start() + len(match[1]) + 1, match.start() + len(match[1]) + 5),
                Span(match.start(1), match.end(1)),
                "indirect",
                speakers=(Speaker(match[1].lower(), match[1], "person", "mayor", "Norway"),),
                stances=(Stance("brics", "brics", "favor", (0.8, 0.1, 0.1), 0.8),),
            )
            for number, match in enumerate(re.finditer(r"(\w+) said ([^.]+)", text), 1)
        ]
        done.append(replace(doc, statements=tuple(found)))
    return done


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with two articles, fake models and a pipeline that pretends."""
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        Path("models", name).mkdir(parents=True)
        Path("models", name, "config.json").write_text("{}")
        Path("models", name, "model.safetensors").write_bytes(name.encode())
    Path("speakers.yaml").write_text("{}\n")
    Path("mine.yaml").write_text(
        "models: {attribution: models/one, stance: models/two}\nspeakers: speakers.yaml\nbatch: 2\nworkers: 1\n"
    )
    Path("articles").mkdir()
    Path("articles/a.txt").write_text("Venn said trees help. Lund said so.\n", encoding="utf-8")
    Path("articles/b.txt").write_text("Nothing happened.\n", encoding="utf-8")
    loaded = []

    def load(config):
        loaded.append(config)
        return Pipeline([("tag", pretend)], config.strict)

    monkeypatch.setattr(Pipeline, "load", load)
    return loaded


def run(*words: str, code: int = 0):
    """Run a command as `main` would and check its exit code."""
    result = CliRunner().invoke(cli.app, list(words))
    assert result.exit_code == code, (result.output, result.exception)
    return result


def label(*words: str, code: int = 0):
    return run("label", *words, "-o", "run", "--config", "mine.yaml", code=code)


def rows(name: str):
    return [json.loads(line) for line in Path("run", name).read_text(encoding="utf-8").splitlines()]


def test_label_writes_the_run_folder_and_a_summary(folder):
    result = label("articles")
    assert result.stdout == ""
    assert "2 articles, 2 statements, 2 named speakers, 2 stances in" in result.stderr
    assert [row["statement_id"] for row in rows("statements.jsonl")] == ["a:1", "a:2"]
    info = json.loads(Path("run/run.json").read_text())
    assert info["counts"] == {"articles": 2, "statements": 2, "speakers": 2, "stances": 2}
    assert info["config"]["models"] == {"attribution": "models/one", "stance": "models/two"}
    assert info["state"] == "finished"


def test_quiet_says_nothing(folder):
    result = label("articles", "--quiet")
    assert (result.stdout, result.stderr) == ("", "")


def test_articles_with_problems_give_exit_code_1(folder):
    Path("articles/c.txt").write_text("FAIL\n")
    Path("articles/empty.txt").write_text("")
    result = label("articles", code=1)
    assert "2 problems: " in result.stderr
    assert {row["kind"] for row in rows("problems.jsonl")} == {"failed", "empty"}
    assert {row["article_id"] for row in rows("articles.jsonl")} == {"a", "b"}


def test_same_command_again_labels_nothing_again(folder):
    label("articles")
    before = Path("run/statements.jsonl").read_bytes()
    label("articles")
    assert len(folder) == 1, "the models are not even loaded"
    assert Path("run/statements.jsonl").read_bytes() == before


def test_killed_run_goes_on_with_the_same_command(folder, monkeypatch):
    for number in range(6):
        Path(f"articles/n{number}.txt").write_text(f"Venn said number {number}.\n")
    calls = []

    def dies(docs):
        calls.append([doc.article.id for doc in docs])
        if len(calls) == 3:
            raise KeyboardInterrupt
        return pretend(docs)

    monkeypatch.setattr(Pipeline, "load", lambda config: Pipeline([("tag", dies)]))
    result = label("articles", code=130)
    assert "The same command goes on where this one was" in result.stderr
    label("articles")
    done = [name for call in calls[:2] + calls[3:] for name in call]
    assert sorted(done) == ["a", "b", "n0", "n1", "n2", "n3", "n4", "n5"], "each article was labelled once"
    assert len(rows("articles.jsonl")) == 8


def test_options_reach_the_configuration(folder):
    label("articles", "--min-score", "0.25", "--encoding", "cp1252", "--device", "cpu", "--set", "batch=1", "--strict")
    (config,) = folder
    assert (config.min_score, config.read.encoding, config.device, config.batch, config.strict) == (
        0.25,
        "cp1252",
        "cpu",
        1,
        True,
    )


def test_scope_reaches_the_configuration(folder):
    label("articles")
    label("articles", "--scope", "attributions", "--overwrite")
    assert [config.scope for config in folder] == ["statements", "attributions"]


def test_unfinished_run_among_the_articles_is_not_read(folder, monkeypatch):
    load = Pipeline.load
    monkeypatch.setattr(Pipeline, "load", lambda config: Pipeline([("tag", interrupted)]))
    words = ("label", "articles", "-o", "articles/run", "--config", "mine.yaml")
    run(*words, code=130)
    monkeypatch.setattr(Pipeline, "load", load)
    assert "2 articles" in run(*words).stderr
    assert "2 articles" in run(*words).stderr


def interrupted(docs):
    raise KeyboardInterrupt


def test_limit(folder):
    label("articles", "--limit", "1")
    assert [row["article_id"] for row in rows("articles.jsonl")] == ["a"]


def test_columns(folder):
    Path("all.csv").write_text("key,story\nx,Venn said trees help.\n")
    label("all.csv", "--id-column", "key", "--text-column", "story")
    assert rows("statements.jsonl")[0]["article_id"] == "x"


def fails(*words: str) -> str:
    """The message of a command that is used wrongly: `main` prints it and exits with 2."""
    result = CliRunner().invoke(cli.app, list(words))
    assert isinstance(result.exception, stance.errors.StanceError), (result.output, result.exception)
    return str(result.exception)


def test_other_settings_for_the_same_folder_label_again(folder):
    label("articles")
    label("articles", "--min-score", "0.9")
    assert [config.min_score for config in folder] == [0.3, 0.9]
    label("articles", "--min-score", "0.9", "--batch", "1", "--workers", "1")
    assert len(folder) == 2, "these decide no result"
    label("articles", "--min-score", "0.9", "--overwrite")
    assert len(folder) == 3


def test_articles_that_are_gone_are_dropped_and_told(folder):
    label("articles")
    Path("articles/a.txt").unlink()
    assert "1 dropped, no longer in the input" in label("articles").stderr
    assert rows("statements.jsonl") == []


def test_strict_stops_at_the_first_fault(folder):
    Path("articles/c.txt").write_text("FAIL\n")
    assert "'c' failed in the stage tag" in fails("label", "articles", "-o", "run", "--config", "mine.yaml", "--strict")


def test_show_run_and_file(folder):
    label("articles")
    for words in (["run", "--article", "a"], ["articles/a.txt", "--config", "mine.yaml"]):
        text = run("show", *words).stdout
        assert "Venn said trees help[1]. Lund said so[2]." in text
        assert "favor   0.80 brics" in text
    result = run("show", "articles/a.txt", "--config", "mine.yaml", "--json")
    assert [json.loads(line) for line in result.stdout.splitlines()] == rows("statements.jsonl")


def test_show_needs_one_article(folder):
    label("articles")
    assert "--article a" in fails("show", "run")
    assert 'Did you mean "b"?' in fails("show", "run", "--article", "B")
    Path("articles/c.txt").write_text("FAIL\n")
    label("articles", code=1)
    assert "could not be labelled in this run: ValueError" in fails("show", "run", "--article", "c")
    run("label", "articles/a.txt", "-o", "single", "--config", "mine.yaml")
    assert "Venn said" in run("show", "single").stdout
    assert "holds several articles" in fails("show", "articles", "--config", "mine.yaml")


def test_report_formats_and_file(folder):
    label("articles")
    assert "Venn  mayor, Norway" in run("report", "run").stdout
    assert "# Positions of 1 speaker" in run("report", "run", "--speaker", "lund", "--format", "markdown").stdout
    run("report", "run", "--format", "json", "-o", "report.json")
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))["speakers"][0]["statements"] == 1
    assert "Cannot write nix/report.md" in fails("report", "run", "-o", "nix/report.md")
    assert "holds no run" in fails("report", "articles")


def test_train_hands_over_the_recipe(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr("stance.train.train", lambda *given: asked.append(given) or given[3])
    data, base = tmp_path / "data", tmp_path / "base"
    for folder in (data, base):
        folder.mkdir()
    (base / "config.json").write_text("{}")
    result = run("train", "stance", "--data", str(data), "--base", str(base), "-o", "out")
    ((recipe, *folders),) = asked
    assert recipe.name == "stance.yaml"
    assert folders == [data, base, Path("out")]
    assert "The model is in out" in result.stderr
    assert "no recipe 'nix'" in fails("train", "nix", "--data", str(data), "--base", str(base), "-o", "out")


def test_models_lists_what_is_shipped():
    listed = json.loads(run("models", "--json").stdout)
    text = run("models").stdout
    assert all(model["name"] in text for model in listed)


def test_config_show_and_check(folder):
    text = run("config", "show", "--config", "mine.yaml").stdout
    Path("full.yaml").write_text(text, encoding="utf-8")
    assert "good configuration" in run("config", "check", "full.yaml").stdout
    Path("wrong.yaml").write_text("batsh: 3\n")
    assert "wrong.yaml:1: there is no option 'batsh'. Did you mean \"batch\"?" in fails("config", "check", "wrong.yaml")


def test_wrong_use_gives_exit_code_2_and_one_paragraph(tmp_path):
    for words in (["label", "nix", "-o", "run"], ["report", "nix"], ["label"], ["lable"]):
        done = python("-m", "stance.cli", *words, cwd=tmp_path)
        assert done.returncode == 2, done
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
    done = python("-m", "stance.cli", "report", "nix", cwd=tmp_path)
    assert done.stderr.startswith("stance: nix holds no run")
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [], "nothing was made"


def test_label_goes_by_decisions_about_speakers_and_goes_on_with_them(folder):
    Path("d.yaml").write_text("- {rename: venn, name: Mara Venn}\n")
    label("articles", "--decisions", "d.yaml")
    assert [row["speakers"][0]["name"] for row in rows("statements.jsonl")] == ["Mara Venn", "Lund"]
    Path("articles/c.txt").write_text("Venn said limes help.\n", encoding="utf-8")
    label("articles")
    assert rows("statements.jsonl")[2]["speakers"][0] == {
        **rows("statements.jsonl")[0]["speakers"][0],
        "name": "Mara Venn",
        "how": "decision",
    }
    assert "There is no file" in str(label("articles", "--decisions", "none.yaml", code=1).exception)


def python(*words: str, cwd: Path) -> subprocess.CompletedProcess:
    root = Path(stance.__file__).parents[1]
    env = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run([sys.executable, *words], cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_command_line_starts_without_the_heavy_libraries(tmp_path):
    heavy = ("torch", "transformers", "pyarrow", "pydantic", "numpy", "yaml")
    code = f"import sys, stance.cli; print([name for name in {heavy} if name in sys.modules])"
    assert python("-c", code, cwd=tmp_path).stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_ends_in_an_example(name):
    command = COMMANDS[name]
    assert re.search(rf"\n\s*Example: stance {name}\b.*$", command.help.strip()), command.help
    for option in command.params:
        assert option.name == "help" or getattr(option, "help", None), f"{name} {option.name} has no help"


def test_version():
    assert run("--version").stdout.strip() == f"stance {stance.__version__}"


ROOT = Path(stance.__file__).parents[1]


@pytest.mark.skipif(not (ROOT / "models" / "stance" / "config.json").exists(), reason="the models are not shipped here")
def test_shipped_models_label_an_article_from_any_folder(tmp_path):
    article = ROOT / "eval" / "examples" / "irkutsk-consultation.txt"
    done = python("-m", "stance.cli", "label", str(article), "-o", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "Loading" not in done.stderr
    found = [json.loads(line) for line in (tmp_path / "run" / "statements.jsonl").read_text("utf-8").splitlines()]
    text = json.loads((tmp_path / "run" / "articles.jsonl").read_text("utf-8"))["text"]
    assert len(found) >= 11
    assert all(" ... ".join(text[start:end] for start, end in row["content"]) == row["text"] for row in found)
    assert "Fang Zhiyuan" in {speaker["name"] for row in found for speaker in row["speakers"]}
    assert ("china-russia-ties", "favor") in {(s["target"], s["label"]) for row in found for s in row["stances"]}
