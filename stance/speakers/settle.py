"""From speakers as resolved in their articles to speakers of a run: joined across articles, then as people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from stance.resolve.speakers import slug
from stance.rows import Row
from stance.speakers.census import NAMED, UNKNOWN, Census, Entry, census, commonest
from stance.speakers.decisions import Decision, Decisions
from stance.speakers.join import join
from stance.types import SPEAKER_KINDS

Values = Mapping[str, Any]
"""A speaker as in a row of statements.jsonl."""

_SHOWN = ("name", "kind", "role", "affiliation")


class Settled:
    """The speakers of a run. What comes out for a statement depends on the set of all rows, not on their order.

    Args:
        rows: all statements, with their speakers as resolved within the articles.
        decisions: what people decided, in order.

    >>> settled = Settled(rows, load("speakers.decisions.yaml"))  # doctest: +SKIP
    >>> settled.row(rows[0])["speakers"]  # doctest: +SKIP
    """

    def __init__(self, rows: Iterable[Row], decisions: list[Decision] | None = None) -> None:
        self.resolved: Census = census(rows)
        self.decided = Decisions.of(decisions or [])
        joined = join(self.resolved, self.decided.apart, self.decided.subjects)
        self.joined = {one: to for one, to in joined.items() if one != to}
        self._whole: Census = {}
        for one, entry in self.resolved.items():
            self._whole.setdefault(self.joined.get(one, one), Entry()).take(entry)

    def row(self, row: Row) -> Row:
        """A statement with its final speakers."""
        return {**row, "speakers": self.speakers(row)}

    def speakers(self, row: Row) -> list[dict[str, Any]]:
        """The final speakers of a statement, each once."""
        found: dict[str, dict[str, Any]] = {}
        for speaker in row["speakers"]:
            own = self._speaker(speaker, row)
            found.setdefault(own["id"], own)
        if not found:
            to = self.follow(UNKNOWN, row)
            if to != UNKNOWN:
                blank = {"id": to, "name": to, "kind": "person", "role": "", "affiliation": ""}
                found[to] = {**blank, **self._values(to, {}), "id": to, "how": "decision", "score": 1.0}
        return list(found.values())

    def follow(self, speaker_id: str, row: Row | None = None) -> str:
        """The id that an id ends in by joining and decisions; with a row, in that statement."""
        at, seen = speaker_id, {speaker_id}
        places = (row["statement_id"], row["article_id"]) if row is not None else ()
        while True:
            moves = [self.decided.moved[place, at] for place in places if (place, at) in self.decided.moved]
            moves += [step[at] for step in (self.decided.merged, self.joined) if at in step]
            to = moves[0] if moves else None
            if to is None or to in seen:
                return at
            seen.add(to)
            at = to

    def _speaker(self, speaker: Values, row: Row) -> dict[str, Any]:
        own: str = speaker["id"]
        joined = self.joined.get(own, own)
        automatic = {**speaker, **self._common(joined), "id": joined}
        final = self.follow(own, row)
        decided = {**automatic, **self._values(final, automatic if final == joined else {}), "id": final}
        if final != joined and decided["kind"] == "country":  # a minister's title is none of the country's
            decided["role"] = self.decided.values.get(final, {}).get("role", "")
        changed = any(decided[key] != automatic[key] for key in ("id", *_SHOWN))
        return {**decided, "how": "decision", "score": 1.0} if changed else automatic

    def _values(self, speaker_id: str, automatic: Values) -> dict[str, Any]:
        """What a speaker is called: as decided, else as the articles say."""
        own = self.decided.values.get(speaker_id, {})
        common = {} if automatic else self._common(speaker_id, SPEAKER_KINDS)
        return {**common, **{key: own[key] for key in _SHOWN if key in own}}

    def _name(self, speaker_id: str) -> str:
        """The name that the id was made from, where an article has it, else the commonest."""
        names = self.resolved[speaker_id].names
        own = Counter({name: n for name, n in names.items() if slug(name) == speaker_id.partition("@")[0]})
        return commonest(own) or self.resolved[speaker_id].name

    def _common(self, speaker_id: str, kinds: Collection[str] = NAMED) -> dict[str, Any]:
        """Name, kind and affiliation that all articles together give a speaker of some kinds; a role is of its time."""
        entry = self._whole.get(speaker_id)
        if entry is None or entry.kind not in kinds:
            return {}
        common = {"name": self._name(speaker_id), "kind": entry.kind, "affiliation": entry.affiliation}
        return {key: value for key, value in common.items() if value}
