"""Training rows for the stance model, and the batches made of them.

A row is a text with what is known of it: a statement of the annotated articles is judged on every target
of the topics file; a row of a public set on its own target alone. A batch asks about all of its rows in
both ways that the model answers: every row against every target of the batch in one pass, and chosen
(row, target) pairs read together.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.types import Article, Doc, Span, Statement
from stance.view import Composer, Parts, View, context_before

if TYPE_CHECKING:
    import torch

UNRELATED, FAVOR, AGAINST, NEUTRAL, ABOUT, NEUTRAL_OR_UNRELATED = range(6)
"""Labels of a (row, target): the four classes; a topic that is meant, without a side; a "neutral" of the
public sets, which may as well mean that the text does not bear on the target."""
UNKNOWN = -100
OF_NAME = {"favor": FAVOR, "against": AGAINST, "neutral": NEUTRAL}
PUBLIC = 24
"""Targets of public rows that a batch asks about in one pass; the others are asked in pairs alone."""
FLIPPED = {FAVOR: AGAINST, AGAINST: FAVOR}


@dataclass(frozen=True, slots=True)
class Example:
    """A text to learn from."""

    view: View
    as_written: str = ""
    """The source's own words, where the view has the resolved speaker."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Target or topic id to label; for a public row, its target's text to label."""
    public: bool = False
    topics_known: bool = False
    group: str = ""
    """The article (or contrast group) that it comes from; what is held out is held out by group."""
    source: str = ""


def read_rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def gold_doc(row: Mapping[str, Any]) -> Doc:
    """An annotated article as a Doc whose statements carry resolved speakers."""
    from stance.types import Speaker

    entities = {e["id"]: Speaker(e["id"], e["name"], e["kind"], e["role"], e["affiliation"]) for e in row["entities"]}
    statements = [
        Statement(
            id=f"{row['id']}-{number}",
            content=tuple(Span(*span) for span in s["content"]),
            cue=Span(s["cue"][0][0], s["cue"][-1][1]) if s["cue"] else None,
            source=Span(s["source"][0][0], s["source"][-1][1]) if s["source"] else None,
            kind=s["kind"],
            speakers=tuple(entities[i] for i in s["speakers"] if i in entities),
        )
        for number, s in enumerate(row["statements"])
    ]
    article = Article(row["id"], row["text"], row["title"] or None, row["date"] or None, row["outlet"])
    return Doc(article, statements=tuple(statements), made_by="human")


def of_articles(rows: Iterable[Mapping[str, Any]], topic_of: Mapping[str, str], source: str) -> Iterator[Example]:
    """Examples of annotated articles (train.jsonl, wire_style.jsonl)."""
    from stance.view import view_of

    for row in rows:
        doc = gold_doc(row)
        for statement, annotated in zip(doc.statements, row["statements"], strict=True):
            labels = {s["target"]: OF_NAME[s["stance"]] for s in annotated["stances"] if s["target"]}
            mere = {f"topic/{s['topic']}": ABOUT for s in annotated["stances"] if not s["target"]}
            written = statement.source.text(doc.article.text) if statement.source else ""
            topics = {topic_of.get(t, t): ABOUT for t in labels} | mere
            yield Example(view_of(doc, statement), written, {**labels, **topics}, group=row["id"], source=source)


def of_statements(rows: Iterable[Mapping[str, Any]], topic_of: Mapping[str, str]) -> Iterator[Example]:
    """Examples of single statements (statements.jsonl); what is no statement teaches nothing about targets."""
    for row in rows:
        if not row["is_statement"]:
            continue
        labels = {s["target"]: OF_NAME[s["stance"]] for s in row["stances"]}
        topics = {topic_of.get(t, t): ABOUT for t in labels} | (
            {f"topic/{row['topic']}": ABOUT} if row["topic"] else {}
        )
        context = context_before(row["context"], len(row["context"]))
        view = View(row["content"], row["source"], row["cue"], row["title"] or "", context)
        yield Example(
            view, row["source"], {**labels, **topics}, topics_known=True, group=row["article_id"], source="statements"
        )


def of_contrast(rows: Iterable[Mapping[str, Any]], topic_of: Mapping[str, str]) -> Iterator[Example]:
    """Examples of contrast groups: whole sentences ("text"), or cue and content told apart."""
    for row in rows:
        labels = {target: OF_NAME[stance] for target, stance in row["stances"]}
        topics = {topic_of.get(t, t): ABOUT for t in labels}
        said = row["content"] if "content" in row else row["text"]
        view = View(said, row["speaker"], row.get("cue", ""), row.get("title", ""), row.get("context", ""))
        yield Example(view, "", {**labels, **topics}, group=row["group"], source="contrast")


def of_public(rows: Iterable[Mapping[str, Any]]) -> Iterator[Example]:
    """Examples of a public set: {"text", "target", "label", "author"?}."""
    for row in rows:
        label = NEUTRAL_OR_UNRELATED if row["label"] == "neutral" else OF_NAME[row["label"]]
        yield Example(
            View(row["text"], row.get("author", "")), "", {row["target"]: label}, public=True, source=row["dataset"]
        )


def usable(row: Mapping[str, Any]) -> bool:
    """Whether a row of a public set says something about stance (weak, intention and pronoun rows do not)."""
    meta = row.get("meta") or {}
    return not (meta.get("weak") or meta.get("pronoun") or "intention" in str(meta.get("attitude", "")))


def held_out(group: str, share: float = 0.1) -> bool:
    """Whether a group belongs to the share that training never sees; the same on every machine."""
    return zlib.crc32(group.encode()) % 1000 < 1000 * share


def tokenized(examples: Sequence[Example], composer: Composer) -> list[dict[str, Any]]:
    """Rows for `stance.train.loop.fit`: the example in word pieces, and "input_ids" for sorting by length."""
    parts = composer.parts([example.view for example in examples])
    written = composer.parts([View("", speaker=example.as_written) for example in examples])
    return [
        {"example": e, "parts": p, "written": w.speaker, "input_ids": composer.statement(p).ids}
        for e, p, w in zip(examples, parts, written, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Asking:
    """A target as a batch asks about it."""

    text: str
    known: int = -1
    """Row of the head's correction, or -1."""
    opposite: bool = False
    """Whether it says the opposite of the target."""
    ours: bool = True
    """Whether it is of the topics file, not of a public row."""


@dataclass
class Batcher:
    """Makes a batch of rows: tensors for both ways of asking.

    Args:
        composer: builds the sequences.
        targets: id to text of every known target and topic, in the order of the head's corrections.
        wordings: id to other texts that say the same, and texts that say the opposite.
        topics: the ids among `targets` that are topics; they are never asked in pairs.
        topic_of: target id to its topic's id.
        hard, easy: negatives of a statement that are read together with it, on average: of the topics it bears on,
            and any.
        pairs: whether to make pairs at all.
        corrections: whether known targets have a learned correction in the head.
        title, context: whether the model reads them.
        reworded: share of targets that are asked in other words.
        paired: share of rows that are read in pairs.
    """

    composer: Composer
    targets: Mapping[str, str]
    wordings: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    topics: frozenset[str]
    topic_of: Mapping[str, str]
    hard: float = 1
    easy: float = 1
    pairs: bool = True
    corrections: bool = True
    title: bool = True
    context: bool = True
    reworded: float = 0.3
    paired: float = 1.0

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        parts = [self._varied(row) for row in rows]
        asked, columns = self._targets(rows)
        labels = [self._labels(row["example"], asked, columns) for row in rows]
        at_once = len(asked) - max(0, sum(not a.ours for a in asked) - PUBLIC)
        batch = {
            **_padded("text", [self.composer.statement(p) for p in parts], self.composer),
            **_padded(
                "target",
                [self.composer.alone(self.composer_target(a.text)) for a in asked[:at_once]],
                self.composer,
            ),
            "known": _tensor([a.known for a in asked[:at_once]]),
            "labels": _tensor([row[:at_once] for row in labels]),
        }
        if self.pairs:
            sequences, pair_labels = self._pairs(rows, parts, asked, columns, labels)
        if self.pairs and sequences:
            batch |= {**_padded("pair", sequences, self.composer), "pair_labels": _tensor(pair_labels)}
        return batch

    def composer_target(self, text: str) -> list[int]:
        cache = self.__dict__.setdefault("_cache", {})
        if text not in cache:
            cache[text] = self.composer.target(text)
        return cache[text]

    def _varied(self, row: Mapping[str, Any]) -> Parts:
        """The row's parts with the speaker as resolved, as written or left out, and now and then without context."""
        parts: Parts = row["parts"]
        chance = random.random()
        speaker = parts.speaker if chance < 0.65 else row["written"] if chance < 0.85 else []
        context = parts.context if self.context and random.random() < 0.85 else []
        title = parts.title if self.title and random.random() < 0.85 else []
        return Parts(parts.content, speaker, parts.cue, title, context)

    def _targets(self, rows: Sequence[Mapping[str, Any]]) -> tuple[list[Asking], dict[str, int]]:
        """What the batch asks, its own targets first, then those of public rows in mixed order; columns of ids."""
        asked, columns = [], {}
        if any(not row["example"].public for row in rows):
            for number, (identifier, text) in enumerate(self.targets.items()):
                columns[identifier] = len(asked)
                asked.append(self._worded(identifier, text, number))
        public = list(dict.fromkeys(t for row in rows if row["example"].public for t in row["example"].labels))
        random.shuffle(public)
        for text in public:
            columns[text] = len(asked)
            asked.append(Asking(text, ours=False))
        return asked, columns

    def _worded(self, identifier: str, text: str, number: int) -> Asking:
        same, opposite = self.wordings.get(identifier, ((), ()))
        chance = random.random()
        if opposite and chance < 0.4 * self.reworded:
            return Asking(random.choice(opposite), opposite=True)
        if same and chance < self.reworded:
            return Asking(random.choice(same))
        return Asking(text, number if self.corrections and random.random() < 0.85 else -1)

    def _labels(self, example: Example, asked: Sequence[Asking], columns: Mapping[str, int]) -> list[int]:
        labels = [UNKNOWN] * len(asked)
        if not example.public:
            for identifier in self.targets:
                known = identifier not in self.topics or example.topics_known
                labels[columns[identifier]] = UNRELATED if known else UNKNOWN
        elif example.labels:
            for column in random.sample(range(len(asked)), min(3, len(asked))):
                labels[column] = UNRELATED
        for identifier, label in example.labels.items():
            opposite = asked[columns[identifier]].opposite
            labels[columns[identifier]] = FLIPPED.get(label, label) if opposite else label
        return labels

    def _pairs(
        self,
        rows: Sequence[Mapping[str, Any]],
        parts: Sequence[Parts],
        asked: Sequence[Asking],
        columns: Mapping[str, int],
        labels: Sequence[Sequence[int]],
    ) -> tuple[list[Any], list[int]]:
        sequences, pair_labels = [], []
        topics = {columns[topic] for topic in self.topics if topic in columns}
        for row, part, known in zip(rows, parts, labels, strict=True):
            if random.random() >= self.paired:
                continue
            example: Example = row["example"]
            chosen = [columns[i] for i in example.labels if i not in self.topics]
            near = [
                columns[i] for i, topic in self.topic_of.items() if topic in example.labels and i not in example.labels
            ]
            chosen += random.sample(near, min(_whole(self.hard), len(near)))
            free = [c for c, label in enumerate(known) if label == UNRELATED and c not in chosen and c not in topics]
            easy = 0.3 if example.public else self.easy
            chosen += random.sample(free, min(_whole(easy), len(free)))
            for column in chosen:
                sequences.append(self.composer.pair(part, self.composer_target(asked[column].text)))
                pair_labels.append(known[column])
        return sequences, pair_labels


def _whole(average: float) -> int:
    """A whole number drawn so that its mean is the average."""
    return int(average) + int(random.random() < average % 1)


def _padded(name: str, sequences: Sequence[Any], composer: Composer) -> dict[str, torch.Tensor]:
    width = max(len(s.ids) for s in sequences)
    pad = composer.tokenizer.pad_token_id or 0
    return {
        f"{name}_ids": _tensor([[*s.ids, *[pad] * (width - len(s.ids))] for s in sequences]),
        f"{name}_types": _tensor([[*s.types, *[0] * (width - len(s.types))] for s in sequences]),
        f"{name}_mask": _tensor([[1] * len(s.ids) + [0] * (width - len(s.ids)) for s in sequences]),
    }


def _tensor(values: Any) -> torch.Tensor:
    import torch

    return torch.tensor(values)
