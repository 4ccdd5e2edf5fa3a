"""What can be evaluated on: tasks, and tables of texts with a target each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from evaluate_fake import ALONE, CONFIG, oracle, write

from stance.config import load_topics
from stance.errors import ConfigError, InputError
from stance.evaluate import Task, checked, load_task, run_evaluate, task_names
from stance.evaluate.names import called, shown
from stance.evaluate.pairs import PairRow, clusters, majority, read_pairs
from stance.evaluate.tfidf import WordStances, tfidf
from stance.gold import load
from stance.types import Doc


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path)


# -- pairs ------------------------------------------------------------------------------------------------------------


def test_pairs_with_own_columns_and_labels(tmp_path):
    (tmp_path / "tweets.csv").write_text(
        "Tweet,Target,Stance,Part\n"
        '"Ships, now!",harbour,FAVOR,dev\nNo more ships,harbour,AGAINST,dev\n'
        "Hm,harbour,UNKNOWN,dev\nYes,harbour,FAVOR,train\n",
        encoding="utf-8",
    )
    (tmp_path / "tweets.yaml").write_text(
        "kind: pairs\ndata: tweets.csv\ncolumns: {text: Tweet, target: Target, label: Stance}\n"
        "labels: {FAVOR: favor, AGAINST: against}\nwhere: {Part: dev}\n",
        encoding="utf-8",
    )

    def predict(rows):
        return [(0.9, 0.1, 0.0) if "now" in row.text else (0.6, 0.4, 0.0) for row in rows]

    result = run_evaluate(tmp_path / "tweets.yaml", CONFIG, predictor=predict)
    assert dict(result.counts) == {"rows": 2}
    assert result.value("accuracy") == 0.5
    assert result.value("brier") == pytest.approx((0.01 + 0.01 + 0.36 + 0.36) / 2)
    assert result.systems[1].name == "most frequent label"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "a", "label": "favor"}', r":1: target missing; the row has text, label"),
        ('{"text": "a", "target": "b", "label": "PRO"}', r":1: the label is 'PRO'; it must be one of favor"),
        ("{", ":1: not JSON"),
        ("", "holds no rows"),
    ],
)
def test_pairs_that_do_not_fit_are_refused(tmp_path, line, message):
    path = tmp_path / "pairs.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_pairs(load_task("pairs", path))


def test_contrast_sets_count_as_right_as_a_whole(tmp_path):
    rows = [("yes", "favor"), ("not yes", "against"), ("ja", "favor"), ("not ja", "neutral")]
    lines = [
        json.dumps({"text": text, "target": "harbour", "label": label, "cluster": text[-2:], "group": "negation"})
        for text, label in rows
    ]
    (tmp_path / "sets.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "sets.yaml").write_text("kind: pairs\ndata: sets.jsonl\ncontrast: true\n", encoding="utf-8")

    def predict(rows):
        return [(0.1, 0.9, 0.0) if "not" in row.text else (0.9, 0.1, 0.0) for row in rows]

    result = run_evaluate(tmp_path / "sets.yaml", CONFIG, predictor=predict)
    assert (result.value("accuracy"), result.value("consistency")) == (0.75, 0.5)
    rows = shown(result.systems[0].metrics)
    assert rows[rows.index("consistency") + 1] == "consistency.negation"
    assert called("consistency.negation") == "  of negation" and called("stance.zero") == "  macro-F1, zero"


def test_majority_and_clusters():
    rows = [PairRow("a", "t", "against", cluster="x"), PairRow("b", "t", "against"), PairRow("c", "t", "favor")]
    assert majority(rows)(rows[:2]) == [(0.0, 1.0, 0.0)] * 2
    assert clusters(rows) == ["x", "b", "c"]


# -- tasks ------------------------------------------------------------------------------------------------------------


def test_every_shipped_task_loads_and_says_where_its_data_are(data):
    assert {"gold", "articles", "attribution", "polnear", "pairs", "vast"} <= set(task_names())
    for name in task_names():
        task = load_task(name, data)
        assert task.data == data and task.description
        assert not task.download or (task.home and task.terms)
    with pytest.raises(
        InputError, match=r"polnear has no data of its own.*--data PATH.*github.com.*Terms: none.*--down"
    ):
        checked(load_task("polnear"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("data: x.jsonl", "a task needs a kind: articles, attribution, speakers, coref, pairs"),
        ("kind: pairs\ndatta: x", r'task.yaml:2: unknown key \'datta\'. Did you mean "data"'),
        ("kind: pairs\ncolumns: {txt: a}", r"columns has no 'txt'"),
        ("kind: pairs\ndownload: {uri: a}", r"download has no 'uri'\..*Did you mean \"url\""),
        ("kind: pairs\nlabels: favor", "labels must hold"),
    ],
)
def test_wrong_tasks_are_refused_with_their_line(tmp_path, text, message):
    path = tmp_path / "task.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_task(path)


def test_unknown_tasks_and_files_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"no task 'polner'.*polnear"):
        load_task("polner")
    with pytest.raises(InputError, match="are not there"):
        checked(load_task("articles", tmp_path / "nothing.jsonl"))
    odd = tmp_path / "odd.jsonl"
    odd.write_text('{"text": "a"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="neither 'statements'"):
        load_task(odd)


# -- tables -----------------------------------------------------------------------------------------------------------


def table(path: Path, text: str, encoding: str = "utf-8") -> list[PairRow]:
    path.write_text(text, encoding=encoding)
    return read_pairs(Task("x", "pairs", data=path, encoding=encoding))


def test_tables_keep_what_looks_like_nothing_or_a_number(tmp_path):
    head = "text,target,label,author\n"
    (row,) = table(tmp_path / "a.csv", head + '"NA, ""quoted""\nover lines",None,favor,1.50\n')
    assert (row.text, row.target, row.author) == ('NA, "quoted"\nover lines', "None", "1.50")
    (row,) = table(tmp_path / "b.tsv", head.replace(",", "\t") + 'one " mark, café\tharbour\tagainst\t\n', "cp1252")
    assert (row.text, row.label, row.author) == ('one " mark, café', "against", "")
    with pytest.raises(InputError, match=r"b\.tsv cannot be read as a table in utf-8"):
        read_pairs(Task("x", "pairs", data=tmp_path / "b.tsv"))


def test_parquet_and_numbers_as_labels(tmp_path):
    from datasets import Dataset

    rows = {"sentence": ["a b", "c d"], "mention": ["x", "y"], "polarity": [-1, 2], "seen": [0, 1]}
    Dataset.from_dict(rows).to_parquet(tmp_path / "a.parquet")
    task = Task(
        "x",
        "pairs",
        data=tmp_path / "a.parquet",
        columns={"text": "sentence", "target": "mention", "label": "polarity", "group": "seen"},
        labels={"-1": "against"},
        groups={"0": "zero"},
    )
    assert read_pairs(task) == [PairRow("a b", "x", "against", group="zero")]
    with pytest.raises(InputError, match="no rows with a text, a target and a label where seen is 7"):
        read_pairs(Task(**{**{f: getattr(task, f) for f in task.__slots__}, "where": {"seen": "7"}}))


def test_groups_are_scored_apart(tmp_path):
    lines = [("a", "favor", "zero"), ("b", "against", "zero"), ("c", "favor", "few")]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"text": t, "target": "x", "label": v, "shot": g}) + "\n" for t, v, g in lines))
    result = run_evaluate("pairs", CONFIG, path, predictor=lambda rows: [(1.0, 0.0, 0.0)] * len(rows), choices=ALONE)
    assert result.value("stance.few") == 1
    assert result.value("stance.zero") == pytest.approx((2 / 3 + 0) / 2)


def test_tfidf_learns_and_never_from_what_it_is_asked(tmp_path):
    train = [PairRow(f"{word} {n}", "ships", label) for n in range(8) for word, label in WORDS]
    asked = [PairRow("splendid idea", "ships", "favor"), PairRow("dreadful idea", "ships", "against")]
    favor, against = tfidf(train)(asked)
    assert favor[0] > 0.5 and against[1] > 0.5 and sum(favor) == pytest.approx(1)
    rows = [{"text": r.text, "target": r.target, "label": r.label, "part": p} for r, p in
            [(r, "train") for r in train] + [(r, "dev") for r in asked] * 2]  # fmt: skip
    path = tmp_path / "all.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    task = Task("x", "pairs", data=path, where={"part": "dev"}, train=path)
    seen = []

    def predict(rows):
        seen.extend(rows)
        return [(1.0, 0.0, 0.0)] * len(rows)

    result = run_evaluate(task, CONFIG, predictor=predict)
    assert [s.name for s in result.systems] == ["stance", "most frequent label", "TF-IDF, logistic regression"]
    assert result.systems[2].scores.value("accuracy") == 1
    assert len(seen) == 4


def test_words_of_training_articles_are_a_baseline_of_the_chain(data, tmp_path):
    """Articles that are evaluated on teach nothing; others teach their targets and sides."""
    train = tmp_path / "train.jsonl"
    content = "harbour fees should be cut at once"
    rows = []
    for number, (verb, label) in enumerate([("demanded that", "favor"), ("rejected that", "against")] * 4):
        text = f"The union {verb} {content}, number {number}. It left."
        at = text.index(content)
        statement = {
            "source": [[0, 9]], "cue": [[10, 18]], "content": [[at, at + len(content)]], "kind": "indirect",
            "speakers": ["e"], "stances": [{"target": "brics", "stance": label}],
        }  # fmt: skip
        other = {**statement, "content": [[at + len(content) + 1, at + len(content) + 9]], "stances": []}
        entity = {"id": "e", "name": "union", "kind": "organization"}
        rows.append({"id": f"t{number}", "text": text, "entities": [entity], "statements": [statement, other]})
    rows.append(json.loads(data.read_text(encoding="utf-8").splitlines()[0]))
    train.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = run_evaluate(Task("x", "articles", data=data, train=train), CONFIG, pipeline=oracle(data))
    (words,) = [s for s in result.systems if s.name == "gold speakers, TF-IDF"]
    assert words.metrics[0] == "targets" and words.scores.total("targets").numbers()["gold"] == 3
    docs = [doc for doc in load(train) if doc.article.id.startswith("t")]
    model = WordStances(docs, load_topics())
    plain = [doc.with_statements(replace(s, stances=()) for s in doc.statements) for doc in docs]
    labels = [[x.label for x in s.stances] for doc in model(plain) for s in doc.statements]
    assert labels == [["favor"], [], ["against"], []] * 4
    assert model([Doc(docs[0].article)])[0].statements == ()


WORDS = (("splendid", "favor"), ("dreadful", "against"), ("whatever", "neutral"))
