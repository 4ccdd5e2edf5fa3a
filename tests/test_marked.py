"""Annotation by place: labels here, articles elsewhere."""

import json

import pytest

from stance.errors import InputError
from stance.train.marked import articles, documents, of_marked, with_text
from stance.train.stance_rows import ABOUT, AGAINST

TEXT = "Talks opened on Monday. Mayor Ilse Brandt rejected the harbour tax. The ferry, she said, will sail."
ARTICLE = {"id": "a1", "outlet": "Vara Post", "date": "2026-01-02", "title": "Harbour news", "text": TEXT}
TOPIC_OF = {"harbour-tax": "topic/harbour"}


def span(words):
    return [TEXT.index(words), TEXT.index(words) + len(words)]


ROW = {
    "article": "a1",
    "content": [span("the harbour tax")],
    "cue": span("rejected"),
    "source": span("Mayor Ilse Brandt"),
    "stances": [["harbour-tax", "against"]],
    "topic": None,
}


def test_a_marked_statement_is_read_in_its_article():
    (example,) = of_marked([ROW], {"a1": ARTICLE}, TOPIC_OF)
    assert (example.view.speaker, example.view.cue) == ("Mayor Ilse Brandt", "rejected")
    assert (example.view.content, example.view.context) == ("the harbour tax", "Talks opened on Monday.")
    assert example.view.title == "Harbour news"
    assert example.labels == {"harbour-tax": AGAINST, "topic/harbour": ABOUT}
    assert example.group == "a1", "held out with the rest of its article"


def test_a_statement_on_a_mere_topic_has_no_target():
    (example,) = of_marked([{**ROW, "stances": [], "topic": "harbour"}], {"a1": ARTICLE}, TOPIC_OF)
    assert example.labels == {"topic/harbour": ABOUT}


def test_rows_get_their_text_and_outlet():
    (row,) = with_text([ROW], {"a1": ARTICLE})
    assert (row["text"], row["outlet"]) == ("the harbour tax", "Vara Post")


@pytest.mark.parametrize("known", [{}, {"a1": {**ARTICLE, "text": "Too short."}}])
def test_a_place_that_is_not_there_is_named(known):
    with pytest.raises(InputError, match=r"'a1' at .* no such place"):
        list(with_text([ROW], known))


def test_articles_come_whole_with_their_statements():
    said = {"content": [span("The ferry"), span("will sail")], "cue": span("said"), "source": span("she")}
    (doc,) = documents([{"article": "a1", "statements": [ROW, said]}], {"a1": ARTICLE})
    assert len(doc.sentences) == 3
    assert [s.content_text(TEXT) for s in doc.statements] == ["the harbour tax", "The ferry ... will sail"]
    with pytest.raises(InputError, match="'a2' is annotated, but is not in"):
        documents([{"article": "a2", "statements": []}], {"a1": ARTICLE})


def test_articles_are_those_of_the_data_folder(tmp_path):
    (tmp_path / "articles").mkdir()
    for name in ("open_licence", "other"):
        (tmp_path / "articles" / f"{name}.jsonl").write_text(json.dumps({**ARTICLE, "id": name}) + "\n")
    assert set(articles(tmp_path)) == {"open_licence", "other"}
