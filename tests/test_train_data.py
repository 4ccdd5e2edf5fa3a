"""Articles to learn from: which are held out, and what looks wrong in them."""

import json
import random
import time

import numpy as np
import pytest
from finetune_fake import CASES, article, write
from typer.testing import CliRunner

from stance import gold
from stance.cli import app
from stance.config import load_topics
from stance.errors import InputError
from stance.judge import CLASSES, Calibration
from stance.train.doubts import KINDS, doubts
from stance.train.hold_out import split
from stance.train.noise import noisy_labels
from stance.train.refuse import alike
from stance.types import LABELS


@pytest.fixture
def docs_of(tmp_path):
    return lambda rows: gold.load(write(tmp_path / "rows.jsonl", rows))


def ids(docs):
    return {doc.article.id for doc in docs}


def test_the_latest_articles_are_held_out(docs_of):
    rows = [article(n) for n in range(10)]
    random.Random(2).shuffle(rows)
    parted = split(docs_of(rows), 0.2)
    assert ids(parted.held_out) == {"vara-8", "vara-9"}
    assert len(parted.train) == 8
    assert "2 of 10 articles, the latest by date" in parted.how


def test_near_duplicates_and_articles_of_one_day_stand_on_one_side(docs_of):
    rows = [article(n) for n in range(10)]
    copy = {**rows[1], "id": "copy", "date": "2030-03-01"}
    copy["text"] = copy["text"].replace("Ilse", "Elsa")
    copy["statements"] = []
    same_day = [article(n, date="2030-02-01") for n in (20, 21)]
    parted = split(docs_of([*rows, copy, *same_day]), 0.3)
    assert {"copy", "vara-1"} <= ids(parted.held_out)
    assert {"vara-20", "vara-21"} <= ids(parted.held_out)
    assert not ids(parted.held_out) & ids(parted.train)


def test_articles_of_a_single_day_are_held_out_one_by_one(docs_of):
    parted = split(docs_of([article(n, date="2030-02-01") for n in range(8)]), 0.25)
    assert (len(parted.train), len(parted.held_out)) == (6, 2)


def test_articles_without_dates_are_held_out_by_id(docs_of):
    parted = split(docs_of([{**article(n), "date": None} for n in range(8)]), 0.25)
    assert ids(parted.held_out) == {"vara-6", "vara-7"}
    assert "most have no date" in parted.how


def test_copies_of_one_article_are_too_few(docs_of):
    with pytest.raises(InputError, match=r"6 articles, of which 1 differ.*--held-out"):
        split(docs_of([{**article(1), "id": f"c{n}"} for n in range(6)]), 0.2)


def test_texts_that_are_alike():
    first = article(1)["text"]
    assert alike([first, article(2)["text"], first.replace("Ilse", "Elsa"), "", ""]) == [(0, 2)]


def test_good_articles_raise_no_doubts(docs_of):
    assert doubts(docs_of([article(n) for n in range(12)])) == []


def changed(number, change):
    row = article(number)
    change(row["statements"])
    return row


def test_each_doubt_is_found_and_names_its_article(docs_of):
    first, last = CASES[0], CASES[2]

    def cut(statements):
        statements[0]["content"][0][1] -= 1

    def quoted(statements):
        statements[1]["kind"] = "direct"

    def twice(statements):
        statements.append({**statements[0], "id": "again"})

    rows = [article(n) for n in range(12)]
    rows += [changed(20, cut), changed(21, quoted), changed(22, twice)]
    rows.append({**rows[3], "id": "copy"})
    other, again = article(30, [first, last], word="there"), article(31, [first], word="there")
    again["statements"][0]["stances"][0]["stance"] = "favor"
    found = doubts(docs_of([*rows, other, again]))
    by_kind = {kind: [(d.article, d.what) for d in found if d.kind == kind] for kind in KINDS}
    assert [name for name, _ in by_kind["copies"]] == ["copy"]
    assert by_kind["copies"][0][1] == "like vara-3"
    assert [name for name, _ in by_kind["edges"]] == ["vara-20"]
    assert "content at" in by_kind["edges"][0][1] and "[the harbour tax" in by_kind["edges"][0][1]
    assert [name for name, _ in by_kind["kinds"]] == ["vara-21"]
    assert "direct, by its marks indirect" in by_kind["kinds"][0][1]
    assert [name for name, _ in by_kind["repeats"]] == ["vara-22"]
    assert [name for name, _ in by_kind["contradictions"]] == ["vara-31"]
    assert "harbour-tax: favor here, against in vara-30" in by_kind["contradictions"][0][1]


def test_too_few_of_a_kind_are_told(docs_of):
    rows = [article(n, CASES[:1]) for n in range(11)] + [article(20, CASES[1:2]), {**article(21), "statements": []}]
    told = " | ".join(d.what for d in doubts(docs_of(rows)) if d.kind == "few")
    assert "1 stances are favor" in told and "0 stances are neutral" in told and "are against" not in told
    assert "fewer than 3 stances: ferry" in told
    assert "without any statement" in told and "vara-21" in told


class FakeJudge:
    """Knows the truth, with some noise."""

    calibration = Calibration()

    def __init__(self, truth, missing=()):
        self.truth, self.missing = truth, missing

    def ask(self, views, texts):
        chance = np.random.default_rng(1)
        logits = chance.normal(0, 0.5, (len(views), len(texts), len(CLASSES)))
        logits[..., 0] += 4
        for row, view in enumerate(views):
            for column, text in enumerate(texts):
                for phrase, label in self.truth.items():
                    if phrase in view.content and phrase.split()[-1] in text:
                        logits[row, column, 0] -= 9
                        logits[row, column, 1 + LABELS.index(label)] += 3
        return logits


TRUTH = {"harbour tax": "against", "daily ferry": "favor", "old lighthouse": "neutral"}


def test_labels_that_the_other_articles_speak_against_are_found(docs_of, topics_file):
    rows = [article(n) for n in range(24)]
    rows[5]["statements"][0]["stances"][0]["stance"] = "favor"
    rows[9]["statements"][1]["stances"][0]["stance"] = "neutral"
    found = noisy_labels(docs_of(rows), FakeJudge(TRUTH), load_topics(topics_file))
    assert {(d.kind, d.article) for d in found} == {("labels", "vara-5"), ("labels", "vara-9")}
    assert any(d.what.startswith("harbour-tax favor (") and "against:" in d.what for d in found)


def test_targets_that_nobody_marked_are_found(docs_of, topics_file):
    rows = [article(n) for n in range(24)]
    rows[7]["statements"][1]["stances"] = []
    (only,) = noisy_labels(docs_of(rows), FakeJudge(TRUTH), load_topics(topics_file))
    assert (only.kind, only.article) == ("missing", "vara-7")
    assert only.what.startswith("ferry (")


def test_few_labels_are_not_doubted(docs_of, topics_file):
    assert noisy_labels(docs_of([article(n) for n in range(3)]), FakeJudge({}), load_topics(topics_file)) == []


def test_a_dry_run_says_all_of_it_and_writes_nothing(tmp_path, stance_folder, topics_file):
    rows = [article(n) for n in range(10)]
    rows[4]["statements"][0]["content"][0][1] -= 1
    file = write(tmp_path / "corrected.jsonl", [*rows, {**rows[3], "id": "copy"}])
    words = ["train", "stance", "--data", str(file), "--from", str(stance_folder), "--topics", str(topics_file)]
    began = time.monotonic()
    result = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "model"), "--dry-run", "--epochs", "3"])
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "model").exists()
    text = result.stdout
    assert "11 with 33 statements" in text
    assert "steps in 3 epochs" in text
    assert "on this machine" in text and " GB" in text
    assert "copy  like vara-3" in text
    assert "vara-4  content at" in text
    assert time.monotonic() - began < 120


def test_wrong_use_is_told(tmp_path, stance_folder):
    file = write(tmp_path / "corrected.jsonl", [article(1)])
    run = CliRunner().invoke
    both = ["train", "stance", "--data", str(file), "-o", str(tmp_path / "m"), "--from", "stance", "--base", "stance"]
    assert "give one" in str(run(app, both).exception)
    poem = ["train", "poem", "--data", str(file), "-o", str(tmp_path / "m")]
    assert "no part 'poem'" in str(run(app, poem).exception)
    assert "-o MODEL" in str(run(app, ["train", "stance", "--data", str(file)]).exception)
    assert "is for stance and" in str(run(app, ["train", "speaker", "--data", str(file), "--dry-run"]).exception)
    recipe = ["train", "stance", "--data", str(tmp_path / "empty"), "-o", str(tmp_path / "m")]
    (tmp_path / "empty").mkdir()
    assert "--base FOLDER" in str(run(app, recipe).exception)
    assert json.loads(file.read_text())["id"] == "vara-1"
