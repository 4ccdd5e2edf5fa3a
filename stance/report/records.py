"""A report as JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from stance.report.evidence import Evidence
from stance.report.positions import Position, Positions, SpeakerPositions


def as_json(data: Positions, top: int, quotes: int) -> str:
    """One object: the run, and its speakers with their positions and the statements behind them.

    Args:
        data: the positions.
        top: speakers taken at the most.
        quotes: statements given for each position at the most.
    """
    shown: Sequence[SpeakerPositions] = [*data.speakers[:top], *([data.unknown] if data.unknown.statements else [])]
    run = {key: data.info.get(key) for key in ("version", "hash", "counts", "problems")}
    speakers = [_speaker(data, speaker, quotes) for speaker in shown]
    return json.dumps({"run": run, "speakers": speakers}, ensure_ascii=False, indent=2) + "\n"


def _speaker(data: Positions, speaker: SpeakerPositions, quotes: int) -> dict[str, Any]:
    return {
        "id": speaker.id,
        "name": speaker.name,
        "about": speaker.about,
        "statements": speaker.statements,
        "articles": len(speaker.article_ids),
        "positions": [_position(data, position, quotes) for position in speaker.positions.values()],
    }


def _position(data: Positions, position: Position, quotes: int) -> dict[str, Any]:
    return {
        "topic": position.topic,
        "target": position.target,
        "proposition": data.proposition(position.target),
        "counts": position.counts,
        "articles": position.articles,
        "mean": position.mean,
        "interval": position.interval,
        "few": position.few,
        "statements": [_statement(evidence) for evidence in position.evidence[:quotes]],
    }


def _statement(evidence: Evidence) -> dict[str, Any]:
    return {
        "article_id": evidence.article_id,
        "statement_id": evidence.statement_id,
        "date": evidence.date,
        "outlet": evidence.outlet,
        "title": evidence.title,
        "cue": evidence.cue,
        "text": evidence.quote,
        "content": evidence.content,
        "label": evidence.label,
        "confidence": evidence.confidence,
        "abstained": evidence.abstained,
    }
