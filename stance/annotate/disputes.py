"""What coders must decide about each statement, what each has said, and on what they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from stance.annotate.notation import about, joined, speaker_text
from stance.metrics import Alias, Coded, Group, aligned, exact_content, part, speaker_pairs
from stance.types import Article, Span, Speaker, Statement

YES, NO, NONE = "yes", "no", "none"
STATEMENT = "statement"
SPANS = ("content", "cue", "source")


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that coders decide about a statement."""

    about: str
    """statement (is it one?), content, cue, source, kind, speakers, or a target."""
    said: tuple[str | None, ...]
    """In words, by coder; None for one who was not asked: the article or statement is not among his or hers."""
    values: tuple[Any, ...]
    """The same as a statement has it."""
    camps: tuple[tuple[int, ...], ...]
    """Coders who say the same, the largest camp first."""

    @property
    def disputed(self) -> bool:
        return len(self.camps) > 1

    @property
    def majority(self) -> int | None:
        """A coder of the camp that more than half of those asked are in; None where there is none."""
        asked = sum(map(len, self.camps))
        return self.camps[0][0] if self.camps and 2 * len(self.camps[0]) > asked else None


@dataclass(frozen=True)
class Case:
    """A statement of an article with all decisions about it."""

    article: Article
    group: Group
    place: str
    """Where it stands, START-END of its contents, which names it within the article."""
    decisions: tuple[Decision, ...] = field(repr=False)

    @property
    def told(self) -> list[Statement]:
        return [s for s in self.group if s]

    @property
    def extent(self) -> Span:
        own = [s.extent for s in self.told]
        return Span(min(span.start for span in own), max(span.end for span in own))

    @property
    def disputed(self) -> list[Decision]:
        return [decision for decision in self.decisions if decision.disputed]


def cases(articles: Iterable[Coded], alias: Alias | None = None) -> list[Case]:
    """Every statement that any coder has, article by article, in the order of the text."""
    found = []
    for coded in articles:
        article = next(doc.article for doc in coded if doc)
        taken: Counter[str] = Counter()
        for group in aligned(coded):
            spans = [span for s in group if s for span in s.content]
            place = f"{min(spans).start}-{max(span.end for span in spans)}"
            taken[place] += 1
            own = place if taken[place] == 1 else f"{place}/{taken[place]}"
            found.append(Case(article, group, own, tuple(_decisions(coded, group, article.text, alias))))
    return found


def _decisions(coded: Coded, group: Group, text: str, alias: Alias | None) -> Iterator[Decision]:
    present = [None if doc is None else YES if s else NO for doc, s in zip(coded, group, strict=True)]
    yield _decision(STATEMENT, present, present, present)
    for name in SPANS:
        spans = [part(s, name) if s else None for s in group]
        shown = [None if own is None else " ... ".join(span.text(text) for span in own) or NONE for own in spans]
        yield _decision(name, shown, spans, [None if own is None else exact_content(own, text) for own in spans])
    kinds = [s.kind if s else None for s in group]
    yield _decision("kind", kinds, kinds, kinds)
    speakers = [s.speakers if s else None for s in group]
    shown = [None if own is None else joined(map(speaker_text, own)) or NONE for own in speakers]
    yield Decision("speakers", tuple(shown), tuple(speakers), _camps(speakers, lambda a, b: _same(a, b, alias)))
    stances = [{about(stance): stance for stance in s.stances} if s else None for s in group]
    for target in sorted({target for own in stances for target in own or ()}):
        values = [own.get(target) if own is not None else None for own in stances]
        labels = [
            None if own is None else value.label if value else NONE for own, value in zip(stances, values, strict=True)
        ]
        yield _decision(target, labels, values, labels)


def _decision(
    name: str, said: Sequence[str | None], values: Sequence[Any], keys: Sequence[Hashable | None]
) -> Decision:
    return Decision(name, tuple(said), tuple(values), _camps(keys, lambda one, other: one == other))


def _camps(keys: Sequence[Any], same: Callable[[Any, Any], bool]) -> tuple[tuple[int, ...], ...]:
    """Numbers of those whose keys are the same; who has none is in no camp."""
    camps: list[list[int]] = []
    for coder, key in enumerate(keys):
        if key is None:
            continue
        camp = next((camp for camp in camps if same(keys[camp[0]], key)), None)
        if camp is None:
            camps.append([coder])
        else:
            camp.append(coder)
    return tuple(map(tuple, sorted(camps, key=lambda camp: (-len(camp), camp[0]))))


def _same(one: Sequence[Speaker], other: Sequence[Speaker], alias: Alias | None) -> bool:
    return len(speaker_pairs(one, other, alias)) == len(one) == len(other)
