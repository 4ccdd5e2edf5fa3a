"""Decided speakers as entries of a speakers file, so that the next run resolves them by it from the start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stance.speakers.listing import Listed, ranked

HEADER = """\
# Speakers that articles name in more than one way, with those that were decided on in a run. See configs/speakers.yaml
# for what the entries mean. Use it with: stance label ARTICLES -o RUN --speakers THIS_FILE
"""
_SECTION = {"person": "people", "organization": "organizations"}
_PLACE = {"person": "country", "organization": "affiliation"}


def as_registry(known: dict[str, Any], listed: Iterable[Listed]) -> str:
    """A speakers file: all that an older one says, with the decided persons and bodies of a run.

    Args:
        known: the content of the older file.
        listed: speakers of a run; those that nobody decided on are left out.
    """
    import yaml

    sections = {name: {entry["id"]: dict(entry) for entry in known.get(name) or ()} for name in _SECTION.values()}
    for own in listed:
        if own.decided and own.entry.kind in _SECTION:
            entries = sections[_SECTION[own.entry.kind]]
            key = own.id.partition("@")[0]
            entries[key] = {**entries.get(key, {}), **_entry(key, own, entries.get(key, {}).get("aliases") or [])}
    lines = [HEADER]
    if known.get("metonyms"):
        lines.append(yaml.safe_dump({"metonyms": known["metonyms"]}, allow_unicode=True, sort_keys=False))
    for name, entries in sections.items():
        lines.append(f"{name}:{'' if entries else ' []'}\n")
        for entry in entries.values():
            text = yaml.safe_dump(entry, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
            lines.append(f"  - {text}")
    return "".join(lines)


def _entry(key: str, own: Listed, aliases: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": key, "name": own.entry.name}
    if own.entry.affiliation:
        entry[_PLACE[own.entry.kind]] = own.entry.affiliation
    others = [name for name, _ in ranked(own.names) if " " in name and name != own.entry.name]
    if others or aliases:
        entry["aliases"] = list(dict.fromkeys([*aliases, *others]))
    if own.wikidata:
        entry["wikidata"] = own.wikidata
    return entry
