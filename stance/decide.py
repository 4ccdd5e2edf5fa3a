"""People's decisions about the speakers of a finished run, kept in a file and carried out in its tables.

Tools outside read statements.jsonl, so decisions stand there and not in the reports alone: the table is written anew
from the speakers that resolved.jsonl keeps. No model is needed.
"""

from __future__ import annotations

from pathlib import Path

from stance.speakers import Decision, Settled, append, load
from stance.store import Counts, decisions_file, read_info, read_resolved, write_info
from stance.tables import Table


def settle(run: str | Path, file: str | Path | None = None) -> Counts:
    """Write a finished run's statements with the speakers as decided.

    Args:
        run: its folder.
        file: the decisions that the run goes by from now on; by default those it went by until now.

    Raises:
        InputError: no finished run.
        ConfigError: the decisions are wrong.
    """
    run, counts = Path(run), Counts()
    info = read_info(run)
    if file is not None:
        info["decisions"] = str(Path(file).absolute())
    settled = Settled((row for _, rows in read_resolved(run) for row in rows), load(file or decisions_file(run)))
    with Table(run, "statements") as table:
        for _, resolved in read_resolved(run):
            rows = [settled.row(row) for row in resolved]
            for row in rows:
                table.add(row)
            counts.add(rows)
    write_info(run, {**info, "counts": counts.totals})
    return counts


def decide(run: str | Path, decision: Decision, file: str | Path | None = None) -> Path:
    """Keep a decision and carry it out.

    Returns:
        The file that it stands in.

    Raises:
        InputError: no finished run, or a file that cannot be written.
        ConfigError: the decision or the file is wrong.
    """
    kept = Path(file) if file is not None else decisions_file(run)
    append(kept, decision)
    settle(run, file)
    return kept
