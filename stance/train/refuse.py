"""Refuses to train on what is evaluated on: the same texts, and texts that nearly are.

Texts are compared as a whole, paragraph by paragraph and sentence by sentence, so that neither a sentence taken out of
an evaluation article nor such an article pasted into another one goes unseen.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stance
from stance.errors import InputError

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

log = logging.getLogger(__name__)

SHINGLE = 3
"""Words in a row that are compared."""
ALIKE = 0.5
"""Jaccard index of two texts' shingles from which they are nearly the same: every sixth word may differ."""
LEAST = 8
"""Words that a text must have: "He declined to comment" is nobody's."""
HASHES = 128
NAMED = 5
"""Refused texts that a message names."""
Row = Mapping[str, Any]
Cut = Callable[[str], Iterator[str]]
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+")


def parts(text: str) -> Iterator[str]:
    """The text, its paragraphs, and their sentences."""
    yield text
    paragraphs = [p for p in text.split("\n") if p.strip()]
    if len(paragraphs) > 1:
        yield from paragraphs
    for paragraph in paragraphs:
        sentences = _SENTENCE.split(paragraph)
        if len(sentences) > 1:
            yield from sentences


def whole(text: str) -> Iterator[str]:
    """The text alone."""
    yield text


class Guard:
    """Knows the texts of evaluation sets.

    Near duplicates are found by MinHash (Broder 1997) and confirmed by their exact Jaccard index.

    Args:
        texts: (name, text) of what must not be trained on.
    """

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        from datasketch import MinHashLSH

        self._shingles: list[frozenset[str]] = []
        self._names: list[str] = []
        self._known: set[str] = set()
        self._index: MinHashLSH = MinHashLSH(threshold=ALIKE * 0.9, num_perm=HASHES)
        for name, text in texts:
            for own in dict.fromkeys(filter(None, map(shingles, parts(text)))):
                self._index.insert(len(self._names), _hashed(own))
                self._shingles.append(own)
                self._names.append(name)
                self._known |= own

    @classmethod
    def of(cls, files: Iterable[Path]) -> Guard:
        """A guard over files of rows with a "text", and what is said in it as "content" if it stands apart.

        A file that is not there guards nothing.
        """
        return cls(
            (f"{path.name} {_name(row, number)}", row[key])
            for path in dict.fromkeys(files)
            if path.is_file()
            for number, row in _rows(path)
            for key in ("text", "content")
            if isinstance(row.get(key), str)
        )

    def like(self, text: str, cut: Cut = parts) -> str | None:
        """The name of an evaluation text that a part of this one is the same as, or nearly; None if none is."""
        for part in cut(text):
            own = shingles(part)
            if not own or 2 * len(own & self._known) < len(own) * ALIKE:  # too little in common with all of them
                continue
            for number in sorted(self._index.query(_hashed(own))):
                other = self._shingles[number]
                if _jaccard(own, other) >= ALIKE:
                    return self._names[int(number)]
        return None

    def check(self, rows: Iterable[Row], source: str, cut: Cut = parts) -> None:
        """Let rows pass, or say which must not be trained on.

        Args:
            rows: {"text" (or "content"), "id"?}, as training data have them.
            source: where they come from, for the message.
            cut: what of a text is looked at: `parts`, or `whole`.

        Raises:
            InputError: one of them is, or nearly is, an evaluation text or holds a part of one.
        """
        found = list(self._found(rows, cut))
        if found:
            raise InputError(
                f"{source} holds texts that models are evaluated on, or nearly the same: {_told(found)}. Scores would "
                "mean nothing. Take them out of it."
            )

    def without(self, rows: Sequence[Row], source: str) -> list[Row]:
        """The rows whose text as a whole is not, and not nearly, an evaluation text or a part of one.

        For data that come with their own evaluation part, which public sets repeat; what is left out is logged.
        """
        found = dict(self._found(rows, whole))
        if found:
            log.warning("%s: left out, for models are scored on them: %s", source, _told(list(found.items())))
        return [row for number, row in enumerate(rows, 1) if _name(row, number) not in found]

    def _found(self, rows: Iterable[Row], cut: Cut) -> Iterator[tuple[str, str]]:
        """(name of a row, what it is like) of each row that is like an evaluation text."""
        for number, row in enumerate(rows, 1):
            if (like := self.like(row.get("text") or row.get("content") or "", cut)) is not None:
                yield _name(row, number), like


def alike(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Places of texts that are the same as a whole, or nearly: each with the first one before it that it is like."""
    from datasketch import MinHashLSH

    index, seen, found = MinHashLSH(threshold=ALIKE * 0.9, num_perm=HASHES), [shingles(text) for text in texts], []
    for place, own in enumerate(seen):
        if not own:
            continue
        hashed = _hashed(own)
        near = (other for other in sorted(index.query(hashed)) if _jaccard(own, seen[other]) >= ALIKE)
        if (first := next(near, None)) is not None:
            found.append((first, place))
        index.insert(place, hashed)
    return found


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)


def _name(row: Row, number: int) -> str:
    return str(row.get("id") or f"row {number}")


def _told(found: Sequence[tuple[str, str]]) -> str:
    shown = ", ".join(f"{name!r} (like {like!r})" for name, like in found[:NAMED])
    return f"{len(found)} texts: {shown}" + (" and others" if len(found) > NAMED else "")


def refuse_evaluated(files: Sequence[Path], apart: Sequence[Path] = ()) -> None:
    """Raise InputError where files of articles to train on hold one that is evaluated on.

    Args:
        files: rows with a "text".
        apart: files that models are calibrated and scored on; of these, articles that are the same as a whole.
    """
    gold, own = Guard.of(evaluation_files()), Guard.of(apart)
    for path in files:
        rows = [row for _, row in _rows(path)]
        gold.check(rows, path.name)
        own.check(rows, path.name, whole)


def evaluation_files() -> list[Path]:
    """The project's own evaluation articles and minimal pairs; none where the package was installed without them."""
    folder = Path(stance.__file__).resolve().parents[1] / "eval"
    return [folder / "gold" / "articles.jsonl", folder / "contrast" / "pairs.jsonl"]


def shingles(text: str) -> frozenset[str]:
    """Each three words in a row, lower case; nothing of a text that is too short to be anybody's."""
    words = _WORD.findall(text.lower())
    if len(words) < LEAST:
        return frozenset()
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def _hashed(own: Iterable[str]) -> MinHash:
    from datasketch import MinHash

    made = MinHash(num_perm=HASHES, seed=1)
    made.update_batch([shingle.encode() for shingle in own])
    return made


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and isinstance((row := json.loads(line)).get("text"), str):
                yield number, row
