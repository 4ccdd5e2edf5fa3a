"""Out to every annotation tool and back: what a format can hold comes back equal."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from annotate_fake import SAMPLES, docs, plain, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance import gold
from stance.annotate import FORMATS, Export, article_rows, chosen, export, read, write_rows
from stance.config import load_topics
from stance.errors import InputError
from stance.link import parent_of
from stance.store import RunFolder
from stance.train.stance_rows import of_articles
from stance.types import Span

GOLD = Path(__file__).parent.parent / "eval" / "gold" / "articles.jsonl"
TOPICS = load_topics()
OWN_TEXTS = [name for name, form in FORMATS.items() if not form.needs_texts]
ODD = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def back_and_forth(articles, form, folder, base, checked=True):
    written = export(articles, form, folder, Export(TOPICS, checked))
    files = [file for file in written.files if file.match(form.files)]
    found, findings = read(files, form, base, TOPICS)
    assert not findings.faults
    return found, findings, written


def holdable(form, articles):
    """The articles as a format can hold them at best: some know articles and statements by their stances only."""
    if form.name == "dna":
        articles = [_apart(doc) for doc in articles]
        return [doc for doc in articles if any(s.stances for s in doc.statements)]
    return [doc for doc in articles if doc.statements] if form.needs_texts and form.name != "conll" else articles


def _apart(doc):
    """Without the statements that share their range, which is all that DNA knows of a statement."""
    ranges = [Span(s.content[0].start, s.content[-1].end) for s in doc.statements]
    kept = [s for s, own in zip(doc.statements, ranges, strict=True) if ranges.count(own) == 1]
    return doc.with_statements(replace(s, parent=parent_of(s, kept)) for s in kept)


@pytest.fixture(scope="module")
def annotated():
    return gold.load(GOLD)


@pytest.mark.parametrize("name", FORMATS)
def test_every_gold_article_comes_back(name, annotated, tmp_path):
    form = FORMATS[name]
    articles = holdable(form, annotated)
    found, findings, written = back_and_forth(articles, form, tmp_path, articles)
    if name == "dna":
        found = [_apart(doc) for doc in found]
    assert plain(found) == plain(articles)
    assert not written.lost and not findings.notes


@pytest.mark.parametrize("name", FORMATS)
@given(doc=docs())
@ODD
def test_odd_articles_come_back(name, doc, tmp_path):
    form = FORMATS[name]
    articles = holdable(form, [doc])
    found, _, written = back_and_forth(articles, form, tmp_path, [doc])
    if name == "dna":
        found = [_apart(doc) for doc in found]
    assert plain(found) == plain(articles)
    assert not written.lost


@pytest.mark.parametrize("name", FORMATS)
@given(doc=docs("a\t\nb", cut=lambda text, span: span if span.text(text).strip() else None))
@ODD
def test_what_a_format_does_not_hold_is_said(name, doc, tmp_path):
    """Spans with white space at their ends, ids with tabs: they come back, or what is lost is counted."""
    found, _, written = back_and_forth([doc], FORMATS[name], tmp_path, [doc])
    assert plain(found) == plain([doc]) or written.lost


def test_broken_characters_are_refused(tmp_path):
    doc = replace(sample(), article=replace(sample().article, text="half \ud83d"), statements=())
    with pytest.raises(InputError, match="The text of 'a/1' holds half of a character"):
        export([doc], FORMATS["csv"], tmp_path / "a.csv", Export(TOPICS))


@pytest.mark.parametrize("name", OWN_TEXTS)
@given(several=st.tuples(docs("a"), docs("b/c")))
@settings(ODD, max_examples=6)
def test_formats_with_texts_need_no_run(name, several, tmp_path):
    form = FORMATS[name]
    found, _, _ = back_and_forth(several, form, tmp_path, base=())
    whole = name not in ("brat", "inception")  # which know neither date nor outlet
    assert plain(found, whole) == plain(several, whole)


def test_imported_articles_are_read_by_training_and_evaluation(annotated, tmp_path):
    form = FORMATS["label-studio"]
    found, _, _ = back_and_forth(annotated, form, tmp_path, base=())
    write_rows(found, tmp_path / "corrected.jsonl")
    assert plain(gold.load(tmp_path / "corrected.jsonl")) == plain(annotated)


def test_a_mere_topic_is_an_example_of_its_topic():
    """Imported runs have stances toward topics alone, which training reads as well."""
    topic_of = {target.id: f"topic/{target.topic}" for target in TOPICS.targets}
    examples = list(of_articles(article_rows([sample()]), topic_of, "own"))
    assert len(examples) == 4
    assert list(examples[2].labels) == ["topic/nato"]


@pytest.mark.parametrize("name", FORMATS)
def test_samples_are_written_as_ever(name, tmp_path):
    for file, content in FORMATS[name].write([sample()], Export(TOPICS)).items():
        kept = SAMPLES / name / file
        if file.endswith(".xlsx"):
            assert cells(kept) == cells_of(content, tmp_path)
        elif file != "annotation.conf":  # which grows with the topics
            assert content == kept.read_bytes(), f"{kept}: python tests/annotate_fake.py writes it anew"


@pytest.mark.parametrize("name", FORMATS)
def test_samples_are_read_as_ever(name):
    found, findings = read([SAMPLES / name], FORMATS[name], [sample()], TOPICS, predictions=True)
    assert not findings.faults
    assert plain(found) == plain([sample()])


def cells(path):
    sheets = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in sheets["statements"].iter_rows()]


def cells_of(content, tmp_path):
    (tmp_path / "one.xlsx").write_bytes(content)
    return cells(tmp_path / "one.xlsx")


def test_what_a_file_does_not_hold_is_counted(tmp_path):
    doc = sample()
    unsure = replace(doc.statements[0].stances[0], probs=(0.6, 0.3, 0.1), confidence=0.6)
    first = replace(doc.statements[0], stances=(unsure, *doc.statements[0].stances[1:]))
    silent = replace(doc, article=replace(doc.article, id="silent"), statements=())
    docs = [doc.with_statements([first, *doc.statements[1:]]), silent]
    lost = export(docs, FORMATS["csv"], tmp_path / "a.csv", Export(TOPICS)).lost
    assert lost == {"stances' probabilities": 1, "articles": 1}
    twins = [doc.with_statements([first, replace(first, id="twin", stances=doc.statements[1].stances)])]
    assert export(twins, FORMATS["dna"], tmp_path, Export(TOPICS)).lost["statements' stances"]


def test_stances_that_the_model_left_open_stay_behind(tmp_path, annotated):
    doc = sample()
    first = doc.statements[0]
    open_one = replace(first, stances=(replace(first.stances[0], abstained=True), *first.stances[1:]))
    with RunFolder(tmp_path / "run", {"hash": "x", "topics": {}, "speakers": {}}) as run:
        run.claim(doc.article)
        run.add([doc.with_statements([open_one, *doc.statements[1:]])])
        run.finish(1.0)
    assert len(chosen(tmp_path / "run")[0].statements[0].stances) == len(first.stances) - 1
    assert len(chosen(tmp_path / "run", abstained=True)[0].statements[0].stances) == len(first.stances)


def test_line_ends_stay(tmp_path):
    export([sample()], FORMATS["brat"], tmp_path, Export(TOPICS))
    assert (tmp_path / "a%2F1.txt").read_bytes() == sample().article.text.encode()


@pytest.mark.parametrize("name", ["label-studio", "doccano", "doccano-stance", "inception"])
def test_what_the_tools_themselves_wrote_is_read(name):
    """The sample as Label Studio 1.23.2, doccano 1.8.4 and, for INCEpTION, dkpro-cassis 0.12 gave it back."""
    (path,) = [path for path in (SAMPLES / "tools").iterdir() if path.stem == name]
    found, findings = read([path], FORMATS[name], [sample()], TOPICS)
    assert plain(found) == plain([sample()])
    assert not findings.faults and not findings.notes
