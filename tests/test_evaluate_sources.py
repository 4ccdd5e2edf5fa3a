"""Where gold and predictions come from: brat, folders, second coders, other systems' output, downloads."""

from __future__ import annotations

import json
import threading
import zipfile
from functools import partial
from hashlib import sha256
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from evaluate_fake import ALONE, CONFIG, TEXTS, oracle, write

from stance.errors import InputError
from stance.evaluate import Choices, Task, fetched, load_task, run_evaluate
from stance.evaluate.data import fingerprint, gold_docs
from stance.evaluate.pairs import PairRow, read_pairs
from stance.evaluate.predictions import read_predictions
from stance.gold import load
from stance.pipeline import Pipeline


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path)


# -- articles ---------------------------------------------------------------------------------------------------------

BRAT = """T1\tSource 121 124\tshe
T2\tCue 125 130\tadded
T3\tContent 0 4;5 11;63 81\tIlse Brandt, the …
T4\tAttribution 125 130\tadded
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
E2\tAttribution:T4 Cue:T2
#1\tAnnotatorNotes T1\twhatever
"""


@pytest.mark.parametrize("shipped", [True, False], ids=["as PolNeAR ships them", "side by side"])
def test_brat_folders_are_tasks(tmp_path, shipped):
    texts, marks = (tmp_path / "text", tmp_path / "attributions") if shipped else (tmp_path, tmp_path)
    for folder in {texts, marks}:
        folder.mkdir(exist_ok=True)
    (texts / "one.txt").write_text(TEXTS["a1"], encoding="utf-8")
    (marks / ("one_ef2d.ann" if shipped else "one.ann")).write_text(BRAT, encoding="utf-8")
    task = load_task(tmp_path)
    assert task.kind == "attribution"
    (doc,) = gold_docs(tmp_path)
    (found,) = doc.statements
    assert [(s.start, s.end) for s in found.content] == [(0, 11), (63, 81)]
    assert doc.sentences and doc.article.id == "one"
    stages = [("tag", list), ("link", lambda docs: [d.with_statements(doc.statements) for d in docs])]
    assert run_evaluate(tmp_path, CONFIG, pipeline=Pipeline(stages), choices=ALONE).value("relation.exact") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("T1\tSource 0 999\tx", r"one\.ann:1: offset 999 is beyond the text, which has \d+"),
        ("T1\tSource\tx", r"one\.ann:1: not a text-bound annotation"),
        ("E1\tAttribution:T4 Content:T3", r"one\.ann:1: Content is T3, which the file does not have"),
    ],
)
def test_faulty_brat_is_refused_with_its_line(tmp_path, text, message):
    (tmp_path / "one.txt").write_text(TEXTS["a1"], encoding="utf-8")
    (tmp_path / "one.ann").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        gold_docs(tmp_path)
    (tmp_path / "one.ann").unlink()
    with pytest.raises(InputError, match=r"has no annotation"):
        gold_docs(tmp_path)


def test_folder_of_rows_is_one_set_of_articles(data, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    lines = data.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        (folder / f"{number}.jsonl").write_text(line, encoding="utf-8")
    assert load_task(folder).kind == "articles"
    assert run_evaluate(folder, CONFIG, pipeline=oracle(data), choices=ALONE).value("end_to_end") == 1
    before = fingerprint(folder)
    (folder / "2.jsonl").write_text(lines[0], encoding="utf-8")
    assert fingerprint(folder) != before
    with pytest.raises(InputError, match="several articles with the id 'a1'"):
        gold_docs(folder)


def test_only_articles_with_a_value_are_taken(data):
    rows = [{**json.loads(line), "genre": genre} for line, genre in zip(data.open(), ("news", "speech"), strict=True)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert [d.article.id for d in gold_docs(data, where={"genre": "speech interview"})] == ["a2"]
    with pytest.raises(InputError, match="no articles where"):
        gold_docs(data, where={"genre": "letter"})


def test_speakers_are_found_for_given_statements(data):
    gold = {doc.article.id: doc for doc in load(data)}

    def resolve(docs):
        assert all(not s.speakers and not s.stances for doc in docs for s in doc.statements)
        return [gold[doc.article.id] for doc in docs]

    result = run_evaluate("speakers", CONFIG, data, pipeline=Pipeline([("resolve", resolve)]))
    assert result.value("speakers") == 1 and result.main.metrics[0] == "speakers"
    assert "end_to_end" not in result.main.metrics
    assert [s.name for s in result.systems] == ["stance", "nearest name"]
    assert result.systems[1].scores.value("speakers") < 1


def test_a_second_coder_is_a_system_over_the_articles_both_have(data, tmp_path):
    second = tmp_path / "second.jsonl"
    row = json.loads(data.read_text(encoding="utf-8").splitlines()[0])
    row["statements"] = row["statements"][:1]
    second.write_text(json.dumps(row), encoding="utf-8")
    result = run_evaluate(Task("x", "articles", data=data, coders=second), CONFIG, pipeline=oracle(data))
    coder = result.systems[-1]
    assert coder.name == "second coder" and coder.scores.articles == ("a1",)
    assert coder.scores.value("statements") == pytest.approx(2 / 3)
    assert "statements.ece" not in coder.metrics and coder.scores.value("speakers") == 1


# -- other systems ----------------------------------------------------------------------------------------------------

SAID = TEXTS["a1"].index("“Ships"), TEXTS["a1"].index(",” she") + 2
SHE, ADDED = (TEXTS["a1"].rindex(word) for word in ("she", "added"))


def span(start: int, end: int) -> dict:
    return {"start": start, "end": end, "text": TEXTS["a1"][start:end]}


QUOTES = {
    "citron": {
        "cue": span(ADDED, ADDED + 5),
        "sources": [{**span(0, 11)}],
        "coreferences": [span(SHE, SHE + 3)],
        "contents": [span(*SAID)],
        "confidence": "0.7500",
    },
    "gender_gap_tracker": {
        "speaker": "she",
        "speaker_index": f"({SHE},{SHE + 3})",
        "quote": "…",
        "quote_index": f"({SAID[0]}, {SAID[1]})",
        "verb": "added",
        "verb_index": f"({ADDED},{ADDED + 5})",
        "quote_type": "QCSV",
    },
    "strings": {"content": TEXTS["a1"][slice(*SAID)], "speaker": "she", "cue": "added"},
}


@pytest.mark.parametrize("form", QUOTES)
def test_what_other_systems_said_is_read(data, tmp_path, form):
    path = tmp_path / "said.jsonl"
    path.write_text(json.dumps({"id": "a1", "quotes": [QUOTES[form]]}), encoding="utf-8")
    gold = load(data)
    one, none = read_predictions(path, gold)
    (found,) = one.statements
    true = gold[0].statements[1]
    assert (found.content, found.source, found.cue, found.kind) == (true.content, true.source, true.cue, "direct")
    assert none.statements == () and found.speakers[0].name == ("Ilse Brandt" if form == "citron" else "she")
    result = run_evaluate(data, CONFIG, choices=Choices(predictions=path))
    assert result.main.name == "said" and result.main.scores.total("statements").numbers()["tp"] == 1
    assert "gold statements given" not in {s.name for s in result.systems} and not result.models


def test_folder_of_quotes_a_file_each(data, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a1.json").write_text(json.dumps([QUOTES["gender_gap_tracker"]]), encoding="utf-8")
    assert [len(d.statements) for d in read_predictions(tmp_path / "out", load(data))] == [1, 0]


def test_runs_are_read_if_their_offsets_fit(data, tmp_path):
    from stance.rows import statement_rows

    rows = [row for doc in load(data) for row in statement_rows(doc)]
    path = tmp_path / "statements.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run_evaluate(data, CONFIG, choices=Choices(predictions=path, baselines=False)).value("end_to_end") == 1
    path.write_text(json.dumps({**rows[0], "content": [[3, 9]]}), encoding="utf-8")
    with pytest.raises(InputError, match="statement s1 has the offsets of another text of a1"):
        read_predictions(path, load(data))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "a9", "quotes": []}, "says nothing of the articles evaluated: its ids are a9, theirs a1"),
        ({"id": "a1"}, r"said\.jsonl:1: neither a statement of a run"),
        ({"id": "a1", "quotes": [{"what": 1}]}, "a1, quote 1: of no known form; it has what"),
        ({"id": "a1", "quotes": [{"contents": [{"start": 1}]}]}, "a1, quote 1: KeyError"),
    ],
)
def test_unreadable_predictions_are_refused(data, tmp_path, row, message):
    path = tmp_path / "said.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_predictions(path, load(data))


def test_saved_labels_are_scored(tmp_path):
    rows, said = tmp_path / "rows.jsonl", tmp_path / "labels.jsonl"
    rows.write_text("".join(json.dumps({"text": t, "target": "x", "label": "favor"}) + "\n" for t in "ab"))
    probs = {"favor": 0.25, "against": 0.5, "neutral": 0.25}
    said.write_text('{"label": "favor"}\n' + json.dumps({"label": "against", "probs": probs}) + "\n")
    result = run_evaluate("pairs", CONFIG, rows, choices=Choices(predictions=said, baselines=False))
    assert (result.value("accuracy"), result.main.name) == (0.5, "labels")
    said.write_text('{"label": "favor"}\n')
    with pytest.raises(InputError, match="has 1 rows, the task 2"):
        run_evaluate("pairs", CONFIG, rows, choices=Choices(predictions=said))


def test_coreference_has_no_statements_to_read_or_to_lay_beside(data, tmp_path):
    for words in ({"errors": tmp_path}, {"choices": Choices(predictions=data)}):
        with pytest.raises(InputError, match="not of coref"):
            run_evaluate(Task("x", "coref", data=data), CONFIG, **words)


# -- downloads --------------------------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path):
    """A web server over a folder; gives the folder and the address."""
    folder = tmp_path / "web"
    folder.mkdir()
    running = HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def public(url: str, **values: str) -> Task:
    return Task("set", "pairs", home="A set.", terms="CC BY", download={"url": url, **values})


def test_public_data_are_fetched_once_and_checked(server, tmp_path):
    folder, address = server
    (folder / "rows.csv").write_text("text,target,label\na,b,favor\n")
    digest = sha256((folder / "rows.csv").read_bytes()).hexdigest()
    told = []
    task = fetched(public(f"{address}/rows.csv", sha256=digest), told.append, tmp_path / "cache")
    assert read_pairs(task) == [PairRow("a", "b", "favor")]
    assert told == [f"Fetching {address}/rows.csv. Terms: CC BY."]
    (folder / "rows.csv").unlink()
    assert fetched(task, told.append, tmp_path / "cache").data == task.data
    task.data.write_text("changed")
    with pytest.raises(InputError, match=r"has the SHA-256 .* Delete the file"):
        fetched(task, told.append, tmp_path / "cache")


def test_unknown_checksums_are_told(server, tmp_path):
    folder, address = server
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("set-main/dev/one.txt", "x")
        archive.writestr("set-main/other.txt", "y")
    digest = sha256((folder / "a.zip").read_bytes()).hexdigest()
    told = []
    task = fetched(public(f"{address}/a.zip", member="set-main/dev/"), told.append, tmp_path / "cache")
    assert told[-1].startswith(f"No checksum is known for set; this file's SHA-256 is {digest}")
    assert [path.name for path in task.data.iterdir()] == ["one.txt"]
    with pytest.raises(InputError, match=r"holds no nothing\.txt"):
        fetched(public(f"{address}/a.zip", member="nothing.txt"), told.append, tmp_path / "cache")


def test_what_does_not_fit_its_checksum_is_thrown_away(server, tmp_path):
    folder, address = server
    (folder / "rows.csv").write_text("text\n")
    with pytest.raises(InputError, match="not 00ff; it is not used"):
        fetched(public(f"{address}/rows.csv", sha256="00ff"), print, tmp_path / "cache")
    assert not list((tmp_path / "cache").rglob("*.csv*"))
    with pytest.raises(InputError, match=r"could not be fetched: .*File not found.*another way"):
        fetched(public(f"{address}/none.csv"), print, tmp_path / "cache")
    with pytest.raises(InputError, match="must begin with https"):
        fetched(public("file:///etc/passwd"), print, tmp_path / "cache")
    with pytest.raises(InputError, match="no address to download from"):
        fetched(Task("own", "pairs"), print, tmp_path / "cache")
