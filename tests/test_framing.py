"""How cues frame what is said: the lexicon is sound, and inflected or longer cues are found in it."""

from importlib.resources import files

import pytest

from stance.framing import FRAMINGS, entry, framing

ROWS = [
    line.split("\t")
    for line in files("stance").joinpath("framing.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(
    ("cue", "kind"),
    [
        ("said", "neutral"),
        ("According to", "neutral"),
        ("told reporters", "neutral"),
        ("has repeatedly stressed", "assertive"),
        ("pointed out", "assertive"),
        ("made it clear", "assertive"),
        ("denies", "assertive"),
        ("claimed", "doubtful"),
        ("alleging", "doubtful"),
        ("have vowed", "commissive"),
        ("did not rule out", "commissive"),
        ("were ready", "commissive"),
        ("called on", "directive"),
        ("has been pushing for", "directive"),
        ("forbade", "directive"),
        ("condemns", "expressive"),
        ("criticising", "expressive"),
        ("spoke out against", "expressive"),
        ("were deeply worried", "expressive"),
    ],
)
def test_cues_are_found_in_any_form(cue, kind):
    assert framing(cue) == kind


def test_the_longest_entry_counts_and_of_equals_the_last():
    assert (framing("called"), framing("called for")) == ("neutral", "directive")
    assert framing("promised and demanded") == "directive"
    assert framing("demanded and promised") == "commissive"


@pytest.mark.parametrize("cue", ["frobnicated", ":", "", "–", "in"])
def test_an_unknown_cue_is_neutral(cue):
    assert framing(cue) == "neutral"
    assert entry(cue) is None


def test_a_word_is_listed_once_and_under_a_known_framing():
    assert {row[0] for row in ROWS} == set(FRAMINGS)
    cues = [row[1] for row in ROWS]
    assert len(cues) == len(set(cues)) > 500
    assert all(entry(cue) == kind for kind, cue, *_ in ROWS)
