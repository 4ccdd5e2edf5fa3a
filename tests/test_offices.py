"""An office that an article gives no name to means whoever held it then, as the registry of speakers says."""

import pytest

from stance.resolve import Known, Registry, Resolver
from stance.resolve.registry import Role
from stance.segment import segment
from stance.types import Article, Doc, Span, Statement

REGISTRY = Registry(
    people=(
        Known("ann-clay", "Ann Clay", "United States", roles=(Role("Secretary of State", 2013, 2017),)),
        Known("bo-dale", "Bo Dale", "United States", roles=(Role("Secretary of State", 2021, 2025),)),
        Known("cy-lund", "Cy Lund", "Norway", roles=(Role("Defence Minister", 2020, 2022),)),
        Known("di-moe", "Di Moe", "Norway", roles=(Role("Defence Minister", 2022),)),
        Known("ed-post", "Ed Post", "Norway", roles=(Role("spokesman", 2010),)),
    )
)


def speaker(source: str, date: str | None):
    text = f"{source} said the talks were useful."
    article = Article("a", text, date=date)
    statement = Statement(
        "a:1",
        (Span(len(source) + 6, len(text) - 1),),
        Span(len(source) + 1, len(source) + 5),
        Span(0, len(source)),
        "indirect",
    )
    (doc,) = segment([Doc(article)])
    ((own,),) = (s.speakers for s in Resolver(REGISTRY).resolve([doc.with_statements([statement])])[0].statements)
    return own


@pytest.mark.parametrize(
    ("source", "date", "meant"),
    [
        ("The US secretary of state", "2016-05-01", "ann-clay"),
        ("The US secretary of state", "2023-05-01", "bo-dale"),
        ("The secretary of state of the United States", "2023-05-01", "bo-dale"),
        ("Norway's defence minister", "2021-05-01", "cy-lund"),
        ("The Norwegian defense minister", "2024-05-01", "di-moe"),
    ],
)
def test_an_office_means_its_holder_of_the_time(source, date, meant):
    own = speaker(source, date)
    assert (own.id, own.kind, own.how) == (meant, "person", "registry")
    assert own.score <= 0.5, "a guess carries its score"


@pytest.mark.parametrize(
    ("source", "date"),
    [
        ("The US secretary of state", None),
        ("The US secretary of state", "2019-05-01"),
        ("The Norwegian defence minister", "2022-05-01"),
        ("The former US secretary of state", "2023-05-01"),
        ("The deputy Norwegian defence minister", "2024-05-01"),
        ("A Norwegian spokesman", "2024-05-01"),
        ("The Swedish defence minister", "2024-05-01"),
    ],
    ids=["no date", "nobody known", "two in that year", "former", "deputy", "one of many", "another country"],
)
def test_an_office_without_a_certain_holder_stays_unnamed(source, date):
    assert speaker(source, date).kind == "unnamed"
