"""What a comparison of coders leaves in a folder: the tables, the disagreements to decide on, and gold."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from stance.annotate import adjudicate
from stance.annotate.agree import Agreement
from stance.annotate.dispute_page import dispute_page
from stance.annotate.exchange import write_rows
from stance.annotate.findings import Findings, Source
from stance.config import Topics
from stance.errors import InputError
from stance.report.markdown import markdown
from stance.report.page import Page

DISPUTES = "disagreements.csv"
GOLD = "gold.jsonl"


def write_agreement(
    found: Agreement,
    tables: Page,
    out: Path,
    topics: Topics,
    gold: Literal["majority", "adjudicated"] | None = None,
    decisions: Path | None = None,
) -> list[str]:
    """Write agreement.md, disagreements.csv and .html, and gold.jsonl if asked; say what was written.

    Decisions that the folder's list already holds stay in it.

    Args:
        found: the comparison.
        tables: its `agree.page`.
        out: a folder, which is made.
        topics: of the targets that the coders name.
        gold: by what it is made; none where it is None.
        decisions: a list with decisions in place of the folder's own.

    Raises:
        InputError: a decision cannot be read or no longer fits, something is still open, the folder cannot be written.
    """
    coders, articles = found.shared.coders, [next(doc.article for doc in c if doc) for c in found.shared.articles]
    source = Source((), {}, Findings())
    file = decisions or (out / DISPUTES if (out / DISPUTES).exists() else None)
    told = adjudicate.read_decisions(file, found.cases, coders, source.findings) if file else {}
    if gold == "majority" and len(coders) < 3:
        raise InputError("Two coders have no majority. Decide on their differences: --gold adjudicated.")
    merged = adjudicate.gold(articles, found.cases, coders, told if gold != "majority" else {}, source)
    source.findings.raise_faults()
    rows = adjudicate.rows(found.cases, coders, told)
    meanings = {target.id: target.proposition for target in topics.targets}
    files = {
        "agreement.md": markdown(tables).encode(),
        DISPUTES: adjudicate.as_csv(rows, coders),
        "disagreements.html": dispute_page(found.cases, coders, told, meanings).encode(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise InputError(f"Cannot write to {out}: {error.strerror}. Give another folder with -o.") from error
    written = [f"{len(rows):,} disagreements in {out / DISPUTES}, {len(told):,} of them decided"]
    if gold:
        if gold == "adjudicated":
            adjudicate.refuse_open(merged, out / DISPUTES)
        write_rows(merged.docs, out / GOLD)
        statements = sum(len(doc.statements) for doc in merged.docs)
        written.append(f"{len(merged.docs):,} articles with {statements:,} statements, {gold}, in {out / GOLD}")
        if merged.open:
            left = "points without a majority are left out, or stay as the first coder has them"
            written.append(f"{len(merged.open):,} {left}")
    return written
