"""What the stance model reads of a statement, and how it becomes token ids.

One `View` a statement: who speaks, with which cue, what, and a little of what stood before. The same
code serves training and inference, so that both see the same sequences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.encoder import Tokens

if TYPE_CHECKING:
    from stance.types import Doc, Statement

CONTEXT_CHARACTERS = 280
"""How far back the context before a statement reaches at most. More than a sentence of it made nothing better."""

SENTENCE_END = re.compile(r"(?<=[.!?\"\u201d])\s+")

LIMITS = {"speaker": 20, "cue": 12, "content": 160, "title": 24, "context": 48, "target": 48}
"""Word pieces kept of each part. Content keeps its beginning and its end, context its end, the rest its beginning."""

CONTENT_TAIL = 40

ENOUGH = 28
"""Pieces of content from which on no context is read: what says so much needs little else, and time goes by length."""


@dataclass(frozen=True, slots=True)
class View:
    """A statement as the model sees it.

    >>> View("the talks were useful", speaker="Mara Venn (Norway)", cue="said").content
    'the talks were useful'
    """

    content: str
    speaker: str = ""
    cue: str = ""
    title: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """A view in word pieces, one list a part, already cut to `LIMITS`."""

    content: list[int]
    speaker: list[int]
    cue: list[int]
    title: list[int]
    context: list[int]


def view_of(doc: Doc, statement: Statement) -> View:
    """The view of one statement of an article; the speaker as resolved, else as written."""
    text = doc.article.text
    source = statement.source.text(text) if statement.source else ""
    names = " and ".join(
        speaker_name(speaker.name, speaker.affiliation) for speaker in statement.speakers if speaker.name
    )
    return View(
        content=statement.content_text(text),
        speaker=names or source,
        cue=statement.cue.text(text) if statement.cue else "",
        title=doc.article.title or "",
        context=context_before(text, statement.extent.start),
    )


def speaker_name(name: str, affiliation: str) -> str:
    """The speaker in one string: the name, and in brackets whom they speak for where that says more.

    >>> speaker_name("Mara Venn", "Norway")
    'Mara Venn (Norway)'
    """
    return f"{name} ({affiliation})" if affiliation and affiliation != name else name


def context_before(text: str, start: int) -> str:
    """What leads up to a statement: the sentence before it, or what its own begins with; at most `CONTEXT_CHARACTERS`.

    >>> context_before("The talks failed. On Monday, he left. It was a pity, she said.", 38)
    'On Monday, he left.'
    """
    begin = max(0, start - CONTEXT_CHARACTERS)
    *before, last = SENTENCE_END.split(text[begin:start].strip())
    return last.partition(" ")[2] if begin and not before else last


class Composer:
    """Turns views and target texts into sequences for one tokenizer.

    A statement is `[CLS] speaker : cue : content [SEP] title context [SEP]`; a pair puts the target's text
    between the two: `[CLS] speaker : cue : content [SEP] target [SEP] title context [SEP]`.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.cls = tokenizer.cls_token_id
        self.sep = tokenizer.sep_token_id
        self.colon = tokenizer.encode(":", add_special_tokens=False)

    def parts(self, views: Sequence[View]) -> list[Parts]:
        """The word pieces of every view, in order."""
        columns = {
            name: self._pieces([getattr(view, name) for view in views])
            for name in ("content", "speaker", "cue", "title", "context")
        }
        return [
            Parts(
                content=_ends(columns["content"][i], LIMITS["content"]),
                speaker=columns["speaker"][i][: LIMITS["speaker"]],
                cue=columns["cue"][i][: LIMITS["cue"]],
                title=columns["title"][i][: LIMITS["title"]],
                context=columns["context"][i][-LIMITS["context"] :] if len(columns["content"][i]) < ENOUGH else [],
            )
            for i in range(len(views))
        ]

    def target(self, text: str) -> list[int]:
        """The word pieces of a target's text."""
        return self._pieces([text])[0][: LIMITS["target"]]

    def statement(self, parts: Parts) -> Tokens:
        return self._join(self._said(parts), parts.title + parts.context)

    def pair(self, parts: Parts, target: list[int]) -> Tokens:
        return self._join(self._said(parts), target, parts.title + parts.context)

    def alone(self, target: list[int]) -> Tokens:
        """A target's text as a sequence of its own."""
        return self._join(target)

    def _said(self, parts: Parts) -> list[int]:
        lead = [piece for part in (parts.speaker, parts.cue) if part for piece in (*part, *self.colon)]
        return lead + parts.content

    def _join(self, *segments: list[int]) -> Tokens:
        ids, types = [self.cls], [0]
        for number, segment in enumerate(segments):
            if number and not segment:
                continue
            ids += [*segment, self.sep]
            types += [number % 2] * (len(segment) + 1)
        return Tokens(ids, types)

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        return self.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]


def _ends(pieces: list[int], limit: int) -> list[int]:
    return pieces if len(pieces) <= limit else pieces[: limit - CONTENT_TAIL] + pieces[-CONTENT_TAIL:]
