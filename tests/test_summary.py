import os
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from summary_run import SPEAKERS, TOPICS, Says, build

from stance.errors import InputError
from stance.report.filters import Filters
from stance.report.group import positions
from stance.report.summary import Summaries
from stance.report.wording import number
from stance.types import Speaker

NAMED = ("person", "country", "organization")
TARGETS = [target["id"] for topic in TOPICS for target in topic["targets"]]
CUES = ["said", "stressed", "demanded", "strongly condemned", "hoped", "believe", ":", "was told", "agreed", "REAFFIRM"]
FAVOR = {"more-trees": ("favor", 0.9)}
WORDS = "tram lime street council winter shade budget plank oak water bench market bridge harvest lantern".split()


def some_run(folder, seed, people, articles):
    """Many speakers, sides, cues and dates; each content has a number of its own, so that none is a copy."""
    chance = random.Random(seed)
    for n in range(people):
        SPEAKERS[f"P{n}"] = Speaker(f"p{n}", f"Pia{n} Lund{n}", "person", "", "Norway")
    names = [*SPEAKERS]
    made, count = {}, 0
    for a in range(articles):
        rows = []
        date = chance.choice([None, *(f"20{chance.randint(18, 24)}-{m:02}-{m + 7:02}" for m in range(1, 13, 5))])
        for _ in range(chance.randint(1, 5)):
            count += 1
            who = " & ".join(chance.sample(names, chance.choice([1, 1, 1, 2, 5])))
            opening = chance.choice(["that ", "to ", "", "“Well, ", "their "])
            tail = chance.choice(
                ["", ", provided that the winter stays mild enough", " if the council pays for it all"]
            )
            body = " ".join(chance.choices(WORDS, k=chance.choice([2, 9, 60])))
            labels = {
                target: (
                    chance.choice(["favor", "favor", "against", "neutral", "unsure"]),
                    chance.choice([0.2, 0.5, 0.65, 0.9]),
                )
                for target in chance.sample(TARGETS, chance.choice([0, 1, 1, 2]))
            }
            rows.append(Says(f"{who} | {chance.choice(CUES)} | {opening}{body}, item {count}{tail}", labels))
        date = chance.choice(
            [None, f"20{chance.randint(18, 24)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"]
        )
        made[f"a{a:02}"] = (date, chance.choice(["Daily", "Weekly", None]), rows)
    return build(folder, made)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    sizes = {1: (9, 40), 2: (30, 25)}
    return [some_run(tmp_path_factory.mktemp("run") / str(seed), seed, *size) for seed, size in sizes.items()]


def summaries(run):
    """All summaries of a run by their names."""
    data = positions(run)
    every = Summaries(data)
    made = {f"speaker {row.name}": every.speaker(row) for row in data.speakers}
    made |= {f"topic {topic['id']}": every.topic(topic["id"]) for topic in TOPICS}
    made |= {f"speaker {row.name} on trees": every.speaker(row, "trees") for row in data.speakers}
    return made | {"run": every.run()}


class Rows:
    """What statements.parquet says, asked without the package."""

    def __init__(self, run):
        self.rows = pq.read_table(run / "statements.parquet").to_pylist()
        self.texts = {row["statement_id"]: row for row in self.rows}
        self.found = defaultdict(set)
        for row in self.rows:
            named = {s["id"] for s in row["speakers"] if s["kind"] in NAMED}
            for stance in row["stances"]:
                label = "unsure" if stance["abstained"] else stance["label"]
                for who in (*named, "") if named else ("unknown", ""):
                    for key in ((who, stance["target"]), (who, "")):
                        self.found[*key, label].add(row["statement_id"])
                        self.found[*key, ""].add(row["statement_id"])


def test_each_claim_is_what_the_rows_say(runs):
    seen = Counter()
    for run in runs:
        rows = Rows(run)
        for name, summary in summaries(run).items():
            for sentence in summary.sentences:
                assert sentence.evidence, f"{name}: {sentence.text} rests on nothing"
                assert set(sentence.evidence) <= set(rows.texts)
                for claim in sentence.claims:
                    expected = rows.found[claim.speaker, claim.target, claim.label]
                    assert set(claim.evidence) == expected, f"{name}: {sentence.text} {claim}"
                    assert claim.count == len(expected)
                    seen[claim.label] += 1
    assert min(seen[label] for label in ("favor", "against", "neutral", "unsure", "")) > 10


ONE = ("In one statement", "But in one statement", "The statement", "But the statement")


def test_numbers_in_the_text_are_those_claimed(runs):
    """The first sentence of a paragraph tells how many statements have each label."""
    checked = 0
    for run in runs:
        for name, summary in summaries(run).items():
            if not name.startswith("speaker"):
                continue
            for paragraph in summary.paragraphs:
                first = paragraph[0]
                if not first.about or first.text.startswith(ONE):
                    continue
                for claim in first.claims:
                    words = {number(claim.count), *(["both"] if claim.count == 2 else [])}
                    assert words & set(re.findall(r"\w+", first.text.lower())), f"{claim}: {first.text}"
                    checked += 1
    assert checked > 50


def test_a_sentence_told_as_one_statement_has_one(runs):
    found = 0
    for run in runs:
        for name, summary in summaries(run).items():
            for sentence in summary.sentences if name.startswith("speaker") else ():
                if sentence.text.startswith(ONE):
                    assert [claim.count for claim in sentence.claims] == [1], sentence.text
                    found += 1
    assert found > 5


def test_quotes_are_exact_words_of_their_statement(runs):
    quoted = 0
    for run in runs:
        rows = Rows(run)
        for summary in summaries(run).values():
            for sentence in summary.sentences:
                for quote in sentence.quotes:
                    row = rows.texts[quote.statement_id]
                    source = row["cue"]["text"] if quote.cue else " ".join(row["text"].split())
                    assert quote.text in source
                    assert (
                        quote.text.casefold() in sentence.text.casefold() if quote.cue else quote.text in sentence.text
                    )
                    quoted += 1
    assert quoted > 100


def test_words_in_quotation_marks_are_quotes(runs):
    for run in runs:
        for summary in summaries(run).values():
            for sentence in summary.sentences:
                text = sentence.text
                for quote in sorted(sentence.quotes, key=lambda q: -len(q.text)):
                    text = text.replace(f"“{quote.text} …”", "").replace(f"“{quote.text}”", "")
                    text = text.replace(f"“{quote.text.casefold()}”", "")
                text = re.sub(r"(the topic|the proposition) “[^”]*”", "", text)
                assert "“" not in text, sentence.text


def test_each_agreement_rests_on_statements_of_both(runs):
    told = 0
    for run in runs:
        for name, summary in summaries(run).items():
            for sentence in summary.sentences if name.startswith("speaker") else ():
                others = {claim.speaker for claim in sentence.claims}
                if len(others) > 1:
                    assert all(claim.evidence for claim in sentence.claims), sentence.text
                    assert not re.search(r"closer ties", sentence.text), "its object differs by statement"
                    told += 1
                assert "also supported it" not in sentence.text or len(others) > 1
                assert "opposed it" not in sentence.text or len({claim.label for claim in sentence.claims}) > 1
    assert told > 10


FAULTS = {
    "two spaces": r"  ",
    "space before a sign": r" [,.;:]",
    "signs in a row": r"[,;:]\s*[,.;:]|\.\.",
    "singular": r"\b(two|three|four|five|six|seven|eight|nine|ten|\w+een|\d\d+) (statement|speaker|issue|article)\b",
    "plural": r"\b(one|1) (?:more )?(statements|speakers|issues|articles)\b",
    "empty slot": r"None|\{|\}|\(\)|“”|\b(in|by|on|of|and) [,.;]",
    "a word twice": r"\b(\w+) \1\b",
    "unbalanced": r"^[^(]*\)",
    "verb": r"\b(one|1) (take|support|oppose|read|are)\b|\b(two|three|four) (takes|supports|opposes|reads|is)\b",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_grammar(runs, fault):
    for run in runs:
        for name, summary in summaries(run).items():
            for sentence in summary.sentences:
                text = sentence.text
                for quote in sorted(sentence.quotes, key=lambda q: -len(q.text)):
                    text = re.sub(re.escape(quote.text), "Q", text, flags=re.IGNORECASE)
                assert not re.search(FAULTS[fault], text), f"{name}: {sentence.text}"


def test_sentences_begin_and_end_as_sentences_do(runs):
    for run in runs:
        for summary in summaries(run).values():
            for sentence in summary.sentences:
                first = next(sign for sign in sentence.text if sign.isalnum())
                assert first.isupper() or first.isdigit(), sentence.text
                assert sentence.text.endswith((".", "?”", "!”", "…”")), sentence.text


def test_no_sentence_is_told_twice(runs):
    for run in runs:
        for name, summary in summaries(run).items():
            texts = Counter(sentence.text for sentence in summary.sentences)
            assert max(texts.values(), default=1) == 1, f"{name}: {texts.most_common(1)}"


def test_openings_vary(runs):
    """Paragraphs of one summary do not all begin with the same words."""
    data = positions(runs[0])
    summary = Summaries(data).speaker(data.speakers[0])
    starts = {" ".join(paragraph[0].text.split()[:3]) for paragraph in summary.paragraphs}
    assert len(starts) > len(summary.paragraphs) / 2


def test_same_run_same_words_whatever_the_hash_seed(runs):
    code = (
        "import sys; from stance.report.group import positions; from stance.report.summary import Summaries\n"
        "d = positions(sys.argv[1]); s = Summaries(d)\n"
        "sys.stdout.write(s.run().text + ''.join(s.speaker(r).text for r in d.speakers) + s.topic('trees').text)"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code, runs[0]],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
    assert len(texts.pop()) > 1000


# What is said of runs of which every statement is known.


@pytest.fixture
def run(tmp_path):
    trees = [
        Says("Venn | stressed | that the streets need many more trees before summer", FAVOR),
        Says(
            "Venn | said | that lindens cool the old market, provided that they are watered",
            {"more-trees": ("favor", 0.8)},
        ),
        Says("Hall & Oro | agreed | to plant an avenue of oaks by the harbour", FAVOR),
    ]
    later = [
        Says("Venn | demanded | a hundred new maples on the northern ring road", {"more-trees": ("favor", 0.9)}),
        Says("Kim | called | the planting of poplars a waste of water", {"more-trees": ("against", 0.9)}),
        Says("Oro | said | the line would be dear", {"tram-line": ("neutral", 0.9)}),
        Says("Oro | may have said | something about limes once", {"fell-limes": ("favor", 0.3)}),
    ]
    return build(tmp_path / "run", {"a": ("2023-05-01", "Daily", trees), "b": ("2024-02-03", "Weekly", later)})


def run_summary(data):
    return Summaries(data).run()


def speaker_summary(data, *asked):
    return Summaries(data).speaker(*asked)


def topic_summary(data, topic):
    return Summaries(data).topic(topic)


def texts(summary):
    return [sentence.text for sentence in summary.sentences]


def test_a_speaker_on_one_target(run):
    assert texts(speaker_summary(positions(run), "mara-venn")) == [
        "Mara Venn (mayor, Norway) supported more trees in the city in all three statements on it, "
        "between 1 May 2023 and 3 February 2024, one of them in forceful words (“demanded”).",
        "One of the three statements names a condition: “provided that they are watered”.",
        "Typically, Venn stressed that “the streets need many more trees before summer” (1 May 2023).",
        "Most recently, on 3 February 2024, Venn demanded “a hundred new maples on the northern ring road”.",
        "The City Council and Tadeo Oro also supported it, but Kim Ara opposed it.",
    ]


def test_one_statement_is_never_more(run):
    (hall, agrees) = speaker_summary(positions(run), "city-hall").sentences
    assert hall.text == (
        "In one statement, on 1 May 2023, the City Council (Norway) and Tadeo Oro agreed "
        "“to plant an avenue of oaks by the harbour”, which supports more trees in the city."
    )
    assert agrees.text == "Mara Venn also supported it, but Kim Ara opposed it."


def test_neutral_and_doubtful_are_told_as_such(run):
    told = " ".join(texts(speaker_summary(positions(run), "tadeo-oro")))
    assert "Oro took no side on the new tram line, in one statement on 3 February 2024." in told
    unclear = "It is unclear which side Oro takes on the proposition “Fell the limes”, in one statement on"
    assert f"{unclear} 3 February 2024." in told


def test_the_others_are_known_where_the_report_is_of_one_speaker(run):
    alone = positions(run, filters=Filters(speaker="Venn"))
    assert [row.id for row in alone.speakers] == ["mara-venn"]
    assert speaker_summary(alone, "mara-venn") == speaker_summary(positions(run), "mara-venn")


def test_a_topic_tells_both_sides(run):
    told = texts(topic_summary(positions(run), "more-trees"))
    assert told[0] == (
        "Speakers disagree over more trees in the city: Mara Venn (three statements), the City Council (one) and "
        "Tadeo Oro (one) supported it; Kim Ara (one statement) opposed it (between 1 May 2023 and 3 February 2024)."
    )
    assert told[1:] == [
        "For it, on 1 May 2023, Venn stressed that “the streets need many more trees before summer”.",
        "Against it, on 3 February 2024, Kim called “the planting of poplars a waste of water”.",
    ]


def test_a_run_tells_what_was_read_and_where_speakers_clash(run):
    told = texts(run_summary(positions(run)))
    assert told[0] == (
        "Two articles from Daily and Weekly were read; seven of the seven statements in them bear on "
        "three issues, between 1 May 2023 and 3 February 2024."
    )
    assert told[1] == "Mara Venn (three), Tadeo Oro (three) and the City Council (one) spoke most on them."
    assert (
        "Speakers clash over more trees in the city: Mara Venn, the City Council and Tadeo Oro for it; "
        "Kim Ara against it." in told
    )


def test_wire_copy_is_one_statement(tmp_path):
    row = [
        Says("Venn | said | that the streets need many more trees before next summer", {"more-trees": ("favor", 0.9)})
    ]
    run = build(tmp_path / "run", {"a": ("2024-02-01", "Daily", row), "b": ("2024-02-02", "Weekly", row)})
    (sentence,) = speaker_summary(positions(run), "mara-venn").sentences
    assert sentence.text.startswith("In one statement, on 1 February 2024, Mara Venn (mayor, Norway) said that")
    assert sentence.evidence == ("a:1",)


def test_only_what_was_asked_for(run):
    data = positions(run)
    assert texts(speaker_summary(data, "tadeo-oro", "trams")) == [
        "Tadeo Oro (Chile) took no side on the new tram line, in one statement on 3 February 2024."
    ]
    assert speaker_summary(data, "mara-venn", "trams").sentences == ()
    assert topic_summary(data, "ties").sentences == ()


def test_unknown_names_are_refused(run):
    with pytest.raises(InputError, match='Did you mean "mara-venn"'):
        speaker_summary(positions(run), "mara-ven")
    with pytest.raises(InputError, match="no topic or target 'tram'"):
        topic_summary(positions(run), "tram")


def test_a_run_without_stances_has_nothing_to_say(tmp_path):
    run = build(tmp_path / "run", {"a": (None, None, [Says("Venn | said | that it rains on the market today", {})])})
    data = positions(run)
    assert run_summary(data).text == speaker_summary(data, "mara-venn").text == topic_summary(data, "trees").text == ""


def test_rows_that_are_no_speakers_are_not_said_to_hold_anything(run):
    data = positions(run, by="affiliation")
    told = texts(speaker_summary(data, "norway"))
    assert told[0].startswith("Speakers for Norway supported more trees in the city in all four statements on it")


def dated(folder, labels):
    """One article a month, each with one statement by Venn on trees with the given label and confidence."""
    articles = {
        f"a{n:02}": (
            f"20{20 + n // 12}-{n % 12 + 1:02}-05",
            "Daily",
            [Says(f"Venn | said | that plan {n} for the {WORDS[n % len(WORDS)]} is on the table", {"more-trees": own})],
        )
        for n, own in enumerate(labels)
    }
    return build(folder, articles)


def test_a_shift_is_told_with_its_test(tmp_path):
    run = dated(tmp_path / "run", [("favor", 0.9)] * 12 + [("against", 0.9)] * 9)
    told = " ".join(texts(speaker_summary(positions(run), "mara-venn")))
    assert (
        "The position of Venn on it shifted about 5 January 2021: before it, all twelve statements supported it; "
        "from then on, all nine statements opposed it (Pettitt’s test, q < 0.001)." in told
    )
    assert "The position of Mara Venn on more trees in the city shifted" in run_summary(positions(run)).text


def test_who_spoke_both_ways_is_quoted_for_both(tmp_path):
    run = dated(tmp_path / "run", [("favor", 0.9), ("favor", 0.9), ("against", 0.9), ("neutral", 0.9)])
    first, second = texts(speaker_summary(positions(run), "mara-venn"))
    assert first == (
        "Mara Venn (mayor, Norway) spoke both ways on more trees in the city, between 5 January 2020 and 5 March 2020: "
        "two statements for it, one against it and one without a side."
    )
    assert re.match(
        r"For it, on 5 \w+ 2020, Venn said that “.*”; against it, on 5 March 2020, Venn said that “", second
    )


def test_the_odd_one_out_is_quoted(tmp_path):
    run = dated(tmp_path / "run", [("favor", 0.9)] * 4 + [("against", 0.9)])
    told = texts(speaker_summary(positions(run), "mara-venn"))
    assert "four support it; one opposes it." in told[0]
    assert any(text.startswith("On the other side, on 5 May 2020, Venn said that") for text in told)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ([("favor", 0.45)] * 5, "It is unclear which side {venn} takes on {trees}, in five statements between"),
        ([("favor", 0.55)] * 5, "All five statements by {venn} on {trees}, between"),
        ([("favor", 0.55)] * 3, "It is unclear which side {venn} takes on {trees}, in three statements between"),
        ([("favor", 0.65)] * 3, "All three statements by {venn} on {trees}, between"),
        ([("favor", 0.9)] * 3, "{venn} supported {trees} in all three statements on it, between"),
        (
            [("against", 0.9), ("unsure", 0.2)],
            "{venn} opposed {trees} in one statement, on 5 January 2020; one more",
        ),
        ([("neutral", 0.9)] * 2, "{venn} took no side on {trees}, in two statements between"),
        ([("unsure", 0.2)], "It is unclear which side {venn} takes on {trees}, in one statement on 5 January 2020."),
    ],
)
def test_a_stance_is_told_as_surely_as_its_labels_are(tmp_path, labels, told):
    (first, *_) = texts(speaker_summary(positions(dated(tmp_path / "run", labels)), "mara-venn"))
    assert first.startswith(told.format(venn="Mara Venn (mayor, Norway)", trees="more trees in the city"))
