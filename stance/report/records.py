"""A report as JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from stance.report.evidence import Evidence
from stance.report.positions import Position, Positions, SpeakerPositions
from stance.report.prose import Passage, prose_rows
from stance.report.tidy import about, tables


def as_json(data: Positions, summaries: Sequence[Passage] = ()) -> str:
    """One object: what the report is about, its rows with their positions and the statements behind them, and tables.

    The tables are those of `stance.report.tidy`.
    """
    rows = [*data.speakers, *([data.unknown] if data.unknown.said else [])]
    nested = {"positions", "speakers", "evidence"}
    more: dict[str, Any] = {name: table for name, table in tables(data).items() if name not in nested}
    if summaries:
        more["summaries"] = list(prose_rows(summaries))
    made = {**about(data), "speakers": [_speaker(data, row) for row in rows], **more}
    return as_lines(made)


def as_lines(made: Mapping[str, Any]) -> str:
    """One JSON object with each row of its tables on a line: quick to write, and easy to search and to compare."""
    parts = []
    for key, value in made.items():
        rows = [json.dumps(row, ensure_ascii=False) for row in value] if isinstance(value, list) else []
        text = "[\n" + ",\n".join(rows) + "\n]" if rows else json.dumps(value, ensure_ascii=False)
        parts.append(f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _speaker(data: Positions, row: SpeakerPositions) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "role": row.role,
        "affiliation": row.affiliation,
        "statements": row.statements,
        "articles": len(row.article_ids),
        "positions": [_position(data, position) for position in row.positions.values()],
    }


def _position(data: Positions, position: Position) -> dict[str, Any]:
    return {
        "topic": position.topic,
        "target": position.target,
        "proposition": data.proposition(position.target),
        "counts": position.counts,
        "articles": position.articles,
        "mean": position.mean,
        "shrunken": position.shrunken,
        "interval": position.interval,
        "few": position.few,
        "statements": [_statement(own) for own in position.evidence],
    }


def _statement(own: Evidence) -> dict[str, Any]:
    return {
        "article_id": own.article_id,
        "statement_id": own.statement_id,
        "date": own.date,
        "outlet": own.outlet,
        "title": own.title,
        "kind": own.kind,
        "source": own.source,
        "cue": own.cue,
        "text": own.quote,
        "content": own.content,
        "label": own.label,
        "probs": own.probs,
        "confidence": own.confidence,
        "abstained": own.abstained,
        "speakers": [speaker.id for speaker in own.speakers],
        "copies": [asdict(copy) for copy in own.copies],
    }
