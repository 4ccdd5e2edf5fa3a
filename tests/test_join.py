"""Speakers of a run are joined across articles by name, affiliation and role; two persons stay two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.resolve.speakers import identity
from stance.speakers import Settled, census
from stance.speakers.join import join
from stance.speakers.similar import similar


def person(name, affiliation="", role="", known=False):
    made = identity(name, affiliation)
    key = made.partition("@")[0] if known else made
    return {"id": key, "name": name, "kind": "person", "role": role, "affiliation": affiliation, "how": "name"}


def body(name, affiliation):
    return {**person(name, affiliation), "kind": "organization"}


def rows(*speakers):
    """Each speaker in an article of its own; a list of speakers stands in one article."""
    return [
        {"article_id": f"a{n}", "statement_id": f"a{n}:{m}", "speakers": [one]}
        for n, own in enumerate(speakers)
        for m, one in enumerate(own if isinstance(own, list) else [own])
    ]


def groups(*speakers):
    """The ids that are joined, as sets."""
    leaders = join(census(rows(*speakers)))
    found = {}
    for one, to in leaders.items():
        found.setdefault(to, set()).add(one)
    return {frozenset(ids) for ids in found.values()}


def one_speaker(*speakers):
    return len(groups(*speakers)) == 1


SAME = [
    ("affiliation unknown in one article", person("Ivo Marn"), person("Ivo Marn", "Norway", "mayor")),
    (
        "affiliation misread, same office",
        person("Ivo Marn", "Norway", "Mayor"),
        person("Ivo Marn", "Mali", "the mayor"),
    ),
    ("endings", person("Petro Halensky", "Ukraine"), person("Petro Halenskyy", "Ukraine"), person("Petro Halenskiy")),
    ("given name", person("Serhiy Vornov", "Ukraine", "governor"), person("Sergiy Vornov", "Ukraine", "Governor")),
    ("misspelt", person("Volodomyr Tarn", "Ukraine"), person("Volodymyr Tarn", "Ukraine")),
    ("vowels", person("Mohammed Qarasi", "Oman", "minister"), person("Muhamad Qarasi", "Oman", "Minister")),
    ("accents", person("Jürgen Müllner", "Germany"), person("Jurgen Muellner", "Germany")),
    ("initial y", person("Yevgeny Marnov", "Russia"), person("Evgeniy Marnov", "Russia")),
    ("Hungarian order", person("Márton Szeleky", "Hungary"), person("Szeleky Márton", "Hungary")),
    ("Korean order and hyphen", person("Bae Min-ji", "South Korea"), person("Minji Bae", "South Korea")),
    ("Korean spaces", person("Bae Min Ji", "South Korea"), person("Bae Min-ji", "South Korea")),
    ("Chinese order", person("Fang Zhiyuan", "China"), person("Zhiyuan Fang", "China")),
    ("initial", person("J. Hollin", "Acme", "chemist"), person("Jane Hollin", "Acme", "chemist")),
    ("middle initial", person("Jane K. Hollin", "Acme"), person("Jane Hollin", "Acme")),
    ("middle name", person("Omar bin Salid", "Oman"), person("Omar Salid", "Oman")),
    ("short given name", person("Mike Hollin", "Acme"), person("Michael Hollin", "Acme")),
    ("surname with its office", person("Hollin", "Norway", "Minister"), person("Jane Hollin", "Norway", "minister")),
    ("title taken for a name", person("Deputy Director Jane Hollin"), person("Jane Hollin", "Acme")),
    ("Arabic article", person("Omar al-Salid", "Oman"), person("Omar El Salid", "Oman"), person("Omar Salid", "Oman")),
    ("bodies", body("Norwegian Ministry of Defence", "Norway"), body("Norway's Defense Ministry", "Norway")),
]


@pytest.mark.parametrize("speakers", [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_one_speaker_has_one_id(speakers):
    assert one_speaker(*speakers)


OTHER = [
    ("other country and office", person("Ivo Marn", "Norway", "mayor"), person("Ivo Marn", "Chile", "goalkeeper")),
    ("other surname", person("Ivo Marn", "Norway"), person("Ivo Varn", "Norway")),
    ("other given name", person("Hugh Marn", "Norway"), person("Hilda Marn", "Norway")),
    ("he and she", person("Mario Lund", "Norway"), person("Maria Lund", "Norway")),
    ("two frequent names", person("Karin Lund", "Norway"), person("Karen Lund", "Norway")),
    ("Korean sister", person("Bae Jong Un", "South Korea"), person("Bae Yo Jong", "South Korea")),
    ("surname alone", person("Hollin"), person("Jane Hollin", "Norway", "minister")),
    ("surname elsewhere", person("Hollin", "Chile", "minister"), person("Jane Hollin", "Norway", "minister")),
    ("initial elsewhere", person("J. Hollin", "Chile"), person("Jane Hollin", "Norway")),
    ("father and son", person("Ivo Marn", "Norway"), person("Ivo Marn Jr.", "Norway")),
    ("spelt otherwise elsewhere", person("Petro Halensky", "Ukraine"), person("Petro Halenskyj", "Poland")),
    ("bodies of two countries", body("Defense Ministry", "Norway"), body("Defense Ministry", "Chile")),
    ("two bodies", body("Defense Ministry", "Norway"), body("Trade Ministry", "Norway")),
    ("bodies without words", body("the Ministry", "Norway"), body("Norwegian ministry", "Norway")),
]


@pytest.mark.parametrize("speakers", [case[1:] for case in OTHER], ids=[case[0] for case in OTHER])
def test_two_speakers_stay_two(speakers):
    assert not one_speaker(*speakers)


def test_a_short_form_of_two_persons_is_joined_to_neither():
    short = person("J. Hollin", "Acme", "chemist")
    jane, john = person("Jane Hollin", "Acme", "chemist"), person("John Hollin", "Acme", "chemist")
    assert len(groups(short, jane, john)) == 3
    assert len(groups(short, jane)) == 1


def test_a_short_form_that_speaks_beside_the_full_name_is_somebody_else():
    short, full = person("Hollin", "Norway", "minister"), person("Jane Hollin", "Norway", "minister")
    assert len(groups([short, full])) == 2


def test_two_of_the_registry_stay_two_and_give_their_id():
    known = person("Petro Halensky", "Ukraine", known=True)
    other = person("Petro Halenskyy", "Ukraine", known=True)
    made = person("Petro Halenskiy", "Ukraine")
    assert len(groups(known, other)) == 2
    settled = Settled(rows(made, made, known))
    assert settled.speakers(rows(made)[0]) == [
        {**made, "id": "petro-halensky", "name": "Petro Halensky", "affiliation": "Ukraine"}
    ]


def test_names_and_affiliations_agree_over_articles_and_roles_stay_of_their_time():
    first, second = person("Ivo Marn", "Norway", "mayor"), person("Ivo Marn", "", "prime minister")
    settled = Settled(rows(first, first, second))
    assert settled.speakers(rows(second)[0]) == [{**first, "role": "prime minister"}]


def test_affiliations_that_articles_do_not_agree_on_are_left_as_they_are():
    places = [person("Ivo Marn", place, "envoy") for place in ("Norway", "Chile", "Mali")]
    settled = Settled(rows(*places))
    assert [settled.speakers(row)[0]["affiliation"] for row in rows(*places)] == ["Norway", "Chile", "Mali"]
    assert len({settled.speakers(row)[0]["id"] for row in rows(*places)}) == 1


ALL = [case[n] for case in (*SAME, *OTHER) for n in range(1, len(case))]


@given(st.permutations(rows(*ALL)))
@settings(max_examples=15, deadline=None)
def test_the_order_of_articles_does_not_matter(shuffled):
    assert join(census(shuffled)) == join(census(rows(*ALL)))


def test_nobody_is_lost_and_leaders_lead_themselves():
    leaders = join(census(rows(*ALL)))
    assert {one["id"] for one in ALL if one["kind"] == "person"} <= set(leaders)
    assert all(leaders[to] == to for to in leaders.values())


def test_what_is_not_joined_but_likely_is_suggested():
    near = [person("Hollin"), person("Jane Hollin", "Norway", "minister")]
    far = [person("Hugh Marn", "Norway"), person("Ole Varn", "Norway"), body("Trade Ministry", "Chile")]
    assert similar(census(rows(*near, *far))) == {"hollin": {"jane-hollin@norway"}, "jane-hollin@norway": {"hollin"}}
    assert similar(census(rows(*near)), apart={"hollin"}) == {}
