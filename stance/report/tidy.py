"""A report as plain rows with one fact a column, for spreadsheets and other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stance.report.agreement import Pair, among
from stance.report.change import contradictions, series, shifts
from stance.report.compare import Comparison
from stance.report.evidence import Evidence
from stance.report.positions import Position, Positions, SpeakerPositions

Row = dict[str, str | int | float | bool | None]


def tables(data: Positions) -> dict[str, list[Row]]:
    """All tables of a report, by name; the rows of each have the same keys."""
    return {
        "positions": list(position_rows(data)),
        "speakers": [_speaker(row) for row in _rows(data)],
        "targets": [
            {"target": p.target, "topic": p.topic, "proposition": data.proposition(p.target), **numbers(p)}
            for p in data.total.positions.values()
            if p.target
        ],
        **change_tables(data),
        **agreement_tables(data),
        "evidence": list(evidence_rows(data)),
    }


def change_tables(data: Positions) -> dict[str, list[Row]]:
    """Positions by period, shifts, contradictions."""
    return {
        "change": list(_change(data)),
        "shifts": [
            {
                **_who(shift.speaker, shift.position),
                "day": shift.day,
                "mean_before": shift.before.mean,
                "mean_after": shift.after.mean,
                "statements_before": len(shift.before.evidence),
                "statements_after": len(shift.after.evidence),
                "p": shift.p,
                "q": shift.q,
            }
            for shift in shifts(data)[0]
        ],
        "contradictions": [
            {
                **_who(c.speaker, c.position),
                "statements_favor": c.counts[0],
                "statements_against": c.counts[1],
                **{f"favor_{key}": value for key, value in _quote(c.favor).items()},
                **{f"against_{key}": value for key, value in _quote(c.against).items()},
            }
            for c in contradictions(data)
        ],
    }


def agreement_tables(data: Positions) -> dict[str, list[Row]]:
    """Pairs of speakers, and members of coalitions."""
    found, groups = among(data)
    return {
        "agreement": [_pair(pair) for pair in found],
        "coalitions": [
            {"coalition": number, "id": member.id, "name": member.name, "affiliation": member.affiliation}
            for number, group in enumerate(groups, 1)
            for member in group.members
        ],
    }


def position_rows(data: Positions) -> Iterator[Row]:
    """One row for each speaker and target; mere topics have no position and are left to the evidence."""
    for row in _rows(data):
        for position in row.positions.values():
            if position.target:
                yield {
                    **_speaker(row, counted=False),
                    "topic": position.topic,
                    "target": position.target,
                    "proposition": data.proposition(position.target),
                    **numbers(position),
                }


def evidence_rows(data: Positions) -> Iterator[Row]:
    """One row for each speaker, statement and target (or mere topic)."""
    for row in _rows(data):
        for own in row.evidence:
            favor, against, neutral = own.probs
            yield {
                "id": row.id,
                "name": row.name,
                "topic": own.topic,
                "target": own.target,
                "counts_as": own.state,
                "label": own.label,
                "confidence": own.confidence,
                "p_favor": favor,
                "p_against": against,
                "p_neutral": neutral,
                "kind": own.kind,
                **_quote(own),
                "outlets": "; ".join(own.outlets),
                "copies": len(own.copies),
                "title": own.title,
                "source": own.source,
                "cue": own.cue,
                "speakers": "; ".join(speaker.name for speaker in own.speakers),
                "resolved_by": "; ".join(speaker.how for speaker in own.speakers),
                "article_id": own.article_id,
                "content": ",".join(f"{start}-{end}" for start, end in own.content),
            }


def contrast_rows(found: Comparison) -> Iterator[Row]:
    """One row for each target that either side spoke of."""
    for contrast in found.contrasts:
        gap, low, high = contrast.gap or (None, None, None)
        sides = {
            f"{key}_{n}": value
            for n, position in enumerate((contrast.one, contrast.other), 1)
            for key, value in numbers(position or Position(contrast.topic, contrast.target)).items()
        }
        names = {"side_1": found.names[0], "side_2": found.names[1], "topic": contrast.topic, "target": contrast.target}
        yield {**names, **sides, "difference": gap, "difference_low": low, "difference_high": high}


def voice_rows(found: Comparison) -> Iterator[Row]:
    """One row for each speaker on either side, without a topic, and one for each topic: numbers of statements."""
    for voice in found.voices:
        for topic, one, other in ((None, voice.one, voice.other), *voice.topics):
            yield {
                "side_1": found.names[0],
                "side_2": found.names[1],
                "name": voice.name,
                "topic": topic,
                "statements_1": one,
                "statements_2": other,
            }


def numbers(position: Position) -> Row:
    """What is counted and estimated for a position."""
    low, high = position.interval or (None, None)
    dates = [e.date for e in position.evidence if e.date]
    return {
        **position.counts,
        "statements": len(position.evidence),
        "joint": sum(e.joint for e in position.evidence),
        "copies": sum(len(e.copies) for e in position.evidence),
        "articles": position.articles,
        "mean": position.mean,
        "shrunken": position.shrunken,
        "low": low,
        "high": high,
        "few": position.few,
        "first": min(dates, default=None),
        "last": max(dates, default=None),
    }


def _rows(data: Positions) -> list[SpeakerPositions]:
    return [*data.speakers, *([data.unknown] if data.unknown.said else [])]


def _speaker(row: SpeakerPositions, counted: bool = True) -> Row:
    known: Row = {"id": row.id, "name": row.name, "kind": row.kind, "role": row.role, "affiliation": row.affiliation}
    return known | ({"statements": row.statements, "articles": len(row.article_ids)} if counted else {})


def _who(row: SpeakerPositions, position: Position) -> Row:
    return {"id": row.id, "name": row.name, "target": position.target}


def _quote(own: Evidence) -> Row:
    return {"date": own.date, "outlet": own.outlet, "statement_id": own.statement_id, "quote": own.quote}


def _change(data: Positions) -> Iterator[Row]:
    for row in data.speakers:
        for position in row.positions.values():
            if position.target and len(points := series(position)) > 1:
                for point in points:
                    yield {**_who(row, position), "period": point.period, **numbers(point.position)}


def _pair(pair: Pair) -> Row:
    return {
        "id": pair.one.id,
        "name": pair.one.name,
        "other_id": pair.other.id,
        "other_name": pair.other.name,
        "agreement": pair.agreement,
        "expected": pair.expected,
        "p": pair.p,
        "q": pair.q,
        "targets": len(pair.targets),
        "statements": pair.statements,
        "joint": pair.together,
        "shared_targets": "; ".join(pair.targets),
    }


def about(data: Positions) -> dict[str, Any]:
    """What a report was made from, so that it can be made again."""
    run = {key: data.info.get(key) for key in ("version", "hash", "counts", "problems")}
    filters = {key: value for key, value in vars(data.filters).items() if value and key != "days"}
    return {"run": run, "by": data.by, "filters": filters, "undated": data.undated}
