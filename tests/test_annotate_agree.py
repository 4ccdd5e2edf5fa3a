"""Several coders: how far they agree, what they differ on, and gold by majority and by decision."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from annotate_fake import TEXT, place, plain, sample
from hypothesis import given, settings
from hypothesis import strategies as st
from test_report_html import browser  # noqa: F401
from typer.testing import CliRunner

from stance import gold, metrics
from stance.annotate import FORMATS, Export, export, format_named, write_rows
from stance.annotate.notation import stance_of
from stance.cli import app
from stance.config import load_topics
from stance.errors import InputError
from stance.metrics.coders import Sides
from stance.types import LABELS, Doc

LABEL = st.sampled_from(LABELS)


def changed(*changes):
    """The sample as another coder has it: {number of the statement: fields}, or None for a statement that is none."""
    doc, own = sample(), dict(changes)
    kept = [replace(s, **(own.get(n) or {})) for n, s in enumerate(doc.statements, 1) if own.get(n, {}) is not None]
    return doc.with_statements(kept)


def stances(*lines):
    return {"stances": tuple(map(stance_of, lines))}


MARA = sample()
JOREN = changed((1, stances("brics:neutral", "free-trade:neutral")), (2, {"content": (place("Norway"),)}))
ILSE = changed((1, stances("brics:neutral")), (2, {"kind": "indirect"}), (4, None))


@pytest.fixture
def agree(tmp_path, monkeypatch):
    """`stance annotate agree` on the annotation of some people."""
    monkeypatch.chdir(tmp_path)

    def call(coders, *words):
        for name, doc in coders.items():
            write_rows([doc] if isinstance(doc, Doc) else doc, tmp_path / f"{name}.jsonl")
        done = CliRunner().invoke(app, ["annotate", "agree", *(f"{name}.jsonl" for name in coders), *words])
        if isinstance(done.exception, InputError):
            return str(done.exception)
        assert done.exit_code == 0, done.output + repr(done.exception)
        return done.stdout + done.stderr

    return call


def disputes(folder):
    text = (folder / "disagreements.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def decide(folder, **decisions):
    """Fill in the list: what is decided about each point, "_" for a hyphen."""
    rows = disputes(folder)
    for row in rows:
        row["decision"] = decisions.get(row["about"].replace("-", "_"), row["decision"])
    with (folder / "disagreements.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


# -- how far they agree -----------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.lists(LABEL, min_size=1, max_size=4), min_size=1, max_size=12))
def test_alpha_of_many_coders_adds_up_over_articles(units):
    parts = [Sides.of([unit]) for unit in units]
    total = sum(parts[1:], start=parts[0])
    assert float(Sides.values(metrics.counts.np.array(total.vector()))) == pytest.approx(
        metrics.krippendorff_alpha(units), nan_ok=True
    )


def test_statements_of_three_coders_are_aligned_whatever_their_order():
    groups = metrics.aligned([MARA, JOREN, ILSE])
    assert [[s is not None for s in group] for group in groups] == [
        [True, True, True],
        [False, True, False],  # less than half of the words are another statement's
        [True, False, True],
        [True, True, True],
        [True, True, False],
    ]
    other = metrics.aligned([ILSE, MARA, JOREN])
    assert [tuple(group[i] for i in (1, 2, 0)) for group in other] == groups


def test_who_has_not_coded_an_article_is_not_asked():
    scores = metrics.coders([[MARA, None, MARA]])
    assert scores.value("targets.alpha") == scores.value("stance.alpha") == 1
    assert scores.value("words.alpha") == 1


def test_agreement_is_that_of_evaluation(agree):
    said = agree({"mara": MARA, "joren": JOREN})
    scores = metrics.articles([MARA], [JOREN])
    assert scores.value("statements") == 0.75 and scores.value("targets_stances") == pytest.approx(2 / 3)
    assert re.search(r"^ *statements, F1 +75\.0 *$", said, re.MULTILINE)
    assert re.search(r"^ *targets and stances, F1 +66\.7 *$", said, re.MULTILINE)
    assert "They differ on 3 statements, in 3 points" in said


def test_coders_in_one_file_of_label_studio(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tasks = [
        json.loads(format_named("label-studio").write([doc], Export(load_topics(), checked=True))["tasks.json"])
        for doc in (MARA, JOREN)
    ]
    (task,), (other,) = tasks
    task["annotations"] += other["annotations"]
    for annotation, name in zip(task["annotations"], ("mara", "joren"), strict=True):
        annotation["completed_by"] = {"email": name}
    (tmp_path / "export.json").write_text(json.dumps([task]), encoding="utf-8")
    done = CliRunner().invoke(app, ["annotate", "agree", "export.json", "--from", "label-studio"])
    assert "Agreement of joren, mara" in done.stdout, done.output + repr(done.exception)
    assert "They differ on 3 statements" in done.stdout


def test_what_cannot_be_compared_is_said(agree):
    assert "Agreement needs two coders. There is mara alone" in agree({"mara": MARA})
    other = replace(MARA, article=replace(MARA.article, id="b"))
    assert "No article has two coders: mara has a/1; joren has b" in agree({"mara": MARA, "joren": other})
    other = replace(MARA, article=replace(MARA.article, text=TEXT + " "))
    assert "The text of 'a/1' is not the same for all coders" in agree({"mara": MARA, "joren": other})


# -- gold -------------------------------------------------------------------------------------------------------------


def test_what_most_say_is_gold(agree, tmp_path):
    said = agree({"mara": MARA, "joren": JOREN, "ilse": ILSE}, "-o", "out", "--gold", "majority")
    assert "1 articles with 4 statements, majority, in out/gold.jsonl" in said
    (found,) = gold.load(tmp_path / "out" / "gold.jsonl")
    first, second, *_ = found.statements
    assert {(s.target, s.label) for s in first.stances} == {("brics", "neutral"), ("free-trade", "neutral")}
    assert second.content == MARA.statements[1].content  # Joren's half is a statement that nobody else has
    assert [s.id for s in found.statements] == ["a/1:1", "a/1:2", "a/1:3", "a/1:4"]
    assert "1 points without a majority are left out" in said  # the kind, of two who have the statement


def test_two_coders_have_no_majority(agree):
    assert "Two coders have no majority" in agree({"mara": MARA, "joren": JOREN}, "-o", "out", "--gold", "majority")


def test_decisions_make_gold(agree, tmp_path):
    coders = {"mara": MARA, "ilse": ILSE}
    agree(coders, "-o", "out")
    rows = {row["about"]: row for row in disputes(tmp_path / "out")}
    assert [*rows] == ["brics", "free-trade", "kind", "statement"]
    assert (rows["brics"]["mara"], rows["brics"]["ilse"], rows["brics"]["decision"]) == ("favor", "neutral", "")
    assert rows["statement"]["content"] == "שהמכס טוב" and rows["brics"]["source"] == "Mayor Mara Venn"
    assert "4 disagreements are not decided" in agree(coders, "-o", "out", "--gold", "adjudicated")
    decide(tmp_path / "out", brics="against", free_trade="ilse", kind="Mixed", statement="mara")
    said = agree(coders, "-o", "out", "--gold", "adjudicated")
    assert "4 disagreements in out/disagreements.csv, 4 of them decided" in said
    assert disputes(tmp_path / "out")[0]["decision"] == "against"
    want = changed((1, stances("brics:against")))
    assert plain(gold.load(tmp_path / "out" / "gold.jsonl")) == plain([want])


def test_words_and_speakers_are_decided_in_words(agree, tmp_path):
    words = {"content": (place("Norway had called it"),), "source": None, "cue": place("added that")}
    coders = {"mara": MARA, "joren": changed((2, {**words, "speakers": ()}))}
    agree(coders, "-o", "out")
    told = {"content": 'called it "a gift"', "source": "none", "cue": "joren", "speakers": "Pia Lund | person | envoy"}
    decide(tmp_path / "out", **told)
    agree(coders, "-o", "out", "--gold", "adjudicated")
    one = gold.load(tmp_path / "out" / "gold.jsonl")[0].statements[1]
    assert (one.content, one.source, one.cue) == ((place('called it "a gift"'),), None, place("added that"))
    assert [(p.name, p.role) for p in one.speakers] == [("Pia Lund", "envoy")]


def test_decisions_that_decide_nothing_are_refused(agree, tmp_path):
    coders = {"mara": MARA, "joren": JOREN}
    agree(coders, "-o", "out")
    decide(tmp_path / "out", brics="joern", statement="maybe")
    said = agree(coders, "-o", "out", "--gold", "adjudicated")
    assert "disagreements.csv:2: 'joern' decides nothing about brics. Write favor, against, neutral, none, or" in said
    assert "'maybe' decides nothing about statement. Write yes, no, or the name of a coder" in said
    other = {"mara": MARA, "joren": changed((1, stances("brics:against")))}
    decide(tmp_path / "out", brics="mara", statement="no")
    said = agree(other, "-o", "out")
    assert "disagreements.csv:2: the coders' annotation has changed since. Decide on the new list." in said
    assert "the coders do not differ on 'statement'" in said


def test_the_page_saves_what_the_list_reads(agree, tmp_path, browser):  # noqa: F811
    coders = {"mara": MARA, "joren": JOREN}
    agree(coders, "-o", "out")
    page = browser.new_page()
    page.goto((tmp_path / "out" / "disagreements.html").as_uri())
    assert "3 to decide" in page.inner_text("header")
    for row, choice in zip(page.locator("tr[data-row]").all(), ("joren", "mara", "mara"), strict=True):
        row.locator(f"button[value={choice}]").click()
    with page.expect_download() as saved:
        page.click("#save")
    saved.value.save_as(tmp_path / "decisions.csv")
    page.close()
    said = agree(coders, "-o", "out", "--decisions", "decisions.csv", "--gold", "adjudicated")
    assert "3 of them decided" in said
    (found,) = gold.load(tmp_path / "out" / "gold.jsonl")
    assert found.statements[0].stances[0].label == "neutral" and len(found.statements) == 4


@pytest.mark.parametrize("name", FORMATS)
def test_coders_in_every_format(name, tmp_path, monkeypatch):
    """A file or folder of each; what a format cannot hold is the same for both."""
    monkeypatch.chdir(tmp_path)
    write_rows([MARA], tmp_path / "run.jsonl")
    form = FORMATS[name]
    for coder, doc in (("mara", MARA), ("joren", changed((1, stances("brics:against", "free-trade:neutral"))))):
        out = tmp_path / coder if form.folder else tmp_path / f"{coder}.{form.files.rpartition('.')[2]}"
        export([doc], form, out, Export(load_topics(), checked=True))
    files = (
        ["mara", "joren"] if form.folder else [f"{one}.{form.files.rpartition('.')[2]}" for one in ("mara", "joren")]
    )
    files = [f"{file}/eventlist.csv" for file in files] if name == "dna" else files
    done = CliRunner().invoke(app, ["annotate", "agree", *files, "--from", name, "--run", "run.jsonl"])
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert "They differ on 1 statements, in 1 points" in done.stdout
