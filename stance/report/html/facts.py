"""What the page says about the run as a whole: what was read, with what, and what to beware of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from stance.report.blocks import NOUNS, counted, plural
from stance.report.estimate import FEW
from stance.report.positions import Positions
from stance.report.wording import day

MANY_UNSURE = 0.3
"""Share of unsure labels from which on the reader is warned."""

OUTLETS = 3
"""Outlets named at the most."""


def facts(data: Positions, told: Mapping[str, Any]) -> dict[str, Any]:
    """Headline, what was read, versions and warnings.

    Args:
        data: the positions.
        told: what the page holds of them, as `payload` gives it.
    """
    one, many = NOUNS[data.by]
    return {
        "headline": f"Positions of {counted(data, len(data.speakers))}",
        "row": one,
        "rows": many,
        "read": " ".join(_read(data)),
        "few": FEW,
        "versions": _versions(data.info),
        "warnings": list(_warnings(data, told)),
    }


def _read(data: Positions) -> Iterator[str]:
    """Sentences on the input and on what was kept of it."""
    articles = [data.articles[article_id] for article_id in data.total.article_ids]
    days = sorted({article.date for article in articles if article.date})
    dated = f", dated {day(days[0])}" + (f" to {day(days[-1])}" if len(days) > 1 else "") if days else ""
    where = f"{len(articles):,} of {len(data.articles):,} articles" if len(articles) < len(data.articles) else ""
    yield f"{plural(data.total.statements, 'statement')} in {where or plural(len(articles), 'article')}{dated}."
    outlets = Counter(article.outlet for article in articles if article.outlet)
    if outlets:
        named = sorted(outlets.items(), key=lambda item: (-item[1], item[0]))[:OUTLETS]
        told = ", ".join(f"{name} ({number:,})" for name, number in named)
        more = f" and {len(outlets) - OUTLETS} more" if len(outlets) > OUTLETS else ""
        yield f"{'Outlet' if len(outlets) == 1 else 'Outlets'}: {told}{more}."
    if data.copies:
        yield f"{plural(data.copies, 'repetition')} in other articles not counted."
    if asked := data.filters.described:
        yield f"Only {asked}."
    positions = [p for row in (*data.speakers, data.unknown) for p in row.positions.values() if p.target]
    stances = {(e.statement_id, e.target, e.abstained) for p in positions for e in p.evidence}
    unsure = sum(abstained for *_, abstained in stances)
    yield f"{plural(len(stances), 'stance')} toward a target, {unsure:,} of them unsure."


def _versions(info: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and the beginnings of the hashes of everything that decides the results."""
    models = [(f"{name} model", entry["sha256"]) for name, entry in info.get("models", {}).items()]
    rest = [("topics", info.get("topics", {}).get("hash")), ("settings", info.get("hash"))]
    return [("stance", info.get("version", "")), *((name, value[:12]) for name, value in [*models, *rest] if value)]


def _warnings(data: Positions, told: Mapping[str, Any]) -> Iterator[str]:
    """What a reader should know before trusting a number, one sentence or two each."""
    yield from _left_out(data, told)
    counted = [cell for cell in told["cells"] if "id" in told["targets"][cell["t"]]]
    total, unsure = (sum(sum(cell["counts"][i:]) for cell in counted) for i in (0, 3))
    if total and unsure / total >= MANY_UNSURE:
        yield f"The model was unsure of {unsure / total:.0%} of the stances; these are counted in no position."
    few = sum("few" in cell for cell in counted)
    if few:
        of = plural(len(counted), "position")
        yield f"{few:,} of {of} rest on fewer than {FEW} articles; their cells are outlined."
    outlets = {article.outlet for article in data.articles.values()}
    if len(outlets) == 1 and None not in outlets:
        yield f"All articles are from one outlet, {outlets.pop()}: this is how it tells the story."
    varying = [target["id"] for target in told["targets"] if target.get("varies")]
    if varying:
        yield f"Each statement has an object of its own under {', '.join(varying)}: do not compare speakers on it."


def _left_out(data: Positions, told: Mapping[str, Any]) -> Iterator[str]:
    """What was read but is not in the page."""
    if problems := data.info.get("problems"):
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(problems.items()))
        inputs = plural(sum(problems.values()), "input")
        yield f"{inputs} could not be read or labelled ({kinds}); the run's problems.jsonl says why."
    known = sum(not speaker.get("unknown") for speaker in told["speakers"])
    if known < len(data.speakers):
        kept = sum(speaker.statements for speaker in data.speakers[:known])
        of = sum(speaker.statements for speaker in data.speakers)
        yield (
            f"This page holds {known:,} of {len(data.speakers):,} {NOUNS[data.by][1]}, those with most statements: "
            f"{kept / of:.0%} of all statements."
        )
    if not told["whole"]:
        yield "Articles are cut to the passages around their statements; an ellipsis marks what was left out."
    undated = sum(article.date is None for article in data.articles.values())
    if undated:
        yield f"{plural(undated, 'article')} without a date: in the positions, but not in the timelines."
    if data.undated:
        yield f"{plural(data.undated, 'statement')} without a date left out, because a date was asked for."
