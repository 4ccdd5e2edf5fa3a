"""What a summary is made of: sentences, each with the statements it rests on and what it claims of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """These statements carry this label for this speaker and target.

    >>> Claim("mara-venn", "more-trees", "favor", ("a:1", "b:1")).count
    2
    """

    speaker: str
    """Id; "" for whoever speaks."""
    target: str
    """Id; "" for any target."""
    label: str
    """favor, against, neutral, unsure; "" for any label."""
    evidence: tuple[str, ...]
    """Statement ids."""
    whole: bool = True
    """Whether they are all; else there may be others with this label."""

    @property
    def count(self) -> int:
        return len(self.evidence)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a statement."""

    statement_id: str
    text: str
    """As they stand there, line breaks as spaces; without the ellipsis that the sentence adds where they are cut."""
    cue: bool = False
    """Whether they are the cue, not the content."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a summary."""

    text: str
    claims: tuple[Claim, ...] = ()
    quotes: tuple[Quote, ...] = ()
    about: str = ""
    """The target's id where the sentence is about one: a paragraph each."""
    by_model: bool = False
    """Whether a language model wrote it."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """All statement ids it rests on, each once."""
        ids = [*(q.statement_id for q in self.quotes), *(i for claim in self.claims for i in claim.evidence)]
        return tuple(dict.fromkeys(ids))


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence of a language model that its evidence does not support."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences in reading order."""

    sentences: tuple[Sentence, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    """What a language model wrote without support."""

    @property
    def text(self) -> str:
        return "\n\n".join(" ".join(s.text for s in paragraph) for paragraph in self.paragraphs)

    @property
    def paragraphs(self) -> tuple[tuple[Sentence, ...], ...]:
        """Neighbours about the same target stand together."""
        made: list[list[Sentence]] = []
        for sentence in self.sentences:
            if made and made[-1][-1].about == sentence.about:
                made[-1].append(sentence)
            else:
                made.append([sentence])
        return tuple(tuple(paragraph) for paragraph in made)
