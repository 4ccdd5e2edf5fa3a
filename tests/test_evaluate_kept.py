"""What becomes of a result: comparison, mistakes to read, floors, files."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from evaluate_fake import ALONE, CONFIG, oracle, spoil, write
from rich.console import Console

from stance.errors import InputError
from stance.evaluate import (
    Choices,
    check_floors,
    compare,
    mistakes,
    pin_floors,
    render_comparison,
    run_evaluate,
    write_errors,
)
from stance.gold import load
from stance.types import Article, Doc, Span, Statement


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path)


# -- comparison -------------------------------------------------------------------------------------------------------


def kept(result, path: Path) -> Path:
    path.write_text(json.dumps(result.to_json()), encoding="utf-8")
    return path


def test_kept_results_are_compared_metric_by_metric(data, tmp_path):
    weak = kept(run_evaluate(data, CONFIG, pipeline=oracle(data, spoil)), tmp_path / "weak.json")
    strong = kept(run_evaluate(data, CONFIG, pipeline=oracle(data)), tmp_path / "strong.json")
    rows = {row.metric: row for row in compare(weak, strong)}
    assert (rows["statements"].a, rows["statements"].b) == (pytest.approx(2 / 3), 1)
    assert rows["statements"].paired.difference == pytest.approx(1 / 3)
    assert rows["kind"].paired.difference == 0 and rows["kind"].paired.p == 1
    assert rows["stance"].paired.difference == 1
    text = StringIO()
    render_comparison(list(rows.values()), Console(file=text, width=120))
    assert "+33.3" in text.getvalue()
    assert compare(weak, strong, "gold speakers given")[0].metric == "targets"


def test_results_that_cannot_be_compared_are_refused(data, tmp_path):
    one = kept(run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE), tmp_path / "one.json")
    less = kept(
        run_evaluate(data, CONFIG, pipeline=oracle(data), choices=Choices(baselines=False, limit=1)),
        tmp_path / "less.json",
    )
    with pytest.raises(InputError, match="different articles"):
        compare(one, less)
    with pytest.raises(InputError, match="has no system 'x'; it has stance"):
        compare(one, one, "x")
    with pytest.raises(InputError, match="is not a kept result"):
        compare(one, data)


# -- mistakes ---------------------------------------------------------------------------------------------------------


def test_mistakes_stand_beside_gold_the_surest_first(data, tmp_path):
    gold = load(data)

    def change(s):
        spoiled = spoil(s)
        if spoiled is None or s.speakers[0].name != "harbour union":
            return spoiled
        return replace(
            spoiled, content=(Span(s.content[0].start + 4, s.content[0].end),), speakers=gold[0].statements[0].speakers
        )

    labelled = oracle(data, change).run([Doc(doc.article) for doc in gold])
    found = mistakes(gold, labelled)
    kinds = {"flipped stance", "side invented", "wrong speaker", "missed statement", "wrong extent"}
    assert {m.kind for m in found} == kinds
    stances = [m for m in found if m.kind == "flipped stance"]
    assert ("brics: favor", "brics: against", 0.8) in [(m.gold, m.predicted, m.confidence) for m in stances]
    assert [m.confidence for m in stances] == sorted((m.confidence for m in stances), reverse=True)
    (speaker,) = [m for m in found if m.kind == "wrong speaker"]
    assert (speaker.gold, speaker.predicted) == ("harbour union (organization)", "Ilse Brandt (person)")

    run_evaluate(data, CONFIG, pipeline=oracle(data, change), errors=tmp_path / "wrong")
    with (tmp_path / "wrong" / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["kind"] for row in table] == [m.kind for m in found]
    page = (tmp_path / "wrong" / "errors.html").read_text(encoding="utf-8")
    assert '<a href="#flipped-stance">flipped stance</a>' in page
    assert '<span class="gold">the </span><span class="gold predicted">new multilateral rules on Tuesday</span>' in page
    assert "://" not in page


def test_mistakes_of_hostile_text_stay_text(tmp_path):
    text = "He said <script>alert(1)</script> & more."
    gold = Doc(Article("<b>", text), statements=(Statement("s", (Span(8, 40),), Span(3, 7), Span(0, 2), "indirect"),))
    write_errors(tmp_path, mistakes([gold], [Doc(gold.article)]), "<i>")
    page = (tmp_path / "errors.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|b|i)>", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_mistakes_never_become_formulas(tmp_path):
    from stance.evaluate.errors import _cell

    assert _cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _cell("said") == "said" and _cell(-0.5) == -0.5


# -- floors -----------------------------------------------------------------------------------------------------------


def test_floors_rise_freely_and_fall_only_with_a_reason(data, tmp_path):
    path = tmp_path / "floors.json"
    weak = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil), choices=ALONE)
    strong = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    pin_floors(weak, path, ["statements", "end_to_end"])
    assert pin_floors(strong, path, ["statements", "end_to_end"]) == {"statements": 1, "end_to_end": 1}
    assert check_floors(strong, path) == []
    assert check_floors(weak, path) == [
        "mine statements: 0.6667 is below the floor 1.0000",
        "mine end_to_end: 0.0000 is below the floor 1.0000",
    ]
    with pytest.raises(InputError, match=r"statements 1\.0000 → 0\.6667, end_to_end"):
        pin_floors(weak, path, ["statements", "end_to_end"])
    pin_floors(weak, path, ["statements"], reason="a smaller model", today=date(2030, 1, 2))
    kept = json.loads(path.read_text())["mine"]
    assert kept["scores"] == {"statements": 0.6667}
    assert kept["lowered"] == [
        {"date": "2030-01-02", "reason": "a smaller model", "scores": {"statements": 1.0, "end_to_end": 1.0}}
    ]


def test_floors_hold_for_the_data_they_were_pinned_on(data, tmp_path):
    path = tmp_path / "floors.json"
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    with pytest.raises(InputError, match="cannot be read"):
        check_floors(result, path)
    pin_floors(result, path, ["statements"])
    data.write_text(data.read_text().replace("Ships", "Boats"), encoding="utf-8")
    other = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    with pytest.raises(InputError, match="pinned on other data"):
        check_floors(other, path)
    with pytest.raises(InputError, match="the data"):
        pin_floors(other, path, ["statements"])


def test_a_metric_that_can_no_longer_be_computed_is_a_fall(data, tmp_path):
    path = tmp_path / "floors.json"
    pin_floors(run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE), path, ["stance"])
    silent = run_evaluate(data, CONFIG, pipeline=oracle(data, lambda s: None), choices=ALONE)
    assert check_floors(silent, path) == ["mine stance: nan is below the floor 1.0000"]


ROOT = Path(__file__).parents[1]
SHIPPED = (ROOT / "models" / "attribution" / "config.json", ROOT / "models" / "stance" / "config.json")


@pytest.mark.skipif(not all(path.is_file() for path in SHIPPED), reason="no models are shipped")
@pytest.mark.skipif(not (ROOT / "eval" / "floors.json").is_file(), reason="no floors are pinned")
def test_shipped_models_hold_their_floors():
    result = run_evaluate("gold", CONFIG, choices=ALONE)
    assert result.problems == 0
    assert check_floors(result, ROOT / "eval" / "floors.json") == []


def test_every_metric_is_explained_where_people_look():
    from stance.evaluate.names import METRICS

    text = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    parts = {part for name in METRICS for part in name.split(".")}
    missing = [part for part in sorted(parts) if not re.search(rf"\b{part}\b", text)]
    assert missing == []
