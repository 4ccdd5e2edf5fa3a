"""Given names frequent in world news, and the gender that a name tells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from stance.resolve.registry import plain


@cache
def given_names() -> dict[str, str]:
    """Given names frequent in world news with "f" or "m"."""
    lines = files("stance.resolve").joinpath("given_names.txt").read_text(encoding="utf-8").splitlines()
    return {plain(name): line[0] for line in lines if line[1:2] == ":" for name in line[2:].split()}


def given_name_gender(words: Sequence[str]) -> str:
    """The gender that a given name or a Slavic family name tells, "f" or "m"; "" where neither does."""
    if len(words) < 2:
        return ""
    for word in words[:2]:
        found = given_names().get(plain(word)) or given_names().get(plain(word).split("-")[0])
        if found:
            return found
    family = plain(words[-1])
    if family.endswith(("ova", "eva", "ina", "skaya", "skaia")) and len(family) > 5:
        return "f"
    return "m" if family.endswith(("ov", "ev", "sky", "skiy")) else ""
