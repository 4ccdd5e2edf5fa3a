"""Speaker resolution on invented articles: names, titles, pronouns, sides, metonyms, bodies, joint sources, ids."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError
from stance.resolve import Registry, Resolver
from stance.resolve.countries import country_named, country_of_place, mentions
from stance.resolve.people import compatible
from stance.resolve.rank import FEATURES, Ranker, shipped_ranker
from stance.resolve.roles import affiliation_of
from stance.types import Article, Doc, Span, Speaker, Statement


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module")
def resolver(registry: Registry) -> Resolver:
    return Resolver(registry)


def marked(text: str, *, date: str = "2024-05-01", outlet: str | None = None, title: str | None = None) -> Doc:
    """A Doc of a text in which sources stand in [brackets] and cues in {braces}; a cue follows or precedes its source.

    Each cue begins a statement whose source is the bracket in its clause (none for "{!said}"), and whose content is
    the rest of the clause after it.
    """
    plain, spans = "", []
    kind, start = "", 0
    for char in text:
        if char in "[{":
            kind, start = char, len(plain)
        elif char in "]}":
            spans.append((kind, start, len(plain)))
        else:
            plain += char
    statements, source = [], None
    for number, (kind, begin, end) in enumerate(spans):
        if kind == "[":
            source = Span(begin, end)
            continue
        stop = min((i for i in (plain.find(".", end), plain.find(";", end), len(plain)) if i > end), default=len(plain))
        content = Span(end + 1, max(stop, end + 2)) if end + 2 < len(plain) else Span(0, 1)
        own = None if plain[begin:end].startswith("!") else source
        statements.append(Statement(f"s{number}", (content,), Span(begin, end), own, "indirect"))
    return Doc(Article("a", plain, title, date, outlet), statements=tuple(statements))


def speakers(resolver: Resolver, text: str, **about: str) -> list[tuple[Speaker, ...]]:
    (doc,) = resolver.resolve([marked(text, **about)])
    assert not doc.problems
    return [s.speakers for s in doc.statements]


def names(resolver: Resolver, text: str, **about: str) -> list[list[str]]:
    return [[s.name for s in found] for found in speakers(resolver, text, **about)]


# ---------------------------------------------------------------------- names, titles, appositions

NAMED = [
    ("[Ilya Morozov] {said} rain was coming.", [["Ilya Morozov"]]),
    ("[Russian Trade Minister Ilya Morozov] {said} rain was coming. [Morozov] {added} snow.", [["Ilya Morozov"]] * 2),
    ("[Minister of Foreign Affairs Pia Lund] {said} rain was coming.", [["Pia Lund"]]),
    ("[Hugh Hill, a doctor at Acme Clinic,] {said} it hurt. [Hill] {said} it would pass.", [["Hugh Hill"]] * 2),
    ("[Japan's Kenta Mori] {said} rain was coming.", [["Kenta Mori"]]),
    ("[Mr. Hill] {said} no.", [["Hill"]]),
    ("Erik Prince came. [Prince] {said} no.", [["Erik Prince"]]),
    ("Asaad al-Zubi came. [Zubi] {said} no.", [["Asaad al-Zubi"]]),
    ("Kim Do Yun met Kim Se Ra. [Kim Se Ra] {said} no. [Kim Do Yun] {agreed} to it.", [["Kim Se Ra"], ["Kim Do Yun"]]),
    ("Ann Clay and Bob Clay came. [Bob Clay] {said} no. [Ann Clay] {said} yes.", [["Bob Clay"], ["Ann Clay"]]),
    ("Olaf Lindqvist came. [Lindquist] {said} no.", [["Olaf Lindqvist"]]),
    ("[U.S. Ambassador to the United Nations Dana Reed] {said} no.", [["Dana Reed"]]),
    ("[the group's leader, Omar Sidi,] {said} no.", [["Omar Sidi"]]),
    ("[Pia Lund, director of the Office for Trade and Security,] {said} no.", [["Pia Lund"]]),
    ("[He Yunqiao, a spokeswoman,] {said} no. [She] {said} yes.", [["He Yunqiao"]] * 2),
    ("[Pia Lund] {said} no. [Her statement] {added} more.", [["Pia Lund"]] * 2),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_person_is_known_by_every_form_of_the_name(resolver: Resolver, text: str, expected: list[list[str]]) -> None:
    assert names(resolver, text) == expected


TITLES = [
    ("German Foreign Minister Pia Lund spoke. [The foreign minister] {said} no.", ["Pia Lund"]),
    ("Peruvian President Luz Ortega met Chilean President Ana Rey. [The Chilean leader] {said} no.", ["Ana Rey"]),
    ("Peruvian President Luz Ortega met Chilean President Ana Rey. [Peru's president] {said} no.", ["Luz Ortega"]),
    ("Omani Prime Minister Said Harib spoke. [The premier] {said} no.", ["Said Harib"]),
    (
        "Peruvian Foreign Minister Luz Ortega met her Chilean counterpart Ana Rey. [The Chilean minister] {said} no.",
        ["Ana Rey"],
    ),
    ("Ida Berg has announced aid. [The development minister] {said} more would come.", ["Ida Berg"]),
    ("Vice President Lena Ford met President Tom Hart. [The president] {said} no.", ["Tom Hart"]),
    ("[A senior official] {said} no.", ["A senior official"]),
    ("Mayor Ann Clay spoke. [A spokesman] {said} no.", ["A spokesman"]),
    ("[A senior Peruvian official] {said} no. [The official] {added} more.", ["A senior Peruvian official"]),
]


@pytest.mark.parametrize(("text", "expected"), TITLES)
def test_title_means_its_holder_and_an_unnamed_source_stays_unnamed(
    resolver: Resolver, text: str, expected: list[str]
) -> None:
    assert names(resolver, text)[-1] == expected


def test_relative_of_a_person_is_another_person(resolver: Resolver) -> None:
    text = "[The sister of Peruvian leader Luz Ortega] {said} no. Ana Ortega, 40, is a lawyer."
    assert names(resolver, text) == [["Ana Ortega"]]


# ---------------------------------------------------------------------- pronouns

PRONOUNS = [
    ("[Pia Lund] {said} no. [She] {added} that talks go on.", ["Pia Lund"]),
    ("Pia Lund met Tom Hart. [He] {said} no.", ["Tom Hart"]),
    ("Pia Lund met Tom Hart. [She] {said} no.", ["Pia Lund"]),
    ("[Peru] {said} no. [It] {added} that talks go on.", ["Peru"]),
    ("[A senior official] {said} no. [He] {added} more.", ["A senior official"]),
    ("[Spokeswoman Sam Reed] {said} no. Tom Hart was there. [She] {said} more.", ["Sam Reed"]),
    ("[Pia Lund and Tom Hart] {said} no. [They] {added} more.", ["Pia Lund", "Tom Hart"]),
    ("Tom Hart said hello. [The Peruvian army] {said} no. [It] {added} more.", ["Peruvian army"]),
]


@pytest.mark.parametrize(("text", "expected"), PRONOUNS)
def test_pronoun_takes_up_who_fits(resolver: Resolver, text: str, expected: list[str]) -> None:
    assert names(resolver, text)[-1] == expected


def test_pronoun_says_so_and_carries_a_score(resolver: Resolver) -> None:
    (_, (she,)) = speakers(resolver, "[Pia Lund] {said} no. [She] {added} that talks go on.")
    assert she.how == "pronoun"
    assert 0 < she.score < 1


# ---------------------------------------------------------------------- countries, sides, metonyms, bodies

COUNTRIES = [
    ("[Beijing] {said} no.", "China", "country"),
    ("[The Kremlin] {said} no.", "Russia", "country"),
    ("[the White House] {said} no.", "United States", "country"),
    ("[Zhongnanhai] {said} no.", "China", "country"),
    ("[The Chinese side] {said} no.", "China", "country"),
    ("[the U.S. government] {said} no.", "United States", "country"),
    ("[the Peruvian authorities] {said} no.", "Peru", "country"),
    ("[The Netherlands] {said} no.", "Netherlands", "country"),
    ("[The EU] {said} no.", "European Union", "organization"),
    ("[Brussels] {said} no.", "European Union", "organization"),
    ("[TASS] {reported} no.", "Russia", "organization"),
    ("[the Pentagon] {said} no.", "United States", "organization"),
    ("[The Peruvian Foreign Ministry] {said} no.", "Peru", "organization"),
    ("[Peru's coast guard] {said} no.", "Peru", "organization"),
    ("[NATO] {said} no.", "NATO", "organization"),
]


@pytest.mark.parametrize(("text", "affiliation", "kind"), COUNTRIES)
def test_country_or_body_has_kind_and_affiliation(resolver: Resolver, text: str, affiliation: str, kind: str) -> None:
    ((speaker,),) = speakers(resolver, text)
    assert (speaker.affiliation, speaker.kind) == (affiliation, kind)


def test_spokesman_of_the_kremlin_is_a_person(resolver: Resolver) -> None:
    ((speaker,),) = speakers(resolver, "[Kremlin spokesman Ilya Morozov] {said} no.")
    assert (speaker.name, speaker.kind, speaker.affiliation) == ("Ilya Morozov", "person", "Russia")


def test_body_keeps_one_name_and_id(resolver: Resolver) -> None:
    text = "[The High Weather Council (HWC)] {said} no. [The HWC] {said} yes. [the council] {added} more."
    found = speakers(resolver, text)
    assert len({s.id for (s,) in found}) == 1
    assert found[0][0].name == "High Weather Council"


def test_body_with_and_in_its_name_is_one(resolver: Resolver) -> None:
    assert names(resolver, "[The Fish and Wildlife Service] {said} no.") == [["Fish and Wildlife Service"]]


# ---------------------------------------------------------------------- several speakers

JOINT = [
    ("[Pia Lund and Tom Hart] {said} no.", ["Pia Lund", "Tom Hart"]),
    ("[Peru and Chile] {said} no.", ["Peru", "Chile"]),
    ("[The United States, Peru and Chile] {said} no.", ["United States", "Peru", "Chile"]),
    ("[Peruvian Foreign Minister Pia Lund and visiting Chilean President Ana Rey] {said} no.", ["Pia Lund", "Ana Rey"]),
    ("Peru and Chile held talks in Lima. [Both sides] {agreed} to go on.", ["Peru", "Chile"]),
    (
        "Peruvian President Luz Ortega met Chilean President Ana Rey. [The two leaders] {agreed} to go on.",
        ["Luz Ortega", "Ana Rey"],
    ),
    ("[The British and Swedish governments] {said} no.", ["United Kingdom", "Sweden"]),
    ("[Peruvian and Chilean officials] {said} no.", ["Peruvian officials", "Chilean officials"]),
    ("[Reuters and other news organizations] {reported} rain.", ["Reuters", "other news organizations"]),
    (
        "Peruvian President Luz Ortega met Chilean President Ana Rey. [The leaders of Peru and Chile] {said} no.",
        ["Luz Ortega", "Ana Rey"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), JOINT)
def test_joint_source_has_all_its_members(resolver: Resolver, text: str, expected: list[str]) -> None:
    assert sorted(names(resolver, text)[-1]) == sorted(expected)


def test_title_with_and_is_one_person(resolver: Resolver) -> None:
    text = "[Dana Reed, the U.S. ambassador to Peru and the former governor of Iowa,] {said} no."
    assert names(resolver, text) == [["Dana Reed"]]


# ---------------------------------------------------------------------- context


def test_sourceless_statement_goes_to_the_last_speaker(resolver: Resolver) -> None:
    found = speakers(resolver, "[Pia Lund] {said} no. {!It went on} at length.")
    assert [s.name for s in found[1]] == ["Pia Lund"]
    assert found[1][0].how == "unknown"


def test_floating_quotation_without_cue(resolver: Resolver) -> None:
    doc = marked("[Pia Lund] {said} no. So it goes.")
    floating = Statement("f", (Span(18, 29),), None, None, "direct")
    (out,) = resolver.resolve([doc.with_statements([*doc.statements, floating])])
    assert [s.name for s in out.statements[1].speakers] == ["Pia Lund"]


def _spoilt(doc: Doc, start: int, end: int) -> Doc:
    first = doc.statements[0]
    source = Span(first.source.start + start, first.source.end + end) if end or start else None
    return doc.with_statements([Statement(first.id, first.content, first.cue, source, first.kind)])


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Rain. [Pia Lund] {said} no.", 0, 5),  # with the cue
        ("Rain when [Pia Lund] {said} no.", -5, 0),  # with the word before
        ("Rain. [Pia Lund] {said} no.", 0, -2),  # inside the name
        ("Rain. [Pia Lund] {said} no.", 4, 0),  # the surname's tail
        ("Rain. [Pia Lund] {said} no.", 0, 0),  # none at all
    ],
)
def test_source_cut_wrongly_is_put_right(resolver: Resolver, text: str, start: int, end: int) -> None:
    (doc,) = resolver.resolve([_spoilt(marked(text), start, end)])
    assert [s.name for s in doc.statements[0].speakers] == ["Pia Lund"]


def test_nobody_to_be_found_is_an_answer(resolver: Resolver) -> None:
    assert names(resolver, "{!It was said} that rain comes.") == [[]]


def test_document_speaks_for_its_author(resolver: Resolver) -> None:
    text = "[A report by Pia Lund] {said} no. [The report] {added} more."
    assert names(resolver, text) == [["Pia Lund"], ["Pia Lund"]]


def test_governments_own_outlet_means_its_president(resolver: Resolver) -> None:
    ((speaker,),) = speakers(resolver, "[The President] {said} no.", outlet="Kremlin", date="2019-03-01")
    assert (speaker.id, speaker.affiliation) == ("vladimir-putin", "Russia")


def test_first_person_is_whose_turn_it_is(resolver: Resolver) -> None:
    text = (
        "Luz Ortega, President of Peru, met the press.\nLuz Ortega: [We] {agreed} to talk.\n"
        "Tom Hart: [I] {said} no.\nLuz Ortega: [We] {hope} to go on.\n"
    )
    assert names(resolver, text) == [["Luz Ortega"], ["Tom Hart"], ["Luz Ortega"]]


def test_first_person_is_the_author_in_the_title(resolver: Resolver) -> None:
    title = "Statement by Foreign Minister Pia Lund on Fishing"
    assert names(resolver, "[We] {welcome} the treaty.", title=title) == [["Pia Lund"]]


# ---------------------------------------------------------------------- affiliation and ids

AFFILIATIONS = [
    ("U.S. ambassador to China", "United States"),
    ("Foreign Minister of the Netherlands", "Netherlands"),
    ("professor of law at Fudan University", "Fudan University"),
    ("spokesman for Sea Rescue", "Sea Rescue"),
    ("Acme spokesman", "Acme"),
    ("NATO Secretary General", "NATO"),
    ("Republican senator from Ohio", "Republican Party"),
    ("lawmaker of the opposition Blue Party", "Blue Party"),
    ("member of the Israeli Parliament", "Israel"),
    ("chairman", ""),
]


@pytest.mark.parametrize(("role", "expected"), AFFILIATIONS)
def test_affiliation_is_read_from_the_role(registry: Registry, role: str, expected: str) -> None:
    assert affiliation_of(role, registry) == expected


def test_spelling_variants_share_an_id(resolver: Resolver) -> None:
    forms = ["Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodymyr Zelenskiy"]
    ids = {speakers(resolver, f"[Ukrainian President {form}] {{arrived}} and left.")[0][0].id for form in forms}
    assert ids == {"volodymyr-zelenskyy"}


def test_title_moves_between_persons_over_time(resolver: Resolver) -> None:
    text = "[U.S. President Bush] {arrived} and left."
    assert speakers(resolver, text, date="2003-01-01")[0][0].id == "george-w-bush"


def test_ids_are_the_same_in_every_article(resolver: Resolver) -> None:
    first = speakers(resolver, "[German Foreign Minister Pia Lund] {said} no.")[0][0]
    second = speakers(resolver, "Rain. [Pia Lund, Germany's foreign minister,] {said} so.")[0][0]
    assert first.id == second.id == "pia-lund@germany"


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("[Pia Lund] {said} no.", "name"),
        ("Pia Lund came. [Lund] {said} no.", "surname"),
        ("German Foreign Minister Pia Lund came. [The minister] {said} no.", "title"),
        ("[Beijing] {said} no.", "metonym"),
        ("[The Chinese side] {said} no.", "side"),
        ("[Pia Lund and Tom Hart] {said} no.", "joint"),
    ],
)
def test_how_says_by_what_the_speaker_was_resolved(resolver: Resolver, text: str, how: str) -> None:
    assert {s.how for s in speakers(resolver, text)[-1]} == {how}


def test_role_is_given_as_written(resolver: Resolver) -> None:
    ((speaker,),) = speakers(resolver, "[German Foreign Minister Pia Lund] {said} no.")
    assert speaker.role == "German Foreign Minister"


@settings(max_examples=30, deadline=None)
@given(
    given_name=st.sampled_from(["Pia", "Ingrid", "Maria", "Laura", "Sofia"]),
    family=st.sampled_from(["Lund", "Okafor", "Tanaka", "Vidal", "Horvat", "O'Neill", "Sjöberg", "Van Dyk"]),
)
def test_renaming_a_person_renames_the_speaker_and_nothing_else(given_name: str, family: str) -> None:
    text = (
        "German Foreign Minister {full} met Chilean President Ana Rey. [{last}] {{said}} no. [She] {{added}} more. "
        "[The German minister] {{said}} yes. [Beijing] {{said}} no. [Both sides] {{agreed}} to go on."
    )
    resolver = Resolver(Registry.load())
    before = speakers(resolver, text.format(full="Anna Weiss", last="Weiss"))
    after = speakers(resolver, text.format(full=f"{given_name} {family}", last=family))
    renamed = [[s.name.replace("Anna Weiss", f"{given_name} {family}") for s in found] for found in before]
    assert [[s.name for s in found] for found in after] == renamed
    assert [[(s.kind, s.affiliation, s.how) for s in found] for found in after] == [
        [(s.kind, s.affiliation, s.how) for s in found] for found in before
    ]


# ---------------------------------------------------------------------- faults


@settings(max_examples=150, deadline=None)
@given(text=st.text(min_size=3, max_size=120), data=st.data())
def test_no_text_and_no_span_raises(text: str, data: st.DataObject) -> None:
    def span() -> Span:
        start = data.draw(st.integers(0, len(text) - 2))
        return Span(start, data.draw(st.integers(start + 1, len(text) - 1)))

    statement = Statement("s", (span(),), data.draw(st.none() | st.builds(span)), span(), "indirect")
    (doc,) = Resolver(Registry()).resolve([Doc(Article("a", text), statements=(statement,))])
    assert not doc.problems


def test_very_long_text_is_read_in_slices(resolver: Resolver) -> None:
    rain = "It rained on the hills all day and the rivers rose a little more.\n" * 1500
    near = marked("[Pia Lund] {said} no. [She] {added} more.")
    far = marked("[Tom Hart] {said} no. [He] {added} more.")
    text = near.article.text + "\n" + rain + far.article.text
    offset = len(text) - len(far.article.text)

    def moved(span: Span | None) -> Span | None:
        return None if span is None else Span(span.start + offset, span.end + offset)

    shifted = [
        Statement(s.id, tuple(moved(c) for c in s.content), moved(s.cue), moved(s.source), s.kind)
        for s in far.statements
    ]
    (doc,) = resolver.resolve([Doc(Article("a", text), statements=(*shifted, *near.statements))])
    assert not doc.problems
    assert [s.speakers[0].name for s in doc.statements] == ["Tom Hart", "Tom Hart", "Pia Lund", "Pia Lund"]


def test_fault_of_one_article_stays_with_it(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = marked("[Pia Lund] {said} no."), marked("[Tom Hart] {said} no.")
    from stance.resolve import resolver as module

    true_scene = module.Scene.of

    def failing(doc: Doc, registry: Registry) -> object:
        if doc is bad:
            raise ValueError("broken")
        return true_scene(doc, registry)

    monkeypatch.setattr(module.Scene, "of", failing)
    first, second = resolver.resolve([good, bad])
    assert not first.problems
    assert second.problems[0].stage == "resolve" and "broken" in second.problems[0].reason


def test_registry_errors_name_file_line_and_key(tmp_path) -> None:
    path = tmp_path / "speakers.yaml"
    path.write_text("people:\n  - {id: a, name: A B}\n  - {id: b, name: C D, contry: Peru}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r'speakers.yaml:3: unknown key .contry.*Did you mean "country"'):
        Registry.load(path)
    path.write_text("persons: []\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown key 'persons'"):
        Registry.load(path)
    path.write_text("people:\n  - {id: a}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="needs an id and a name"):
        Registry.load(path)


def test_registry_of_ones_own_decides(tmp_path) -> None:
    path = tmp_path / "speakers.yaml"
    path.write_text(
        "metonyms: {the Green House: Peru}\n"
        "organizations: [{id: hwc, name: High Weather Council, affiliation: Peru, aliases: [HWC]}]\n"
        "people: [{id: lund, name: Pia Lund, country: Chile, aliases: [Pia Lundh]}]\n",
        encoding="utf-8",
    )
    resolver = Resolver(Registry.load(path))
    found = speakers(resolver, "[Pia Lundh] {said} no. [The HWC] {said} no. [The Green House] {said} no.")
    assert [(s.id, s.affiliation) for (s,) in found] == [("lund", "Chile"), ("hwc", "Peru"), ("peru", "Peru")]


# ---------------------------------------------------------------------- pieces


def test_countries_by_name_adjective_seat_and_city() -> None:
    assert [(m.text, m.country) for m in mentions("Beijing told the Dutch envoy and the U.S.")] == [
        ("Beijing", "China"), ("Dutch", "Netherlands"), ("U.S.", "United States"),
    ]  # fmt: skip
    assert country_named("the Philippines") == "Philippines"
    assert country_of_place("MANILA") == "Philippines"
    assert country_of_place("Shanghai") == "China"
    assert country_of_place("Atlantis") is None


def test_compatible_names() -> None:
    assert compatible(["Biden"], ["Joseph", "R.", "Biden", "Jr."])
    assert compatible(["Joe", "Biden"], ["Joseph", "R.", "Biden"])
    assert compatible(["Kim"], ["Kim", "Jong", "Un"])
    assert not compatible(["Kim", "Yo", "Jong"], ["Kim", "Jong", "Un"])
    assert not compatible(["Bill", "Clay"], ["Ann", "Clay"])


def test_shipped_ranker_fits_and_prefers_the_better_features() -> None:
    assert len(shipped_ranker().weights) == len(FEATURES)
    ranker = Ranker(tuple(1.0 if name == "last_speaker" else 0.0 for name in FEATURES))
    assert ranker.best([]) is None
