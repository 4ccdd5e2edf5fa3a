"""Runs that are joined are what one run over everything would be."""

import json

import pytest
from shard_fake import articles, one_run
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import InputError
from stance.merge import merge
from stance.store import read_info, read_run
from stance.tables import OUTPUTS

pytestmark = pytest.mark.usefixtures("simple_models")

TABLES = (*OUTPUTS, "problems.jsonl")


@pytest.fixture
def folder(tmp_path):
    return articles(tmp_path / "articles")


def same(one, other):
    return [name for name in TABLES if (one / name).read_bytes() != (other / name).read_bytes()]


def test_parts_of_a_folder_become_the_run_over_the_folder(folder, tmp_path):
    (folder / "b2.txt").write_text("")
    (folder / "c2.txt").write_text("Somebody said poison.")
    (folder / "e2.txt").write_text("Somebody said poison again.")
    whole = one_run([str(folder)], tmp_path / "whole")
    parts = [
        one_run([f"{folder}/{glob}"], tmp_path / f"part{number}")
        for number, glob in enumerate(("[ab]*", "c*", "[d-f]*"))
    ]
    counts = merge(list(map(str, parts)), tmp_path / "merged")
    assert same(whole, tmp_path / "merged") == []
    assert counts.totals == read_info(whole)["counts"]
    assert counts.problems == {"empty": 1, "failed": 2}
    info = read_info(tmp_path / "merged")
    assert info["hash"] == read_info(whole)["hash"]
    assert info["seconds"] >= 3.0, "the seconds of all runs together"


def test_speakers_are_joined_across_runs(folder, tmp_path):
    full, short = one_run([f"{folder}/a*"], tmp_path / "full"), one_run([f"{folder}/b*"], tmp_path / "short")
    merge([str(full), str(short)], tmp_path / "merged")
    ids = {row["speakers"][0]["id"] for _, rows in read_run(tmp_path / "merged") for row in rows}
    assert ids == {row["speakers"][0]["id"] for _, rows in read_run(full) for row in rows}


def test_what_two_runs_hold_alike_is_kept_once(folder, tmp_path):
    whole = one_run([str(folder)], tmp_path / "whole")
    left, right = one_run([f"{folder}/[a-d]*"], tmp_path / "left"), one_run([f"{folder}/[c-f]*"], tmp_path / "right")
    merge([str(left), str(right)], tmp_path / "merged")
    assert same(whole, tmp_path / "merged") == []


def test_one_id_for_two_articles_is_an_error_that_says_what_to_do(folder, tmp_path):
    left = one_run([str(folder)], tmp_path / "left")
    (folder / "b.txt").write_text("Mayor Marn said that no trees are needed at all.")
    right = one_run([str(folder)], tmp_path / "right")
    with pytest.raises(
        InputError, match=r"id 'b' stands for one article in .*left .*another one in .*right .*id-column"
    ):
        merge([str(left), str(right)], tmp_path / "merged")


def test_an_article_that_failed_in_one_run_and_not_in_another_is_no_problem(folder, tmp_path):
    (folder / "a.txt").write_text("Somebody said poison.")
    left = one_run([f"{folder}/a*"], tmp_path / "left")
    articles(folder)
    right = one_run([str(folder)], tmp_path / "right")
    counts = merge([str(left), str(right)], tmp_path / "merged")
    assert (counts.articles, counts.problems) == (6, {})


def test_other_settings_are_refused_and_named(folder, tmp_path):
    left = one_run([f"{folder}/a*"], tmp_path / "left")
    right = one_run([f"{folder}/b*"], tmp_path / "right", min_score=0.5, batch=3)
    with pytest.raises(InputError) as caught:
        merge([str(left), str(right)], tmp_path / "merged")
    assert "min_score is 0.3 in one and 0.5 in the other" in str(caught.value)
    assert "batch" not in str(caught.value), "what does not change results is no difference"
    assert not (tmp_path / "merged").exists()


def test_other_topics_are_named(folder, tmp_path, topics_file):
    left = one_run([f"{folder}/a*"], tmp_path / "left")
    right = one_run([f"{folder}/b*"], tmp_path / "right", topics=str(topics_file))
    with pytest.raises(InputError, match=r"different settings: topics is \w+ in one"):
        merge([str(left), str(right)], tmp_path / "merged")


def test_decisions_of_all_runs_are_carried_along(folder, tmp_path):
    left, right = one_run([f"{folder}/[ab]*"], tmp_path / "left"), one_run([f"{folder}/[cd]*"], tmp_path / "right")
    for run, name in ((left, "Ivo K. Marn"), (right, "Ivo K. Marn")):
        (run / "speakers.decisions.yaml").write_text(f"- {{rename: marn@norway, name: {name}}}\n")
    merge([str(left), str(right)], tmp_path / "merged")
    kept = (tmp_path / "merged" / "speakers.decisions.yaml").read_text()
    assert kept.count("- {rename") == 1
    names = {
        speaker["name"] for _, rows in read_run(tmp_path / "merged") for row in rows for speaker in row["speakers"]
    }
    assert names == {"Ivo K. Marn"}


def test_a_run_that_is_there_is_replaced_only_when_asked(folder, tmp_path):
    left, right = one_run([f"{folder}/a*"], tmp_path / "left"), one_run([f"{folder}/b*"], tmp_path / "right")
    arguments = ["merge", str(left), str(right), "-o", str(tmp_path / "merged")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "2 articles, 2 statements" in result.stderr
    with pytest.raises(InputError, match="--overwrite"):
        merge([str(left)], tmp_path / "merged")
    assert CliRunner().invoke(app, [*arguments, "--overwrite"]).exit_code == 0
    with pytest.raises(InputError, match="holds a run"):
        merge([str(left)], left, overwrite=True)
    assert json.loads((left / "statements.jsonl").read_text().splitlines()[0])["article_id"] == "a"


def test_what_is_no_run_is_told_apart(folder, tmp_path):
    with pytest.raises(InputError, match="holds no run"):
        merge([str(folder)], tmp_path / "merged")
    unfinished = tmp_path / "unfinished"
    unfinished.mkdir()
    whole = one_run([f"{folder}/a*"], tmp_path / "whole")
    (unfinished / "run.json").write_text((whole / "run.json").read_text())
    with pytest.raises(InputError, match="not finished"):
        merge([str(whole), str(unfinished)], tmp_path / "merged")
