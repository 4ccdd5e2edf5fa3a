import io
import json
import math

import pytest
from rich.console import Console

from stance.errors import InputError
from stance.report.blocks import by_speaker, by_target, signed, telling
from stance.report.estimate import difference, effective, interval, shrunken
from stance.report.filters import Filters
from stance.report.group import positions
from stance.report.markdown import markdown
from stance.report.page import Look, page
from stance.report.positions import Position, SpeakerPositions
from stance.report.records import as_json
from stance.report.terminal import SCALE, draw, scale
from stance.store import RunFolder
from stance.types import Article, Doc, Span, Speaker, Stance, Statement

TOPICS = [
    {
        "id": "trees",
        "label": "City trees",
        "aliases": [],
        "targets": [
            {"id": "more-trees", "topic": "trees", "label": "", "proposition": "Plant more trees.", "aliases": []},
            {"id": "fell-limes", "topic": "trees", "label": "", "proposition": "Fell the limes.", "aliases": []},
        ],
    },
    {
        "id": "trams",
        "label": "Trams",
        "aliases": [],
        "targets": [
            {"id": "tram-line", "topic": "trams", "label": "", "proposition": "Build the line.", "aliases": []}
        ],
    },
]
TEXT = "Venn said trees help | and *shade*."
OTHERS = {"b": TEXT.replace("help", "cool"), "c": TEXT.replace("help", "live")}
VENN = Speaker("mara-venn", "Mara Venn", "person", "mayor", "Norway")
HALL = Speaker("city-hall", "City Hall", "organization", "", "Norway")
CROWD = Speaker("group:residents", "residents", "group")
NOBODY = Speaker("unnamed:official", "an official", "unnamed")


def stance(target: str, label: str, abstained: bool = False) -> Stance:
    topic = "trams" if target == "tram-line" else "trees"
    probs = tuple(0.9 if label == name else 0.05 for name in ("favor", "against", "neutral"))
    return Stance(topic, target, label, probs, 0.4 if abstained else 0.9, abstained)


def statement(number: str, speakers, *stances) -> Statement:
    return Statement(number, (Span(10, 34),), Span(5, 9), Span(0, 4), "indirect", speakers=speakers, stances=stances)


@pytest.fixture
def run(tmp_path):
    """Venn: more-trees 4 favor in 3 articles, 1 against, 1 unsure; tram-line 1 neutral. City Hall with her once."""
    statements = {
        "a": [((VENN,), "favor"), ((VENN,), "favor"), ((), "against"), ((NOBODY, CROWD), "favor")],
        "b": [((VENN, HALL), "favor"), ((VENN,), "against")],
        "c": [((VENN,), "favor"), ((VENN,), "unsure")],
    }
    settings = {"version": "1", "hash": "h", "topics": {"topics": TOPICS}}
    folder = RunFolder(tmp_path / "run", settings)
    for name, rows in statements.items():
        made = [
            statement(
                f"{name}:{n}", who, stance("more-trees", "favor" if label == "unsure" else label, label == "unsure")
            )
            for n, (who, label) in enumerate(rows, 1)
        ]
        if name == "c":
            made.append(statement("c:3", (VENN,), stance("tram-line", "neutral")))
            made.append(statement("c:4", (VENN,)))
        text = OTHERS.get(name, TEXT)
        folder.add([Doc(Article(name, text, "Trees", "2024-05-01", "Daily", sha256=name), statements=tuple(made))])
    folder.finish(1)
    return tmp_path / "run"


def test_counts_for_each_speaker_and_target(run):
    data = positions(run)
    venn, hall = data.speakers
    assert (venn.name, venn.about, venn.statements, len(venn.article_ids)) == ("Mara Venn", "mayor, Norway", 8, 3)
    trees = venn.positions["more-trees"]
    assert trees.counts == {"favor": 4, "against": 1, "neutral": 0, "unsure": 1}
    assert trees.mean == pytest.approx(3 / 5)
    assert (trees.articles, trees.few) == (3, False)
    assert venn.positions["tram-line"].counts["neutral"] == 1
    assert venn.positions["tram-line"].few
    assert (hall.name, hall.statements) == ("City Hall", 1), "a joint statement counts for each of its speakers"


def test_unknown_and_unnamed_speakers_are_summed_apart(run):
    data = positions(run)
    assert data.unknown.statements == 2
    assert data.unknown.positions["more-trees"].counts == {"favor": 1, "against": 1, "neutral": 0, "unsure": 0}
    assert "an official" not in {speaker.name for speaker in data.speakers}


def test_every_number_leads_to_its_statements(run):
    trees = positions(run).speakers[0].positions["more-trees"]
    assert len(trees.evidence) == sum(trees.counts.values())
    first = trees.evidence[0]
    assert (first.date, first.outlet, first.cue, first.quote) == ("2024-05-01", "Daily", "said", TEXT[10:34])
    assert first.place == "a:10-34"
    assert trees.evidence[-1].abstained, "the sure ones come first"


def test_positions_of_the_country_count_a_joint_statement_once(run):
    data = positions(run, "affiliation")
    (norway,) = data.speakers
    assert (norway.name, norway.statements) == ("Norway", 8)
    assert norway.positions["more-trees"].counts == {"favor": 4, "against": 1, "neutral": 0, "unsure": 1}
    assert data.unknown.statements == 2
    assert positions(run, "affiliation", Filters(speaker="norway")).speakers[0].name == "Norway"


@pytest.mark.parametrize("wanted", ["Mara Venn", "venn", "MARA-VENN"])
def test_speaker_is_found_by_name_surname_or_id(run, wanted):
    data = positions(run, filters=Filters(speaker=wanted))
    assert [speaker.id for speaker in data.speakers] == ["mara-venn"]
    assert data.unknown.statements == 0


def test_unknown_speaker_is_refused_with_the_nearest(run):
    with pytest.raises(InputError, match=r"Nobody called 'Mara Ven'.*Did you mean \"Mara Venn\"\?"):
        positions(run, filters=Filters(speaker="Mara Ven"))


@pytest.mark.parametrize(("wanted", "statements"), [("trams", 1), ("tram-line", 1), ("trees", 6), ("Trees", 6)])
def test_topic_or_target_narrows_the_report(run, wanted, statements):
    data = positions(run, filters=Filters(topic=wanted))
    assert data.speakers[0].statements == statements


def test_unknown_topic_is_refused_with_the_nearest(run):
    with pytest.raises(InputError, match=r'no topic or target .*Did you mean "trams"\?'):
        positions(run, filters=Filters(topic="tram"))


@pytest.mark.parametrize("n", [1, 2, 5, 50])
@pytest.mark.parametrize("share", [(0, 0), (1, 0), (0, 1), (0.4, 0.6), (0.2, 0)])
def test_interval_holds_the_mean_and_narrows(share, n):
    favor, against = share[0] * n, share[1] * n
    low, high = interval(favor, against, n)
    assert -1 <= low <= share[0] - share[1] <= high <= 1
    twice = interval(2 * favor, 2 * against, 2 * n)
    assert high - low > twice[1] - twice[0]


def test_interval_of_one_statement_says_almost_nothing():
    low, _ = interval(1, 0, 1)
    assert low < -0.5


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 20])
def test_interval_covers_the_true_position(n):
    """Exact coverage over a grid of true positions: never under 90%, on average at least 95%."""
    samples = [(f, a, n - f - a) for f in range(n + 1) for a in range(n + 1 - f)]
    ends = {sample: interval(sample[0], sample[1], n) for sample in samples}
    coverage = []
    for p, q in [(i / 10, j / 10) for i in range(11) for j in range(11 - i)]:
        rest = max(0.0, 1 - p - q)
        covered = 0.0
        for f, a, neutral in samples:
            low, high = ends[f, a, neutral]
            if low - 1e-9 <= p - q <= high + 1e-9:
                ways = math.factorial(n) / (math.factorial(f) * math.factorial(a) * math.factorial(neutral))
                covered += ways * p**f * q**a * rest**neutral
        coverage.append(covered)
    assert min(coverage) > 0.9 - 1e-9
    assert sum(coverage) / len(coverage) > 0.95


def test_shrunken_mean_needs_evidence():
    assert shrunken(1, 0, 1) < shrunken(5, 0, 5) < shrunken(50, 0, 50) < 1
    assert shrunken(3, 3, 9) == 0


def test_difference_of_two_positions():
    # Zou and Donner (2008): with equal intervals it is wider than either and narrower than their sum.
    low, high = difference(0.5, (0.2, 0.7), -0.1, (-0.4, 0.1))
    assert low == pytest.approx(0.6 - math.hypot(0.3, 0.2))
    assert high == pytest.approx(0.6 + math.hypot(0.2, 0.3))


def test_statements_of_one_article_count_for_less():
    assert effective([1, 1, 1, 1]) == 4
    assert 1 < effective([4]) < 4
    assert effective([4]) < effective([2, 2]) < effective([1, 1, 1, 1])


def test_position_without_sure_statements_has_no_number():
    position = Position("trees", "more-trees")
    assert (position.mean, position.interval) == (None, None)
    assert scale(position).strip() == "·"


def test_scale_is_drawn_to_measure(run):
    drawn = scale(positions(run).speakers[0].positions["more-trees"])
    assert len(drawn) == SCALE
    assert drawn.index("●") == round((0.6 + 1) / 2 * (SCALE - 1))


def test_commonest_name_wins_and_empty_ones_do_not():
    speaker = SpeakerPositions("x")
    for name, role in [("Mara Venn", ""), ("Mara Venn", ""), ("Venn", "mayor")]:
        speaker.add(None, [], name, Speaker("x", name, "person", role))
    assert (speaker.name, speaker.about) == ("Mara Venn", "mayor")


def drawn(data, **look) -> str:
    stream = io.StringIO()
    draw(page(data, Look(**look)), Console(file=stream, width=120))
    return stream.getvalue()


def written(data, **look) -> str:
    return markdown(page(data, Look(**look)))


def test_table(run):
    text = drawn(positions(run), quotes=3)
    assert "Positions of 2 speakers in 3 articles\n10 statements, from Daily, 2024-05-01." in text
    assert "Mara Venn  mayor, Norway  8 statements in 3 articles, 2024-05-01\n" in text
    (line,) = [line for line in text.splitlines() if line.strip().startswith("more-trees    ") and "+0.60" in line]
    assert line.split()[1:5] == ["4", "1", "·", "1"]
    assert "    favor 0.90  said: trees help | and *shade*  Daily, 2024-05-01  a:10-34\n" in text
    assert "    against 0.90  said: trees cool | and *shade*  Daily, 2024-05-01  b:10-34\n" in text
    assert "    favor 0.90 with Mara Venn  said: trees cool | and *shade*" in text, "City Hall's is a joint one"
    assert "Unknown, unnamed and groups: 2 statements." in text
    assert "  more-trees  Plant more trees.\n" in text


def test_each_side_is_shown_before_one_is_shown_twice(run):
    trees = positions(run).speakers[0].positions["more-trees"]
    assert [e.state for e in telling(trees, 9)] == ["favor", "against", "favor", "favor", "favor", "unsure"]


def test_no_position_is_minus_zero():
    assert (signed(-0.004), signed(-0.006)) == ("+0.00", "-0.01")


def test_matrix_marks_few_articles(run):
    text = drawn(positions(run))
    lines = {line.split("  ")[1]: line.split() for line in text.splitlines() if line.startswith("  ")}
    assert lines["Mara Venn"] == ["Mara", "Venn", "+0.60", "(+0.00)"]
    assert lines["City Hall"] == ["City", "Hall", "(+1.00)", "·"]


def test_table_says_what_it_leaves_out(run):
    text = drawn(positions(run), top=1, quotes=0)
    assert "City Hall" not in text
    assert "said:" not in text
    assert "1 more speaker: --top 2, or --speaker NAME." in text
    (block, _) = by_speaker(positions(run), 2, 1)
    assert ([row.name for row in block.rows], block.left_out) == (
        ["more-trees"],
        "and 1 more target: --speaker mara-venn",
    )


def test_report_says_what_was_asked_for(run):
    data = positions(run, filters=Filters(topic="trees", since="2024", outlets=("daily",), kinds=("indirect",)))
    line = "Only topic or target trees; since 2024-01-01; outlet Daily; statements indirect."
    assert line in drawn(data).splitlines()
    assert line in written(data).splitlines()


def test_topic_shows_who_stands_where(run):
    data = positions(run, filters=Filters(topic="trees"))
    (block,) = by_target(data, 20)
    assert (block.title, block.about) == ("more-trees", "Plant more trees.")
    assert block.amount == "8 statements in 3 articles, 2024-05-01"
    assert [row.name for row in block.rows] == ["Mara Venn", "City Hall", "Unknown, unnamed and groups"]
    (block,) = by_target(data, 1)
    assert (block.rows[0].name, block.left_out) == ("Mara Venn", "and 1 more speaker")
    assert "  and 1 more speaker" in drawn(data, top=1).splitlines()
    assert "And 1 more speaker." in written(data, top=1).splitlines()


def test_markdown_escapes_what_would_be_markup(run):
    text = written(positions(run))
    assert "| more-trees | 4 | 1 | 0 | 1 | 3 | +0.60" in text
    assert "- **more-trees**: Plant more trees." in text
    assert r"*said* trees help \| and \*shade\* — Daily, 2024-05-01 (`a:10-34`)" in text


def test_json_round_trips(run):
    data = json.loads(as_json(positions(run)))
    position = data["speakers"][0]["positions"][0]
    assert position["counts"] == {"favor": 4, "against": 1, "neutral": 0, "unsure": 1}
    assert len(position["statements"]) == 6
    assert position["proposition"] == "Plant more trees."
    assert position["statements"][0]["content"] == [[10, 34]]
    assert data["run"]["counts"]["articles"] == 3


def test_statement_on_a_mere_topic_has_no_side(tmp_path):
    mere = Stance("trams", None, "neutral", (0.0, 0.0, 1.0), 0.8)
    folder = RunFolder(tmp_path, {"hash": "h", "topics": {"topics": TOPICS}})
    rows = (statement("a:1", (VENN,), mere), statement("a:2", (VENN,), stance("tram-line", "favor")))
    folder.add([Doc(Article("a", TEXT, sha256="s"), statements=rows)])
    folder.finish(1)
    data = positions(tmp_path, filters=Filters(topic="trams"))
    line, topic = data.speakers[0].positions.values()
    assert (line.name, line.counts["favor"], line.counts["neutral"]) == ("tram-line", 1, 0)
    assert (topic.name, topic.target, topic.counts["neutral"], topic.mean) == ("trams (topic only)", None, 1, None)
    assert [block.title for block in by_target(data, 5)] == ["tram-line"]
    assert json.loads(as_json(data))["speakers"][0]["positions"][1]["target"] is None
    one = positions(tmp_path, filters=Filters(speaker="Venn"))
    assert "  topics touched without a position: trams 1" in drawn(one).splitlines()
    assert "Topics touched without a position: trams 1." in written(one)
    assert positions(tmp_path, filters=Filters(topic="tram-line")).speakers[0].statements == 1


def test_who_says_nothing_on_a_target_is_named_in_one_line(tmp_path):
    folder = RunFolder(tmp_path, {"hash": "h", "topics": {"topics": TOPICS}})
    rows = (statement("a:1", (VENN,)), statement("a:2", (HALL,)), statement("a:3", (HALL,)))
    folder.add([Doc(Article("a", TEXT, sha256="s"), statements=rows)])
    folder.finish(1)
    line = "No statement on a target: City Hall (2 statements in 1 article); Mara Venn (1 statement in 1 article)."
    data = positions(tmp_path)
    assert line in drawn(data).splitlines()
    assert f"- {line}" in written(data).splitlines()


def test_run_without_any_statement(tmp_path):
    RunFolder(tmp_path, {"hash": "h", "topics": {"topics": TOPICS}}).finish(1)
    assert "Positions of 0 speakers in 0 articles" in drawn(positions(tmp_path))
