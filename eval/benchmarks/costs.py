"""Writes what millions of articles cost into docs/scale.md, from what `stance bench` measured.

Measure with nothing else running, on a graphics card too where there is one, and then run this file:

    stance bench ARTICLES --articles 200 --repeats 5 --json eval/results/bench.json
    stance bench ARTICLES --articles 5000 --device cuda --json eval/results/bench.gpu.json
    python eval/benchmarks/costs.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "scale.md"
MEASURED = ROOT / "eval" / "results"

ARTICLES = (10_000_000, 100_000_000)
CORES = (2, 64, 1_000)
CARDS = (1, 8)
CORE_HOUR, CARD_HOUR = 0.04, 2.50
"""Dollars; examples of what clouds ask."""


def main() -> None:
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def filled(page: str) -> str:
    """The page with the tables that follow from the measurements."""
    card = MEASURED / "bench.gpu.json"
    tables = {
        "processors": on_processors(json.loads((MEASURED / "bench.json").read_text(encoding="utf-8"))),
        "cards": on_cards(json.loads(card.read_text(encoding="utf-8"))) if card.exists() else "Not measured yet.",
    }
    for name, table in tables.items():
        start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, after = page.split(start)[0], page.split(end)[1]
        page = f"{before}{start}{table}{end}{after}"
    return page


def on_processors(bench: dict[str, Any]) -> str:
    seconds = bench["process"]["core_seconds_per_article"]
    return f"{machine(bench)}: {seconds:.2f} core seconds an article.\n\n" + costs("core", seconds, CORES, CORE_HOUR)


def on_cards(bench: dict[str, Any]) -> str:
    rate, workers = bench["engine"]["articles_per_second"], bench["engine"]["workers"]
    speed = f"{rate:.1f} articles a second with {workers} worker{'s' * (workers > 1)}"
    return f"{machine(bench)}: {speed}.\n\n" + costs("card", 1 / rate, CARDS, CARD_HOUR)


def machine(bench: dict[str, Any]) -> str:
    own, encoder = bench["machine"], bench["encoder"]
    card = f", {own['gpu']}" if encoder["device"].startswith("cuda") else ""
    busy = f", while other work was running (load {own['load']})" if (own["load"] or 0) > own["cores"] else ""
    return (
        f"Measured on {own['processor']}, {own['cores']} cores{card}, {encoder['precision']}, with "
        f"{bench['articles']:,} articles of {bench['words'] / bench['articles']:.0f} words on average{busy}"
    )


def costs(unit: str, seconds: float, numbers: tuple[int, ...], price: float) -> str:
    """A table: articles, hours of one unit, how long so many units take, and what that costs."""
    many = [f"on {number:,} {unit}{'s' * (number > 1)}" for number in numbers]
    rows = [["articles", f"{unit} hours", *many, f"at ${price:.2f} a {unit} hour"]]
    rows.append(["---"] * len(rows[0]))
    for articles in ARTICLES:
        hours = articles * seconds / 3600
        lasting = [f"{hours / n:,.1f} hours" if hours / n < 48 else f"{hours / n / 24:,.0f} days" for n in numbers]
        rows.append([f"{articles:,}", f"{hours:,.0f}", *lasting, f"${hours * price:,.0f}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
