import pytest

from stance.report.copies import printings
from stance.report.corpus import Said
from stance.types import Speaker

VENN = Speaker("mara-venn", "Mara Venn", "person")
LUND = Speaker("pia-lund", "Pia Lund", "person")
OFFICIAL = Speaker("unnamed:official", "an official", "unnamed")
LONG = "that the new tram line will be open before the first snow falls on the harbour"


def said(article: str, text: str = LONG, date: str | None = "2024-05-01", speakers=(VENN,), **more) -> Said:
    values = {"outlet": f"Outlet {article}", "cue": "said", "source": "Venn", "number": 1} | more
    return Said(
        article_id=article,
        statement_id=f"{article}:{values['number']}",
        parent=None,
        outlet=values["outlet"],
        date=date,
        title=None,
        kind="indirect",
        text=text,
        content=((10, 10 + len(text)),),
        cue=values["cue"],
        cue_span=(5, 9),
        source=values["source"],
        source_span=(0, 4),
        speakers=speakers,
        stances=(),
        score=1.0,
    )


def groups(*statements: Said) -> list[list[str]]:
    return [[own.article_id for own in group] for group in printings(statements)]


def test_the_same_words_in_several_articles_are_one_utterance():
    assert groups(said("a"), said("b"), said("c")) == [["a", "b", "c"]]


def test_small_changes_of_wording_spelling_and_quotes_do_not_matter():
    edited = LONG.replace("that the", "“The").replace("harbour", "harbor”")
    assert groups(said("a"), said("b", edited)) == [["a", "b"]]


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("will be", "will not be"),
        LONG.replace("the new", "none of the new").replace("none", "no"),
        LONG + " in 2030",
        "that the new tram line will be open",
        "that the old bus lane must be closed after the last rain falls on the hills",
    ],
    ids=["negated", "no", "number", "part", "other"],
)
def test_words_that_say_something_else_are_another_utterance(other):
    assert groups(said("a"), said("b", other)) == [["a"], ["b"]]


def test_another_speaker_says_it_anew_and_an_unknown_one_may_be_the_same():
    assert groups(said("a"), said("b", speakers=(LUND,))) == [["a"], ["b"]]
    assert groups(said("a"), said("b", speakers=())) == [["a", "b"]]
    assert groups(said("a"), said("b", speakers=(OFFICIAL,))) == [["a", "b"]]
    assert groups(said("a"), said("b", speakers=(VENN, LUND))) == [["a", "b"]]
    assert groups(said("a", speakers=(VENN, LUND)), said("b", speakers=(VENN, OFFICIAL))) == [["a", "b"]]
    meetings = [(VENN, LUND), (VENN, Speaker("oto-brandt", "Oto Brandt", "person"))]
    assert groups(*(said(name, speakers=own) for name, own in zip("ab", meetings, strict=True))) == [["a"], ["b"]]


def test_a_month_later_it_is_said_again():
    assert groups(said("a"), said("b", date="2024-05-08")) == [["a", "b"]]
    assert groups(said("a"), said("b", date="2024-05-09")) == [["a"], ["b"]]
    assert groups(said("a"), said("b", date=None)) == [["a", "b"]]


def test_an_article_that_repeats_itself_is_no_copy():
    assert groups(said("a"), said("a", number=2)) == [["a"], ["a"]]


def test_short_words_must_be_the_same_to_the_letter_with_cue_and_source():
    assert groups(said("a", "it is over"), said("b", "it is over")) == [["a", "b"]]
    assert groups(said("a", "it is over"), said("b", "it is over", cue="repeated")) == [["a"], ["b"]]
    assert groups(said("a", "it is over"), said("b", "it was over")) == [["a"], ["b"]]


def test_the_earliest_printing_that_names_its_speaker_counts():
    late, early, nameless = said("a", date="2024-05-04"), said("b"), said("c", date="2024-04-30", speakers=())
    assert groups(late, early, nameless) == [["b", "a", "c"]]


def test_groups_are_in_the_order_of_the_run():
    other = "that the ferries should keep sailing through the whole of the long winter"
    assert groups(said("a", other, "2024-06-01"), said("b"), said("c")) == [["a"], ["b", "c"]]
    assert groups() == []
