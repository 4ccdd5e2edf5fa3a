"""Gold rows as Docs: both formats, their corners, and errors that name the file and the line."""

import json
from pathlib import Path

import pytest

from stance.errors import InputError
from stance.gold import load, slug
from stance.types import Span

TEXT = (
    "Harbour tax is off, minister says.\n\n"
    "“The tax,” Ilse Brandt told reporters, “is off the table.” She thanked Norway.\n\n"
    "Advertisement: buy our paper.\n\n"
    "Harbour workers said the minister believes in luck."
)


def span(piece: str, nth: int = 0) -> list[int]:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(piece, at + 1)
    return [at, at + len(piece)]


def attribution(**changes: object) -> dict:
    item = {
        "id": "E1",
        "source": [span("Ilse Brandt")],
        "cue": [span("told")],
        "content": [span("“The tax,”"), span("“is off the table.”")],
        "kind": "direct",
        "nested_in": None,
        "cue_class": "speech",
    }
    return {**item, **changes}


def statement(**changes: object) -> dict:
    item = {
        "content": [span("Norway")],
        "cue": [span("thanked")],
        "source": [span("She")],
        "kind": "indirect",
        "speakers": ["E1"],
        "stances": [{"target": "brics", "stance": "against"}],
    }
    return {**item, **changes}


def article_row(*statements: dict, **changes: object) -> dict:
    person = {"id": "E1", "name": "Ilse Brandt", "kind": "person", "role": "minister", "affiliation": "Norway"}
    row = {"id": "a1", "outlet": "Fjord Post", "date": "2030-01-02", "title": "Harbour tax is off, minister says."}
    return {**row, "text": TEXT, "entities": [person], "statements": list(statements), **changes}


def write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def test_attribution_row_becomes_a_human_doc(tmp_path):
    (doc,) = load(write(tmp_path, {"id": "p1", "text": TEXT, "attributions": [attribution()]}))
    (found,) = doc.statements
    assert doc.made_by == "human"
    assert found.content_text(TEXT) == "“The tax,” ... “is off the table.”"
    assert (found.id, found.kind, found.cue.text(TEXT), found.source.text(TEXT)) == (
        "E1",
        "direct",
        "told",
        "Ilse Brandt",
    )


def test_attribution_keeps_headlines_and_leaves_out_discarded_text(tmp_path):
    row = {"id": "p1", "text": TEXT, "attributions": [], "discard": [span("Advertisement: buy our paper.")]}
    (doc,) = load(write(tmp_path, row))
    assert [p.text(TEXT)[:7] for p in doc.paragraphs] == ["Harbour", "“The ta", "Harbour"]
    assert next(s.text(TEXT) for s in doc.sentences) == "Harbour tax is off, minister says."
    hole = Span(*row["discard"][0])
    assert not any(s.overlaps(hole) for s in (*doc.paragraphs, *doc.sentences))


def test_discard_inside_a_paragraph_cuts_it(tmp_path):
    row = {"id": "p1", "text": TEXT, "attributions": [], "discard": [span(" She thanked Norway.")]}
    (doc,) = load(write(tmp_path, row))
    assert doc.paragraphs[1].text(TEXT) == "“The tax,” Ilse Brandt told reporters, “is off the table.”"


def test_cue_in_parts_is_their_hull_unless_that_holds_content(tmp_path):
    near = attribution(cue=[span("told"), span("reporters")], content=[span("“is off the table.”")])
    far = attribution(cue=[span("told"), span("said")], content=[span("“is off the table.”")])
    (doc,) = load(write(tmp_path, {"id": "p1", "text": TEXT, "attributions": [near, far]}))
    assert [s.cue.text(TEXT) for s in doc.statements] == ["told reporters", "told"]


def test_source_in_parts_is_its_first_and_empty_ones_are_none(tmp_path):
    two = attribution(source=[span("Ilse Brandt"), span("She")])
    bare = attribution(source=[], cue=[])
    (doc,) = load(write(tmp_path, {"id": "p1", "text": TEXT, "attributions": [two, bare]}))
    assert [s.source and s.source.text(TEXT) for s in doc.statements] == ["Ilse Brandt", None]
    assert doc.statements[1].cue is None


def test_attribution_without_content_is_no_statement_and_nesting_is_kept(tmp_path):
    empty = attribution(id="E2", content=[])
    inner = attribution(id="E3", nested_in="E1")
    path = write(tmp_path, {"id": "p1", "text": TEXT, "attributions": [attribution(), empty, inner]})
    assert [(s.id, s.parent) for s in load(path)[0].statements] == [("E1", None), ("E3", "E1")]


def test_article_row_has_speakers_and_one_hot_stances(tmp_path):
    path = write(tmp_path, article_row(statement()))
    (found,) = load(path, topics={"brics": "blocs"})[0].statements
    (speaker,), (stance,) = found.speakers, found.stances
    assert (speaker.id, speaker.name, speaker.role, speaker.affiliation) == (
        "ilse-brandt",
        "Ilse Brandt",
        "minister",
        "Norway",
    )
    assert (stance.topic, stance.target, stance.label) == ("blocs", "brics", "against")
    assert (stance.probs, stance.confidence, stance.abstained) == ((0.0, 1.0, 0.0), 1.0, False)
    assert load(path)[0].statements[0].stances[0].topic == ""


def test_article_paragraphs_are_the_pipelines_without_headline(tmp_path):
    (doc,) = load(write(tmp_path, article_row(statement())))
    assert doc.paragraphs[0].text(TEXT).startswith("“The tax,”")
    assert doc.article.outlet == "Fjord Post"


def test_entities_with_one_name_get_different_ids(tmp_path):
    entities = [{"id": i, "name": "an official", "kind": "unnamed"} for i in ("E1", "E2")]
    row = article_row(statement(speakers=["E1", "E2"]), entities=entities)
    (found,) = load(write(tmp_path, row))[0].statements
    assert [s.id for s in found.speakers] == ["an-official", "an-official-2"]


def test_formats_may_be_mixed_and_order_is_kept(tmp_path):
    rows = [article_row(id="b"), {"id": "a", "text": TEXT, "attributions": []}, article_row(id="c")]
    assert [doc.article.id for doc in load(write(tmp_path, *rows))] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "x", "text": TEXT}, "'attributions'.*'statements'.*id, text"),
        ({"id": "x", "attributions": []}, "'text' that is a string"),
        ([1, 2], "'text' that is a string"),
        (article_row(statement(kind="shouted")), "statement 1: kind is 'shouted'; it must be one of direct"),
        (article_row(statement(content=[])), "statement 1: a statement needs a 'content'"),
        (article_row(statement(content=[[5, 5]])), "content must be a list of"),
        (article_row(statement(cue=[[5, 10_000]])), "goes beyond the text, which has"),
        (article_row(statement(speakers=["E9"])), r"\['E9'\] are not among the entities \['E1'\]"),
        (article_row(statement(stances=[{"target": "brics", "stance": "pro"}])), "stance is 'pro'"),
        (article_row(statement(stances=[{"stance": "favor"}])), "needs a 'target'"),
        (article_row(entities=[{"id": "E1", "name": "X", "kind": "robot"}]), "an entity needs id, name and a kind"),
        (article_row(statements={"a": 1}), "'statements' must be a list of objects"),
    ],
)
def test_rows_that_do_not_fit_are_named_with_their_line(tmp_path, row, message):
    path = write(tmp_path, article_row(), row)
    with pytest.raises(InputError, match=message) as error:
        load(path)
    assert str(error.value).startswith(f"{path}:2")


def test_broken_json_and_missing_files_are_input_errors(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('\n{"id": ', encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.jsonl:2: not JSON"):
        load(path)
    with pytest.raises(InputError, match=r"nowhere\.jsonl cannot be read"):
        load(tmp_path / "nowhere.jsonl")


def test_slug_is_ascii_where_possible_and_never_empty():
    assert slug("Recep Tayyip Erdoğan") == "recep-tayyip-erdogan"
    assert slug("...") == "speaker"
