from dataclasses import replace

import pytest

from stance.config import load_config
from stance.errors import ModelError, StanceError
from stance.pipeline import NOT_RESULTS, Pipeline, settings
from stance.types import Article, Doc, Span, Statement


def docs(*texts: str) -> list[Doc]:
    return [Doc(Article(str(number), text)) for number, text in enumerate(texts)]


def segment(docs):
    return [replace(doc, paragraphs=(Span(0, len(doc.article.text)),)) for doc in docs]


def tag(docs):
    if any("odd" in doc.article.text for doc in docs):
        raise ValueError("an odd text")
    return [
        doc.with_statements([Statement(f"{doc.article.id}:1", doc.paragraphs, None, None, "direct")]) for doc in docs
    ]


STAGES = [("segment", segment), ("tag", tag)]


def test_stages_run_in_order_over_all_docs():
    done = Pipeline(STAGES).run(docs("one", "two"))
    assert [doc.statements[0].id for doc in done] == ["0:1", "1:1"]
    assert not any(doc.problems for doc in done)


def test_only_the_faulty_article_gets_the_problem():
    later = []

    def count(docs):
        later.append([doc.article.id for doc in docs])
        return docs

    done = Pipeline([*STAGES, ("link", count)]).run(docs("one", "odd", "two"))
    assert [len(doc.problems) for doc in done] == [0, 1, 0]
    (problem,) = done[1].problems
    assert (problem.article_id, problem.stage, problem.reason) == ("1", "tag", "ValueError: an odd text")
    assert done[1].paragraphs, "what was known before the fault is kept"
    assert later == [["0", "2"]], "a failed article goes no further"


def test_strict_raises_and_names_article_and_stage():
    with pytest.raises(StanceError, match="The article '1' failed in the stage tag: ValueError: an odd text"):
        Pipeline(STAGES, strict=True).run(docs("one", "odd"))


def test_strict_raises_for_a_problem_that_a_stage_noted_itself():
    def note(docs):
        return [doc.with_problem("resolve", ValueError("nobody")) for doc in docs]

    with pytest.raises(StanceError, match="The article '0' failed in the stage resolve: ValueError: nobody"):
        Pipeline([("resolve", note)], strict=True).run(docs("one"))
    assert Pipeline([("resolve", note)]).run(docs("one"))[0].problems


def test_stage_that_loses_an_article_is_a_fault():
    done = Pipeline([("lossy", lambda docs: docs[1:])]).run(docs("one", "two"))
    assert ["gave 0" in doc.problems[0].reason for doc in done] == [True, True]


def test_model_that_does_not_fit_is_nobody_s_article():
    def broken(docs):
        raise ModelError("no weights")

    with pytest.raises(ModelError, match="no weights"):
        Pipeline([("tag", broken)]).run(docs("one"))


def test_no_docs():
    assert Pipeline(STAGES).run([]) == []


@pytest.fixture
def models(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")
        (tmp_path / name / "model.safetensors").write_bytes(name.encode())
    (tmp_path / "speakers.yaml").write_text("{}")
    return [
        f"models.attribution={tmp_path / 'one'}",
        f"models.stance={tmp_path / 'two'}",
        f"speakers={tmp_path / 'speakers.yaml'}",
    ]


def test_settings_are_complete(models):
    config = load_config(settings=models)
    values = settings(config)
    assert values["config"] == config.model_dump()
    assert len(values["models"]["stance"]["sha256"]) == 64
    assert values["models"]["stance"]["sha256"] != values["models"]["attribution"]["sha256"]
    assert values["topics"]["topics"][0]["targets"][0]["proposition"]


def test_hash_of_settings_changes_with_what_decides_results(models, tmp_path):
    def hash_of(*extra):
        return settings(load_config(settings=[*models, *extra]))["hash"]

    first = hash_of()
    for same in ("device=cpu", "batch=3", "strict=true"):
        assert same.partition("=")[0] in NOT_RESULTS
        assert hash_of(same) == first
    (tmp_path / "topics.yaml").write_text("topics:\n- {id: a, targets: [{id: b, proposition: c}]}\n")
    assert (
        len(
            {
                first,
                hash_of("min_score=0.1"),
                hash_of("read.encoding=cp1252"),
                hash_of(f"topics={tmp_path}/topics.yaml"),
            }
        )
        == 4
    )
    (tmp_path / "two" / "model.safetensors").write_bytes(b"other weights")
    assert hash_of() != first


def test_settings_fail_early_without_a_model(models, tmp_path):
    with pytest.raises(ModelError, match="There is no model"):
        settings(load_config(settings=[*models, f"models.stance={tmp_path}/nix"]))
