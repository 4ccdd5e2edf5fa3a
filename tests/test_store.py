import hashlib
import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.rows import doc_from_rows, statement_rows
from stance.store import PARTS, RunFolder, read_info, read_run
from stance.task import part_of
from stance.types import Article, Doc, Problem, Span, Speaker, Stance, Statement

SETTINGS = {"version": "1", "config": {"min_score": 0.5, "read": {"encoding": None}}, "hash": "aaa"}
TEXT = "“Trees 🌳 help,” Mara Venn said, “and shade.” She welcomed limes."
VENN = Speaker("mara-venn", "Mara Venn", "person", "mayor", "Norway", "name", 0.87654321)
FAVOR = Stance("trees", "more-trees", "favor", (0.91, 0.02, 0.07), 0.91)


def article(name: str, text: str = TEXT) -> Article:
    return Article(
        name, text, "Trees", "2024-05-01", "Daily", path=f"{name}.txt", sha256=hashlib.sha256(text.encode()).hexdigest()
    )


def doc(name: str = "a", text: str = TEXT) -> Doc:
    said, welcomed = text.index("said"), text.index("welcomed")
    first = Statement(
        f"{name}:1",
        (Span(0, 15), Span(text.index("“and"), text.index("shade") + 7)),
        Span(said, said + 4),
        Span(text.index("Mara"), said - 1),
        "direct",
        0.9,
        speakers=(VENN,),
        stances=(FAVOR, Stance("trees", None, "neutral", (0.2, 0.3, 0.5), 0.5, abstained=True)),
    )
    second = Statement(f"{name}:2", (Span(welcomed + 9, welcomed + 14),), None, None, "indirect", parent=f"{name}:1")
    return Doc(article(name, text), statements=(first, second))


def labelled(folder, *docs, made_with=SETTINGS, **options):
    run = RunFolder(folder, made_with, **options)
    for one in docs:
        if run.claim(one.article):
            run.add([one])
    return run.finish(1.5)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_row_has_the_fixed_schema():
    row, second = statement_rows(doc())
    assert row == {
        "article_id": "a",
        "statement_id": "a:1",
        "parent": None,
        "outlet": "Daily",
        "date": "2024-05-01",
        "title": "Trees",
        "kind": "direct",
        "text": "“Trees 🌳 help,” ... “and shade.”",
        "content": [[0, 15], [TEXT.index("“and"), TEXT.index("shade") + 7]],
        "cue": {"text": "said", "start": 26, "end": 30},
        "source": {"text": "Mara Venn", "start": 16, "end": 25},
        "speakers": [
            {
                "id": "mara-venn",
                "name": "Mara Venn",
                "kind": "person",
                "role": "mayor",
                "affiliation": "Norway",
                "how": "name",
                "score": 0.8765,
            }
        ],
        "stances": [
            {
                "topic": "trees",
                "target": "more-trees",
                "label": "favor",
                "probs": {"favor": 0.91, "against": 0.02, "neutral": 0.07},
                "confidence": 0.91,
                "abstained": False,
            },
            {
                "topic": "trees",
                "target": None,
                "label": "neutral",
                "probs": {"favor": 0.2, "against": 0.3, "neutral": 0.5},
                "confidence": 0.5,
                "abstained": True,
            },
        ],
        "score": 0.9,
        "framing": "neutral",
    }
    assert second["framing"] is None
    assert (second["parent"], second["cue"], second["source"], second["speakers"]) == ("a:1", None, None, [])


def test_parquet_and_jsonl_hold_the_same_rows_sorted_by_article(tmp_path):
    counts = labelled(tmp_path / "run", doc("c"), doc("a"), doc("b"))
    for name in ("statements", "articles"):
        rows = lines(tmp_path / "run" / f"{name}.jsonl")
        stored = pq.read_table(tmp_path / "run" / f"{name}.parquet").to_pylist()
        assert json.loads(json.dumps(stored), parse_float=lambda x: round(float(x), 4)) == rows
        assert [row["article_id"] for row in rows] == sorted(row["article_id"] for row in rows)
    assert (counts.articles, counts.statements, counts.speakers, counts.stances) == (3, 6, 1, 6)
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "statements.jsonl",
        "statements.parquet",
        "articles.jsonl",
        "articles.parquet",
        "resolved.jsonl",
        "problems.jsonl",
        "run.json",
    }


def test_offsets_point_into_the_stored_text(tmp_path):
    labelled(tmp_path, doc("a", "\r\n" + TEXT))
    ((stored, rows),) = read_run(tmp_path)
    for row in rows:
        assert " ... ".join(stored["text"][start:end] for start, end in row["content"]) == row["text"]
        for mention in filter(None, (row["cue"], row["source"])):
            assert stored["text"][mention["start"] : mention["end"]] == mention["text"]


def test_rows_give_back_the_doc(tmp_path):
    labelled(tmp_path, doc())
    ((stored, rows),) = read_run(tmp_path)
    again = doc_from_rows(stored, rows)
    assert again.article == doc().article
    assert again.statements[1] == doc().statements[1]
    assert list(statement_rows(again)) == rows


WRITINGS = st.sampled_from([*'aé“”—🌳👩‍👩‍👧שלוםم漢\u2028\u00a0\r\n\t\x85\\"', "\r\n", "said"])


@given(st.lists(WRITINGS, min_size=3, max_size=40).map("".join), st.data())
@settings(deadline=None, max_examples=60)
def test_offsets_survive_the_files_whatever_the_writing(tmp_path_factory, text, data):
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = tuple(Span(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False))
    statement = Statement("a:1", spans, spans[0], None, "indirect")
    folder = tmp_path_factory.mktemp("run")
    labelled(folder, Doc(Article("a", text, sha256="s"), statements=(statement,)))
    ((stored, rows),) = read_run(folder)
    assert stored["text"] == text
    assert doc_from_rows(stored, rows).statements[0].content == spans
    assert rows[0]["text"] == statement.content_text(text)
    assert pq.read_table(folder / "articles.parquet").to_pylist()[0]["text"] == text


def test_empty_run_has_typed_tables(tmp_path):
    labelled(tmp_path)
    table = pq.read_table(tmp_path / "statements.parquet")
    assert table.num_rows == 0
    assert str(table.schema.field("content").type) == "list<element: list<element: int32>>"


def test_killed_run_goes_on_and_drops_the_torn_line(tmp_path):
    run = RunFolder(tmp_path, SETTINGS)
    for name in "ab":
        assert run.claim(doc(name).article)
        run.add([doc(name)])
    run._file.write(b'{"article": {"article_id": "c", "te')
    run._file.close()

    assert read_info(tmp_path)["state"] == "running"
    with pytest.raises(InputError, match=r"is not finished. Repeat the command"):
        list(read_run(tmp_path))

    run = RunFolder(tmp_path, SETTINGS)
    assert [bool(run.claim(doc(name).article)) for name in "abc"] == [False, False, True]
    run.add([doc("c")])
    assert run.finish(2).articles == 3
    assert [row["article_id"] for row in lines(tmp_path / "articles.jsonl")] == ["a", "b", "c"]
    assert not (tmp_path / PARTS).exists()


def test_finished_run_can_be_continued(tmp_path):
    labelled(tmp_path, doc("b"))
    before = lines(tmp_path / "statements.jsonl")
    run = RunFolder(tmp_path, SETTINGS)
    assert not run.claim(doc("b").article)
    assert run.claim(doc("a").article)
    run.add([doc("a")])
    assert run.finish(1).articles == 2
    assert lines(tmp_path / "statements.jsonl")[2:] == before
    assert read_info(tmp_path)["seconds"] == 2.5


def test_changed_text_is_labelled_again(tmp_path):
    labelled(tmp_path, doc("a"), doc("b"))
    counts = labelled(tmp_path, doc("a", TEXT + " More."), doc("b"))
    assert counts.articles == 2
    assert [row["text"].endswith("More.") for row in lines(tmp_path / "articles.jsonl")] == [True, False]


def test_article_with_a_problem_is_reported_without_rows_and_tried_again(tmp_path):
    counts = labelled(tmp_path, doc("a").with_problem("tag", ValueError("odd")), doc("b"))
    assert (counts.articles, dict(counts.problems)) == (1, {"failed": 1})
    (problem,) = lines(tmp_path / "problems.jsonl")
    assert problem == {
        "article_id": "a",
        "path": "a.txt",
        "stage": "tag",
        "kind": "failed",
        "reason": "ValueError: odd",
    }
    assert {row["article_id"] for row in lines(tmp_path / "statements.jsonl")} == {"b"}

    counts = labelled(tmp_path, doc("a"), doc("b"))
    assert (counts.articles, counts.problems.total()) == (2, 0)
    assert lines(tmp_path / "problems.jsonl") == []


def test_unreadable_inputs_are_counted_once_and_forgotten_when_mended(tmp_path):
    broken = Problem(None, "x.txt", "read", "empty", "x.txt is empty.")
    for _ in range(2):
        run = RunFolder(tmp_path, SETTINGS)
        run.refuse(broken)
        assert run.finish(1).problems == {"empty": 1}
    mended = Article("x", TEXT, path="x.txt", sha256="s")
    assert labelled(tmp_path, Doc(mended)).problems.total() == 0


def test_a_run_holds_what_its_last_input_holds(tmp_path):
    labelled(tmp_path / "once", doc("b"), doc("c"))
    labelled(tmp_path / "grown", doc("a"), doc("b", TEXT + " More."))
    labelled(tmp_path / "grown", doc("a"), doc("c"))
    counts = labelled(tmp_path / "grown", doc("b"), doc("c"))
    assert (counts.articles, counts.dropped) == (2, 1)
    assert labelled(tmp_path / "once", doc("c")).dropped == 1
    labelled(tmp_path / "once", doc("b"), doc("c"))
    for name in ("statements.jsonl", "statements.parquet", "articles.jsonl", "resolved.jsonl", "problems.jsonl"):
        assert (tmp_path / "grown" / name).read_bytes() == (tmp_path / "once" / name).read_bytes()


@pytest.mark.parametrize("field", ["title", "date", "outlet", "url"])
def test_an_article_with_other_metadata_is_labelled_again(tmp_path, field):
    labelled(tmp_path, doc("a"))
    assert RunFolder(tmp_path, SETTINGS).claim(replace(doc("a").article, **{field: "2024-06-01"})).first == "statements"


def test_broken_row_stays_a_problem_beside_good_rows_of_its_file(tmp_path):
    run = RunFolder(tmp_path, SETTINGS)
    run.refuse(Problem(None, "all.jsonl", "read", "bad-json", "line 1"))
    good = Article("x", TEXT, path="all.jsonl", sha256="s")
    assert run.claim(good)
    run.add([Doc(good)])
    assert run.finish(1).problems == {"bad-json": 1}


def test_second_article_with_the_same_id_is_left_out_and_reported(tmp_path):
    counts = labelled(tmp_path, doc("a"), doc("a", TEXT + " Other."))
    assert (counts.articles, dict(counts.problems)) == (1, {"duplicate-id": 1})


STEPS = {"statements": "1", "speakers": "1", "stances": "1"}
CHANGES = [
    ({"stances": "2"}, "stances"),
    ({"speakers": "2", "stances": "2"}, "speakers"),
    ({"statements": "2"}, "statements"),
]


@pytest.mark.parametrize(("change", "first"), CHANGES)
@pytest.mark.parametrize("finished", [True, False])
def test_other_settings_redo_what_depends_on_them(tmp_path, change, first, finished):
    run = RunFolder(tmp_path, {**SETTINGS, "steps": STEPS})
    run.add([doc("a"), doc("b").with_problem("tag", ValueError("odd"))])
    if finished:
        run.finish(1)
    run.__exit__()
    again = RunFolder(tmp_path, {**SETTINGS, "hash": "bbb", "steps": STEPS | change})
    task = again.claim(doc("a").article)
    assert task.first == first
    assert list(task.kept) == ([] if first == "statements" else list(statement_rows(doc("a"))))
    assert again.claim(doc("b").article).first == "statements", "of what has failed nothing is kept"
    again.keep([part_of(doc("a"))])
    assert again.finish(1).articles == 1
    assert read_info(tmp_path)["hash"] == "bbb"
    assert RunFolder(tmp_path, {**SETTINGS, "steps": STEPS | change}).claim(doc("a").article) is None


def test_a_run_of_a_version_without_steps_is_done_anew(tmp_path):
    labelled(tmp_path, doc("a"))
    assert RunFolder(tmp_path, {**SETTINGS, "steps": STEPS}).claim(doc("a").article).first == "statements"


def test_starting_anew_keeps_nothing(tmp_path):
    labelled(tmp_path, doc("a"))
    assert RunFolder(tmp_path, SETTINGS, overwrite=True).claim(doc("a").article).first == "statements"


def test_foreign_folder_or_file_is_not_touched(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty and holds no run"):
        RunFolder(tmp_path, SETTINGS, overwrite=True)
    with pytest.raises(InputError, match="is a file"):
        RunFolder(tmp_path / "thesis.txt", SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_second_process_is_kept_out(tmp_path):
    pytest.importorskip("fcntl")
    first = RunFolder(tmp_path, SETTINGS)
    with pytest.raises(InputError, match="Another process is writing"):
        RunFolder(tmp_path, SETTINGS)
    first.add([doc("a")])
    assert first.finish(1).articles == 1
    RunFolder(tmp_path, SETTINGS)


def test_missing_run_says_how_to_make_one(tmp_path):
    with pytest.raises(InputError, match=r"run.json is missing. Make one with: stance label"):
        read_info(tmp_path)


def test_lone_surrogate_in_a_text_does_not_stop_the_run(tmp_path):
    labelled(tmp_path, Doc(Article("a", TEXT + " \ud83d", sha256="s")))
    assert lines(tmp_path / "articles.jsonl")[0]["article_id"] == "a"
