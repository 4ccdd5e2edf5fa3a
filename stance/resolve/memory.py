"""Who has spoken so far in an article, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stance.resolve.registry import plain
from stance.types import Speaker

_STOP = re.compile(r"\b(?:of|for|from|in|at|with|on|who|which|that|close|familiar|briefed|involved)\b|,")


@dataclass(frozen=True, slots=True)
class Past:
    """A source resolved earlier: where it stood, what was written, whom it meant."""

    at: int
    written: str
    speakers: tuple[Speaker, ...]
    nested: bool = False
    """Whether it stood inside what somebody else said."""


@dataclass
class Memory:
    past: list[Past] = field(default_factory=list)

    def add(self, at: int, written: str, speakers: tuple[Speaker, ...], nested: bool = False) -> None:
        if speakers:
            self.past.append(Past(at, written, speakers, nested))

    @property
    def last(self) -> Past | None:
        return self.past[-1] if self.past else None

    def back(self) -> Iterator[Past]:
        return reversed(self.past)

    def outer(self, nested: bool) -> list[Past]:
        """The sources that a pronoun may take up, the last first: those of the article's voice before those of others'.

        A pronoun that itself stands inside what somebody said (`nested`) takes up the last of all.
        """
        return sorted(self.back(), key=lambda past: past.nested and not nested)

    def find(self, test: Callable[[Speaker], bool]) -> Speaker | None:
        """The speaker nearest before that passes a test."""
        for past in self.back():
            for speaker in past.speakers:
                if test(speaker):
                    return speaker
        return None

    def joint(self, test: Callable[[Speaker], bool], size: int = 0) -> tuple[Speaker, ...]:
        """The joint source nearest before whose members all pass; `size` 0 takes any number from two."""
        for past in self.back():
            if len(past.speakers) > 1 and all(map(test, past.speakers)) and (not size or len(past.speakers) == size):
                return past.speakers
        return ()


def head_noun(name: str) -> str:
    """The last word of a phrase before its additions: "a senior official with the ministry" → "official"."""
    words = _STOP.split(plain(name))[0].split()
    return words[-1] if words else ""
