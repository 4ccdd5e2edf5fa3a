"""Shards: how an input is parted, what lies in them, and what is labelled again."""

import json
import sys
from types import SimpleNamespace

import fsspec
import pyarrow.parquet as pq
import pytest
from shard_fake import articles, one_run
from typer.testing import CliRunner

from stance.cli import app
from stance.cluster import TRIES, ShardLabeller, _shares, label_shards
from stance.config import load_config
from stance.errors import InputError, MissingExtraError, StanceError
from stance.merge import merge
from stance.pool import MEMORY
from stance.progress import shards_summary
from stance.read import Source
from stance.shards import FILES, Shard, ShardFolder, plan
from stance.store import read_run
from stance.tables import OUTPUTS

pytestmark = pytest.mark.usefixtures("simple_models")

CONFIG = load_config()


@pytest.fixture
def folder(tmp_path):
    """Six articles in files of their own, and two tables with two each."""
    folder = articles(tmp_path / "articles")
    for table in "xy":
        rows = [{"id": f"{table}{n}", "text": f"Ivo Marn said that tree {n} of {table} stands."} for n in (1, 2)]
        (folder / f"{table}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture
def bucket():
    """A file system that is not this machine's disk."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    yield memory
    memory.store.clear()


def here(shards, make):
    """Has shards labelled by one worker in this process."""
    return map(make(), shards)


def parts(*names, suffix=".txt"):
    return [Source(f"/nowhere/{name}{suffix}", name, suffix, version="1") for name in names]


def test_a_table_is_a_shard_and_files_share_one():
    sources = [*parts("a", "b"), *parts("t", "u", suffix=".jsonl"), *parts("c")]
    groups = [[source.name for source in shard.sources] for shard in plan(sources, "s")]
    assert groups == [["a", "b"], ["t"], ["u"], ["c"]]


def test_a_file_more_changes_few_shards():
    names = [f"{number:05}" for number in range(5000)]
    before = plan(parts(*names), "s")
    after = plan(parts(*sorted([*names, "00100x"])), "s")
    assert 5 <= len(before) <= 60
    assert max(len(shard.sources) for shard in before) <= FILES
    assert len({shard.name for shard in after} - {shard.name for shard in before}) <= 3


def test_a_shard_is_named_by_what_it_holds_and_how_it_is_made(folder):
    def names(settings="s"):
        return [shard.name for shard in plan([Source(str(folder / "x.jsonl"), "x", ".jsonl")], settings)]

    first = names()
    assert names() == first
    assert names("other") != first
    (folder / "x.jsonl").write_text('{"id": "x3", "text": "Ivo Marn said no."}\n')
    assert names() != first


def test_a_shard_travels_as_text():
    shard = Shard("n", (Source("/a/ü.txt", "ü", ".txt"),))
    assert Shard.from_json(shard.to_json()) == shard


def test_shards_from_and_to_urls_are_merged_into_the_local_run(folder, bucket, tmp_path):
    bucket.put(str(folder), "/archive", recursive=True)
    bucket.pipe("/archive/empty.txt", b"")
    counts = label_shards(["memory://archive"], "memory://out", CONFIG, here)
    assert (counts.shards, counts.fresh, counts.articles, counts.statements) == (3, 3, 10, 10)
    assert counts.problems == {"empty": 1}
    merge(["memory://out"], tmp_path / "merged")
    whole = one_run(["memory://archive"], tmp_path / "whole")
    for name in (*OUTPUTS, "problems.jsonl"):
        assert (tmp_path / "merged" / name).read_bytes() == (whole / name).read_bytes(), name


def test_decisions_that_shards_were_labelled_with_are_merged(folder, tmp_path):
    decisions = tmp_path / "decisions.yaml"
    decisions.write_text("- {rename: marn@norway, name: Ivo K. Marn}\n")
    label_shards([str(folder)], str(tmp_path / "out"), CONFIG.with_values({"decisions": str(decisions)}), here)
    merge([str(tmp_path / "out")], tmp_path / "merged")
    names = {own["name"] for _, rows in read_run(tmp_path / "merged") for row in rows for own in row["speakers"]}
    assert names == {"Ivo K. Marn"}


def test_tables_of_shards_are_plain_parquet(folder, tmp_path):
    label_shards([str(folder)], str(tmp_path / "out"), CONFIG, here)
    assert pq.read_table(tmp_path / "out" / "statements").num_rows == 10
    assert sorted(pq.read_table(tmp_path / "out" / "articles")["article_id"].to_pylist())[:2] == ["a", "b"]


def test_only_what_is_new_or_changed_is_labelled_again(folder, tmp_path):
    out = str(tmp_path / "out")
    assert label_shards([str(folder)], out, CONFIG, here).fresh == 3
    assert label_shards([str(folder)], out, CONFIG, here).fresh == 0
    (folder / "y.jsonl").write_text('{"id": "y9", "text": "Ivo Marn said that this is new."}\n')
    (folder / "z.csv").write_text("id,text\nz1,Ivo Marn said that this is a table.\n")
    counts = label_shards([str(folder)], out, CONFIG, here)
    assert (counts.shards, counts.fresh, counts.articles, counts.fresh_articles) == (4, 2, 10, 2)
    assert len(list((tmp_path / "out" / "articles").iterdir())) == 4, "the shard that was replaced is gone"
    assert label_shards([str(folder)], out, CONFIG.with_values({"min_score": 0.9}), here).fresh == 4


def test_shards_that_are_done_stay_when_the_rest_fails(folder, tmp_path):
    out = str(tmp_path / "out")

    def dies_after_one(shards, make):
        yield make()(shards[0])
        raise ConnectionError("the cluster is gone")

    with pytest.raises(ConnectionError):
        label_shards([str(folder)], out, CONFIG, dies_after_one)
    with pytest.raises(InputError, match=r"2 of 3 shards in .* are not done. Repeat the command"):
        merge([out], tmp_path / "merged")
    assert label_shards([str(folder)], out, CONFIG, here).fresh == 2
    assert merge([out], tmp_path / "merged").articles == 10


def test_a_report_on_shards_says_to_merge_them(folder, tmp_path):
    out = tmp_path / "out"
    label_shards([str(folder)], str(out), CONFIG, here)
    with pytest.raises(InputError, match=r"holds no run.* stance merge .*out -o RUN"):
        list(read_run(out))


def test_half_a_shard_does_not_count(folder, tmp_path):
    out = tmp_path / "out"
    label_shards([str(folder)], str(out), CONFIG, here)
    name = next((out / "done").iterdir())
    name.unlink()
    (out / "statements" / f"{name.stem}.parquet").write_bytes(b"torn")
    assert label_shards([str(folder)], str(out), CONFIG, here).fresh == 1
    assert merge([str(out)], tmp_path / "merged").articles == 10


def test_a_shard_that_kills_its_workers_is_given_up_for_this_time(folder, tmp_path):
    out = str(tmp_path / "out")

    def loses_workers(shards, make):
        for number in range(TRIES):
            ShardFolder(out).tries(shards[0].name, str(number))
        return map(make(), shards)

    counts = label_shards([str(folder)], out, CONFIG, loses_workers)
    assert (counts.articles, counts.problems) == (4, {"killed": 1})
    assert merge([out], tmp_path / "merged").problems == {"killed": 1}, "the others can be used"
    assert label_shards([str(folder)], out, CONFIG, here).articles == 10, "the next command tries again"


def test_another_worker_may_have_done_it(folder, tmp_path):
    out = str(tmp_path / "out")
    seen = []
    label_shards([str(folder)], out, CONFIG, lambda shards, make: here(seen.extend(shards) or shards, make))
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "articles").iterdir()}
    report = ShardLabeller(CONFIG, out, plan_hash())(seen[0])
    assert report["shard"] == seen[0].name
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "articles").iterdir()}


def plan_hash():
    from stance.pipeline import settings

    return settings(CONFIG)["hash"]


def test_a_machine_with_another_version_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.cluster.partial", lambda make, config, out, hash: lambda: make(config, out, "other"))
    with pytest.raises(StanceError, match="another version of stance, of its models"):
        label_shards([str(folder)], str(tmp_path / "out"), CONFIG, here)


def test_a_folder_with_something_else_is_left_alone(folder, tmp_path):
    with pytest.raises(InputError, match="not empty and holds no shards"):
        label_shards([str(folder)], str(folder), CONFIG, here)
    with pytest.raises(InputError, match="Standard input"):
        label_shards(["-"], str(tmp_path / "out"), CONFIG, here)


@pytest.mark.parametrize(
    ("resources", "workers", "shards", "expected"),
    [
        ({"CPU": 64}, None, 1000, (64, 1, 0)),
        ({"CPU": 64}, None, 3, (3, 1, 0)),
        ({"CPU": 64}, 10, 1000, (10, 1, 0)),
        ({"CPU": 64, "GPU": 4}, None, 1000, (16, 1, 0.25)),
        ({"CPU": 64, "GPU": 4}, 4, 1000, (4, 1, 1.0)),
        ({"CPU": 8, "GPU": 4}, None, 1000, (8, 1, 0.5)),
        ({"CPU": 64, "memory": 10.0}, None, 1000, (10, 1, 0)),
    ],
)
def test_workers_share_processors_and_cards(resources, workers, shards, expected):
    config = SimpleNamespace(device=None, workers=workers)
    resources = {"memory": 1000.0, **resources}
    resources["memory"] *= MEMORY
    assert _shares(config, resources, shards) == expected
    assert _shares(SimpleNamespace(device="cpu", workers=2), {"CPU": 4, "GPU": 1, "memory": MEMORY}, 9) == (2, 1, 0)


def test_without_ray_it_says_what_to_install(folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance\[ray\]'"):
        label_shards([str(folder)], str(tmp_path / "out"), CONFIG)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "memory://out"], "A run lies in a folder of this machine"),
        (["-o", "memory://out", "--engine", "ray", "--limit", "1"], "no --limit"),
        (["-o", "memory://out", "--engine", "ray", "--overwrite"], "no --overwrite"),
    ],
)
def test_options_that_do_not_go_together_are_refused(folder, options, message):
    result = CliRunner().invoke(app, ["label", str(folder), *options])
    assert message in str(result.exception)


def test_command_labels_in_shards(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.cluster.on_ray", lambda config, shards, make: here(shards, make))
    result = CliRunner().invoke(app, ["label", str(folder), "-o", str(tmp_path / "out"), "--engine", "ray"])
    assert result.exit_code == 0
    assert "3 shards, 10 articles" in result.stderr


def test_summary_says_what_is_next(folder, tmp_path):
    out = str(tmp_path / "out")
    (folder / "empty.txt").write_text("")
    text = shards_summary(label_shards([str(folder)], out, CONFIG, here), 2.0, out)
    assert "3 shards, 10 articles, 10 statements, 10 stances in 2.0 s, 300 articles a minute." in text
    assert f"stance merge {out} -o run" in text
    assert "1 problems: empty 1" in text
