"""Articles that do not lie on this machine's disk."""

import gzip

import fsspec
import pytest

from stance.errors import InputError
from stance.read import find_sources, read

STORY = b"HELSINKI, March 3, 2026 (Daily) -- Mara Venn said that the harbour stays open.\n"


@pytest.fixture
def bucket():
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pipe("/archive/b.txt", STORY)
    memory.pipe(
        "/archive/2026/a.jsonl.gz", gzip.compress(b'{"id": "q", "text": "Mara said yes."}\n{"text": "Ola no."}\n')
    )
    memory.pipe("/archive/notes.pdf", b"%PDF")
    memory.pipe("/archive/.hidden/c.txt", STORY)
    memory.pipe("/archive/run/run.json", b"{}")
    memory.pipe("/archive/run/statements.jsonl", b"")
    memory.pipe("/archive/out/shards.json", b"{}")
    memory.pipe("/archive/out/articles/x.txt", STORY)
    yield memory
    memory.store.clear()


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("memory://archive", ["q", "2026/a#2", "b"]),
        ("memory://archive/", ["q", "2026/a#2", "b"]),
        ("memory://archive/*.txt", ["b"]),
        ("memory://archive/b.txt", ["b"]),
        ("memory://archive/2026", ["q", "a#2"]),
    ],
)
def test_folders_globs_and_files_are_read_as_on_a_disk(bucket, path, ids):
    assert [article.id for article in read([path])] == ids


def test_ids_and_texts_are_those_of_the_same_folder_on_a_disk(bucket, tmp_path):
    bucket.get("/archive", str(tmp_path / "archive"), recursive=True)
    here = {article.id: article.text for article in read([str(tmp_path / "archive")])}
    assert {article.id: article.text for article in read(["memory://archive"])} == here


def test_a_changed_file_has_another_version(bucket):
    def version():
        return next(source.version for source in find_sources(["memory://archive/b.txt"]))

    before = version()
    assert before == version()
    bucket.pipe("/archive/b.txt", STORY * 2)
    assert before != version()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("memory://nowhere", r"no file or folder memory://nowhere"),
        ("nosuch://bucket", r"Cannot open nosuch://bucket: Protocol not known.*s3://"),
    ],
)
def test_what_cannot_be_read_is_said(bucket, path, message):
    with pytest.raises(InputError, match=message):
        read([path])
