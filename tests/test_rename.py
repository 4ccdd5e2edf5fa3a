"""Renaming a person throughout an article renames the speaker, and changes nothing else."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.resolve import Registry, Resolver
from stance.resolve.given import given_names
from stance.resolve.registry import plain
from stance.resolve.speakers import slug
from stance.resolve.words import NOT_NAMES, PLACE_LIKE_NAMES, ROLES, TITLES
from stance.segment import segment
from stance.types import Article, Doc, Span, Statement

ARTICLES = [
    """<S1>{full}, the mayor of Oslo,</S1> <Q1>said</Q1> <C1>that the harbour would stay open</C1>. <S2>{He}</S2>
<Q2>added</Q2> <C2>that the ferries were full</C2>. On Friday <S3>Ida Lund, a fisherwoman,</S3> <Q3>told</Q3>
reporters <C3>that nobody had asked her</C3>. <S4>{surname}</S4> <Q4>rejected</Q4> <C4>the complaint</C4>.
<S5>The mayor</S5> <Q5>promised</Q5> <C5>a meeting in May</C5>.""",
    """Norwegian Foreign Minister {full} met his Finnish counterpart Pekka Salo in Tampere on Monday.
<S1>{surname}</S1> <Q1>said</Q1> <C1>the two countries would build a bridge</C1>. <S2>Salo</S2> <Q2>welcomed</Q2>
<C2>the plan</C2>. <S3>The two ministers</S3> <Q3>agreed</Q3> <C3>to meet again in June</C3>. <C4>"We shall see,"</C4>
<S4>the Norwegian minister</S4> <Q4>said</Q4>. <S5>Moscow</S5> <Q5>criticized</Q5> <C5>the bridge</C5>.""",
    """<C1>"The lake is dying,"</C1> <S1>{title} {surname}</S1> <Q1>warned</Q1>. <S2>{full} of the Acme Institute in
Lima</S2>, who has studied it for years, <Q2>wrote</Q2> <C2>that the water was too warm</C2>. <S3>Peru's environment
ministry</S3> <Q3>denied</Q3> <C3>this</C3>. <S4>{Mr} {surname}</S4> <Q4>repeated</Q4> <C4>{his} warning</C4>.""",
]
"""Invented; S, Q and C mark sources, cues and contents."""

SYLLABLES = ["mar", "vel", "tun", "dri", "osk", "han", "zel", "pir", "wak", "lum", "bre", "fod"]
OTHERS = TITLES | ROLES | NOT_NAMES | PLACE_LIKE_NAMES
GIVEN = {
    sex: sorted(n.title() for n, s in given_names().items() if s == sex and n.isalpha() and n not in OTHERS)
    for sex in "fm"
}
"""Given names that are no other words: "Foreign Minister Dean Marn" may be a dean."""
WORDS = {
    "f": {"He": "She", "his": "her", "Mr": "Ms.", "title": "Professor"},
    "m": {"He": "He", "his": "his", "Mr": "Mr.", "title": "Professor"},
}


@st.composite
def names(draw, sex):
    surname = "".join(draw(st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3))).capitalize()
    return draw(st.sampled_from(GIVEN[sex])), surname


def article(template: str, name: tuple[str, str], sex: str) -> Doc:
    """The article with a name in it, and its marked statements as if a model had found them."""
    full, surname = " ".join(name), name[1]
    marked = template.replace("\n", " ").format(full=full, surname=surname, **WORDS[sex])
    spans: dict[str, list[int]] = {}
    text = ""
    for piece in re.split(r"(</?[SQC]\d>)", marked):
        if piece.startswith("<"):
            spans.setdefault(piece.strip("</>"), []).append(len(text))
        else:
            text += piece
    numbers = sorted({key[1:] for key in spans})
    statements = [
        Statement(
            f"a:{n}", (Span(*spans[f"C{n}"]),), Span(*spans[f"Q{n}"]), Span(*spans[f"S{n}"]), "indirect"
        )
        for n in numbers
    ]  # fmt: skip
    (doc,) = segment([Doc(Article("a", text, date="2019-05-01"))])
    return doc.with_statements(statements)


@pytest.fixture(scope="module")
def resolver():
    return Resolver(Registry.load())


def renamed(speakers, old, new):
    """What is expected of speakers when a person is called otherwise."""
    return tuple(
        replace(s, name=new, id=s.id.replace(slug(old), slug(new), 1)) if s.name == old else s for s in speakers
    )


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_renaming_a_person_renames_the_speaker_and_nothing_else(resolver, data):
    template = data.draw(st.sampled_from(ARTICLES))
    sex = "m" if "his Finnish" in template else data.draw(st.sampled_from("fm"))
    old, new = data.draw(names(sex)), data.draw(names(sex))
    before, after = (resolver.resolve([article(template, name, sex)])[0] for name in (old, new))
    assert not before.problems
    full_old, full_new = " ".join(old), " ".join(new)
    assert full_old in {s.name for statement in before.statements for s in statement.speakers}
    for one, other in zip(before.statements, after.statements, strict=True):
        assert other.speakers == renamed(one.speakers, full_old, full_new), other.source.text(after.article.text)


@pytest.fixture(scope="module")
def chain(resolver):
    """The shipped model finds the statements."""
    from stance.link import Linker
    from stance.models import model_folder
    from stance.tag import AttributionModel, Tagger

    model = AttributionModel.load(model_folder("attribution"), device="cpu")
    tag, link = Tagger(model), Linker(model, 0.3)
    return lambda doc: resolver.resolve(link(tag(segment([Doc(doc.article)]))))[0]


PAIRS = [
    (0, "f", ("Rosa", "Wakdrivel"), ("Annalena", "Tuntun")),
    (1, "m", ("Martin", "Pirhanzel"), ("Keir", "Lumwak")),
    (2, "f", ("Clara", "Oskzel"), ("Laura", "Drioskvel")),
    (0, "m", ("Zoltan", "Lumpir"), ("Hashim", "Zeldri")),
]


@pytest.mark.parametrize(("number", "sex", "old", "new"), PAIRS)
def test_the_model_finds_the_same_statements_of_a_renamed_person(chain, number, sex, old, new):
    """Its edges may shift by a modifier; how many statements there are, what is said by whom, may not."""
    before, after = (chain(article(ARTICLES[number], name, sex)) for name in (old, new))
    full_old, full_new = " ".join(old), " ".join(new)
    assert full_old in {s.name for statement in before.statements for s in statement.speakers}
    for one, other in zip(before.statements, after.statements, strict=True):
        assert other.cue.text(after.article.text) == one.cue.text(before.article.text)
        assert {(s.id, s.name) for s in other.speakers} == {
            (s.id, s.name) for s in renamed(one.speakers, full_old, full_new)
        }


def test_names_are_no_other_words():
    """What the property rests on: a made-up surname is neither a country nor anybody the registry knows."""
    registry = Registry.load()
    for first in SYLLABLES:
        for second in SYLLABLES:
            assert registry.person_in_office(plain(first + second), None) is None
