"""What the page says about the run as a whole: what was read, with what, and what to beware of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from stance.report.blocks import headline, plural
from stance.report.estimate import FEW
from stance.report.positions import Positions

MANY_UNSURE = 0.3
"""Share of unsure labels from which on the reader is warned."""

OUTLETS = 12
"""Outlets named at the most."""


def facts(data: Positions, told: dict[str, Any]) -> dict[str, Any]:
    """Headline, amounts, dates, outlets, versions and warnings.

    Args:
        data: the positions.
        told: what the page holds of them, as `payload` gives it.
    """
    counts = data.info.get("counts", {})
    articles = told["articles"]
    dates = sorted(article["date"] for article in articles if "date" in article)
    outlets = Counter(article["outlet"] for article in articles if "outlet" in article)
    return {
        "headline": headline(data),
        "counts": {name: counts.get(name, 0) for name in ("articles", "statements", "speakers", "stances")},
        "shown": {"articles": len(articles), "speakers": len(told["speakers"]), "statements": len(told["statements"])},
        "dates": [dates[0], dates[-1]] if dates else [],
        "outlets": outlets.most_common(OUTLETS),
        "more_outlets": max(0, len(outlets) - OUTLETS),
        "few": FEW,
        "versions": _versions(data.info),
        "warnings": list(_warnings(data, told)),
    }


def _versions(info: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and the beginnings of the hashes of everything that decides the results."""
    models = [(f"{name} model", entry["sha256"]) for name, entry in info.get("models", {}).items()]
    rest = [("topics", info.get("topics", {}).get("hash")), ("settings", info.get("hash"))]
    return [("stance", info.get("version", "")), *((name, value[:12]) for name, value in [*models, *rest] if value)]


def _warnings(data: Positions, told: dict[str, Any]) -> Iterator[str]:
    """What a reader should know before trusting a number, one sentence or two each."""
    info, speakers = data.info, told["speakers"]
    problems = info.get("problems") or {}
    if problems:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(problems.items()))
        inputs = plural(sum(problems.values()), "input")
        yield f"{inputs} could not be read or labelled ({kinds}); the run's problems.jsonl says why."
    known = sum(not speaker.get("unknown") for speaker in speakers)
    if known < len(data.speakers):
        yield f"Only the {known} speakers with most statements are in this page, of {len(data.speakers):,}."
    if not told["whole"]:
        yield "Articles are cut to the passages around their statements; an ellipsis marks what was left out."
    counted = [cell for cell in told["cells"] if "id" in told["targets"][cell["t"]]]
    total, unsure = (sum(sum(cell["counts"][i:]) for cell in counted) for i in (0, 3))
    if total and unsure / total >= MANY_UNSURE:
        yield f"The model was unsure of {unsure / total:.0%} of the stances; these are counted in no position."
    few = sum("few" in cell for cell in counted)
    if counted and few:
        yield f"{few} of {plural(len(counted), 'position')} rest on fewer than {FEW} articles and are drawn striped."
    undated = sum("date" not in article for article in told["articles"])
    if undated:
        yield f"{plural(undated, 'article')} without a date: not in the timelines."
    outlets = {article.get("outlet") for article in told["articles"]}
    if len(outlets) == 1 and None not in outlets:
        yield f"All articles are from one outlet ({outlets.pop()}): this is how it tells the story."
    varying = [target["id"] for target in told["targets"] if target.get("varies")]
    if varying:
        yield f"Each statement has its own object under {', '.join(varying)}: speakers cannot be compared on it."
