"""What the page's script reads: a run's positions, statements and articles as compact JSON values.

Speakers, targets, statements and articles are lists that refer to each other by index, so that nothing is told twice.
All offsets are characters of the article's text, as in the run's own files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stance.report.change import series
from stance.report.corpus import Said
from stance.report.evidence import Copy, Evidence
from stance.report.html.passages import Piece, extent, fits, held, passages
from stance.report.positions import Position, Positions, SpeakerPositions
from stance.types import LABELS

Values = dict[str, Any]

PERIODS = 3
"""Periods from which a position is drawn as a line."""

ALIASES = 6
"""Other names of a speaker that are given at the most."""


def payload(data: Positions, top: int) -> Values:
    """Lists named topics, targets, speakers, cells, statements and articles, and whether the texts are whole.

    Args:
        data: the positions.
        top: rows taken at the most, those with most statements; what belongs to no row is taken besides.
    """
    shown = [*data.speakers[:top], *([data.unknown] if data.unknown.statements else [])]
    targets = _targets(data, shown)
    numbers = {target["key"]: n for n, target in enumerate(targets)}
    texts = _Texts(data, shown)
    statements = _statements(texts, shown, numbers)
    place = {row["id"]: n for n, row in enumerate(statements)}
    return {
        "topics": [[topic["id"], topic["label"]] for topic in data.corpus.topics],
        "targets": targets,
        "speakers": [_speaker(own) | ({"unknown": True} if own is data.unknown else {}) for own in shown],
        "cells": [
            _cell(position, n, numbers[name], place)
            for n, own in enumerate(shown)
            for name, position in own.positions.items()
        ],
        "statements": statements,
        "articles": [_article(data, article_id, texts.pieces[article_id]) for article_id in texts.articles],
        "whole": texts.whole,
    }


def _targets(data: Positions, shown: Sequence[SpeakerPositions]) -> list[Values]:
    """What the shown rows speak of, with most statements first; a mere topic has no "id"."""
    order = {topic["id"]: n for n, topic in enumerate(data.corpus.topics)}
    found: dict[str, Position] = {}
    sizes: Counter[str] = Counter()
    for own in shown:
        for name, position in own.positions.items():
            found.setdefault(name, position)
            sizes[name] += len(position.evidence)
    rows = []
    for name in sorted(found, key=lambda name: (-sizes[name], name)):
        topic, target = found[name].topic, found[name].target
        row: Values = {"key": name, "topic": order[topic]}
        if target is not None:
            row |= {"id": target, "text": data.proposition(target)}
            row |= {"varies": True} if data.varies(target) else {}
        rows.append(row)
    return rows


def _speaker(own: SpeakerPositions) -> Values:
    return {
        "id": own.id,
        "name": own.name,
        "about": own.about,
        "side": own.affiliation,
        "statements": own.statements,
        "articles": len(own.article_ids),
        "aliases": [name for name, _ in own.names.most_common(ALIASES + 1) if name != own.name][:ALIASES],
    }


def position_values(position: Position) -> Values:
    """Counts, and the numbers made from them where there are any."""
    values: Values = {"counts": list(position.counts.values()), "articles": position.articles}
    if position.mean is not None and position.shrunken is not None and position.interval is not None:
        numbers = (position.mean, position.shrunken, *position.interval)
        values |= dict(zip(("mean", "drawn", "low", "high"), (round(x, 3) for x in numbers), strict=True))
    return values | ({"few": True} if position.few else {})


def _cell(position: Position, row: int, target: int, statements: Mapping[str, int]) -> Values:
    """A row's position on a target, with the numbers of its statements."""
    evidence = [statements[e.statement_id] for e in position.evidence]
    return {"s": row, "t": target, **position_values(position), **_periods(position), "e": evidence}


def _periods(position: Position) -> Values:
    """The position by month, quarter or year, where there are enough of them to see a line."""
    points = series(position) if position.target else []
    told = [{"period": point.period, **position_values(point.position)} for point in points]
    return {"periods": told} if len(told) >= PERIODS else {}


class _Texts:
    """The articles behind the shown rows, whole or in passages."""

    def __init__(self, data: Positions, shown: Iterable[SpeakerPositions]) -> None:
        self.wanted = {e.statement_id for own in shown for e in own.evidence}
        self.statements: dict[str, list[Said]] = {}
        for said in sorted((s for copies in data.corpus.statements for s in copies), key=extent):
            self.statements.setdefault(said.article_id, []).append(said)
        self.articles = [
            article_id
            for article_id in data.articles
            if any(said.statement_id in self.wanted for said in self.statements.get(article_id, ()))
        ]
        texts = data.corpus.texts(self.articles)
        self.whole = fits(texts.values())
        self.pieces = {article_id: self._pieces(article_id, texts[article_id]) for article_id in self.articles}

    def _pieces(self, article_id: str, text: str) -> tuple[int, list[Piece]]:
        """The text's length and its passages."""
        if self.whole:
            return len(text), [(0, text)]
        own = [extent(said) for said in self.statements[article_id] if said.statement_id in self.wanted]
        return len(text), passages(text, own)

    def told(self, article_id: str) -> Iterable[Said]:
        """The article's statements that stand in what is shown of it."""
        _, pieces = self.pieces[article_id]
        return (said for said in self.statements[article_id] if held(pieces, *extent(said)))


def _article(data: Positions, article_id: str, text: tuple[int, list[Piece]]) -> Values:
    info = data.articles[article_id]
    given = {name: value for name in ("title", "date", "outlet", "url") if (value := getattr(info, name))}
    return {"id": article_id, **given, "length": text[0], "text": text[1]}


def _statements(texts: _Texts, shown: Sequence[SpeakerPositions], targets: Mapping[str, int]) -> list[Values]:
    """Those of the shown rows, and the others of their articles, which have no stances here."""
    rows = {own.id: n for n, own in enumerate(shown)}
    stances: dict[str, dict[int, Evidence]] = {}
    for own in shown:
        for name, position in own.positions.items():
            for e in position.evidence:
                stances.setdefault(e.statement_id, {})[targets[name]] = e
    return [
        _statement(said, number, stances.get(said.statement_id, {}), rows)
        for number, article_id in enumerate(texts.articles)
        for said in texts.told(article_id)
    ]


def _statement(said: Said, article: int, stances: Mapping[int, Evidence], rows: Mapping[str, int]) -> Values:
    spans = {"cue": said.cue_span, "source": said.source_span}
    copies = next((e.copies for e in stances.values()), ())
    return {
        "id": said.statement_id,
        "article": article,
        "kind": said.kind,
        "content": said.content,
        **{name: span for name, span in spans.items() if span},
        "who": [[s.name, s.how, s.affiliation, rows.get(s.id, -1)] for s in said.speakers],
        "stances": [
            [t, LABELS.index(e.label), round(e.confidence, 2), int(e.abstained)] for t, e in sorted(stances.items())
        ],
        **({"copies": [_copy(copy) for copy in copies]} if copies else {}),
    }


def _copy(copy: Copy) -> list[str]:
    """Where it stands, and when."""
    return [copy.outlet or copy.article_id, copy.date or ""]
