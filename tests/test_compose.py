"""Training rows composed from phrases: who is for, who is against, follows from how a row is put together."""

from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest
import yaml

import stance
from stance.errors import ConfigError
from stance.train.compose import compose
from stance.train.phrases import load_phrases
from stance.train.refuse import Guard, evaluation_files
from stance.train.scene import filled, plural

ROOT = Path(stance.__file__).resolve().parents[1]
PHRASES = ROOT / "configs" / "train" / "phrases.yaml"
COUNT = 12000


@pytest.fixture(scope="module")
def rows():
    return compose(PHRASES, COUNT, seed=5)


@pytest.fixture(scope="module")
def labels(rows):
    """How often each target has each label."""
    counted = defaultdict(Counter)
    for row in rows:
        for target, label in row["stances"]:
            counted[target][label] += 1
    return counted


@pytest.fixture(scope="module")
def known():
    topics = yaml.safe_load((ROOT / "configs" / "topics.yaml").read_text(encoding="utf-8"))["topics"]
    return {target["id"] for topic in topics for target in topic["targets"]}


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(rows):
    assert compose(PHRASES, COUNT, seed=5) == rows
    assert compose(PHRASES, 50, seed=6) != rows[:50]


def test_rows_have_the_parts_of_a_view_and_no_slot_is_left_open(rows):
    assert len(rows) == COUNT
    for row in rows:
        assert list(row) == ["group", "speaker", "cue", "content", "context", "title", "stances"]
        assert row["speaker"] and row["cue"] and row["content"]
        assert not set("{}|") & set("".join(row[key] for key in ("speaker", "cue", "content", "context", "title")))
        assert not {"  ", "that that", "that whether"} & {row["content"]}
        targets = [target for target, _ in row["stances"]]
        assert len(targets) == len(set(targets)) and {label for _, label in row["stances"]} <= {
            "favor",
            "against",
            "neutral",
        }


def test_every_target_of_the_topics_has_each_side_about_as_often(labels, known):
    assert set(labels) == known
    for target, counted in labels.items():
        sided = counted["favor"] + counted["against"]
        assert 0.42 < counted["favor"] / sided < 0.58, target
        assert 0.15 < counted["neutral"] / (sided + counted["neutral"]) < 0.35, target


def test_some_rows_bear_on_nothing(rows):
    assert 0.05 < sum(not row["stances"] for row in rows) / len(rows) < 0.15


def test_few_rows_say_the_same(rows):
    assert len({(row["cue"], row["content"], row["context"]) for row in rows}) > 0.94 * len(rows)


def test_members_of_a_group_differ_in_their_labels(rows):
    groups = defaultdict(list)
    for row in rows:
        groups[row["group"]].append(row)
    for name, members in list(groups.items())[:-1]:  # the last may be cut off
        assert len(members) > 1, name
        assert len({tuple(map(tuple, row["stances"])) for row in members}) > 1, name


def test_another_cue_before_the_same_words_is_another_label(rows):
    """No label can be told from the target: the same content has every label, after one cue or another."""
    said = defaultdict(dict)
    for row in rows:
        said[row["group"], row["content"], row["speaker"], row["context"]][row["cue"]] = row["stances"]
    pairs = [pair for cues in said.values() for pair in combinations(cues.values(), 2)]
    assert len(pairs) > 300
    assert all(first != second for first, second in pairs)


@pytest.mark.parametrize("cue", ["welcomed", "rejected", "criticised", "called for", "voiced"])
def test_a_cue_gives_both_labels_by_its_object(rows, cue):
    found = {label for row in rows if row["cue"] == cue for _, label in row["stances"]}
    assert {"favor", "against"} <= found


def test_a_speaker_of_another_country_takes_no_side(rows):
    groups = defaultdict(list)
    for row in rows:
        groups[row["group"], row["content"]].append(row)
    swapped = [members for members in groups.values() if len({row["speaker"] for row in members}) > 1]
    assert len(swapped) > 50
    for members in swapped:
        assert len({tuple(map(tuple, row["stances"])) for row in members}) == len(members)


def test_phrases_are_enough_and_name_known_targets(known):
    for target in load_phrases(PHRASES).targets:
        assert len(target.deeds[1]) >= 10 and len(target.deeds[-1]) >= 8, target.name
        assert len(target.clauses[1]) >= 8 and len(target.clauses[-1]) >= 8, target.name
        assert len(target.clauses[0]) >= 5 and len(target.near) >= 4, target.name
        phrases = [
            *target.deeds[1],
            *target.deeds[-1],
            *target.near,
            *(c for cs in target.clauses.values() for c in cs),
        ]
        assert len({phrase.text for phrase in phrases}) == len(phrases), target.name
        assert {name for phrase in phrases for name, _ in phrase.also} <= known - {target.name}, target.name


def test_no_row_is_nearly_an_evaluation_text(rows):
    files = evaluation_files()
    assert all(path.is_file() for path in files)
    guard = Guard.of(files)
    texts = {row["content"] for row in rows} | {f"{row['speaker']} {row['cue']} {row['content']}" for row in rows}
    assert [text for text in texts if guard.like(text)] == []


@pytest.mark.parametrize(
    ("phrase", "many"),
    [
        ("a ban on arms sales", False),
        ("the results of the summit", True),
        ("Israeli strikes on rocket sites", True),
        ("Assad's re-election", False),
        ("respect for human rights", False),
        ("the Astana process", False),
    ],
)
def test_verbs_agree(phrase, many):
    assert plural(phrase) is many
    assert filled("{x} {is} welcome", {"x": phrase}) == f"{phrase} {'are' if many else 'is'} welcome"


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "phrases.yaml"
    path.write_text("frames: {}\nnames: {}\ntargets: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"phrases\.yaml: .*'cues'"):
        compose(path, 10, seed=1)
