"""A chain without models: every article has one statement, by a person whose name it holds."""

from functools import cache

from stance.config import load_config
from stance.engine import Here, label
from stance.labeller import Labeller
from stance.models import model_hash
from stance.pipeline import Pipeline, settings
from stance.read import read
from stance.store import RunFolder
from stance.types import Span, Speaker, Stance, Statement

SAID = Stance("trees", "more-trees", "favor", (0.8123, 0.1, 0.0877), 0.7311)


def tag(docs):
    return [doc.with_statements([statement(doc.article)]) for doc in docs]


def statement(article):
    if "poison" in article.text:
        raise ValueError("this article cannot be labelled")
    name = "Ivo Marn" if "Ivo" in article.text else "Marn"
    said = article.text.index("said")
    speaker = Speaker(f"{name.split()[-1].lower()}@norway", name, "person", "mayor", "Norway", score=0.9137)
    content = Span(said + 5, len(article.text))
    return Statement(
        f"{article.id}:1", (content,), Span(said, said + 4), None, "indirect", 0.87654, None, (speaker,), (), (SAID,)
    )


HASH = cache(model_hash)


def fake_models(patch):
    """Let every Labeller work with the chain above, and hash the shipped models once only."""
    patch.setattr("stance.pipeline.model_hash", HASH)
    patch.setattr(Pipeline, "load", classmethod(lambda cls, config: Pipeline([("tag", tag)])))


def articles(folder, names="abcdef"):
    folder.mkdir(exist_ok=True)
    for name in names:
        who = "Ivo Marn" if name in "ace" else "Mayor Marn"
        (folder / f"{name}.txt").write_text(f"{who} said that trees ({name}) are needed in the old harbour.\n")
    return folder


def one_run(paths, out, **changes):
    """What `stance label` does, in this process."""
    config = load_config().with_values(changes)
    with RunFolder(out, settings(config)) as run:
        label(read(paths), Here(Labeller(config)), run, config.batch)
        run.finish(1.0)
    return out
