"""Two annotated articles, and a chain that knows their annotation."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from stance.config import load_config
from stance.evaluate import Choices
from stance.gold import load
from stance.pipeline import Pipeline
from stance.types import Doc

ALONE = Choices(baselines=False)
TEXTS = {
    "a1": "Ilse Brandt, the harbour minister, said that BRICS cooperation should be expanded. "
    "“Ships must not wait another winter,” she added.",
    "a2": "The harbour union welcomed the new multilateral rules on Tuesday. Karl Amt warned of delays.",
}
CONFIG = load_config()


def at(text: str, piece: str) -> list[list[int]]:
    start = text.index(piece)
    return [[start, start + len(piece)]]


def row(id: str, *statements: tuple) -> dict:
    text = TEXTS[id]
    entities = [
        {"id": "E1", "name": "Ilse Brandt", "kind": "person", "role": "harbour minister", "affiliation": "Norway"},
        {"id": "E2", "name": "harbour union", "kind": "organization", "affiliation": "Norway"},
        {"id": "E3", "name": "Karl Amt", "kind": "person"},
    ]
    found = [
        {
            "source": at(text, source),
            "cue": at(text, cue),
            "content": at(text, content),
            "kind": kind,
            "speakers": [who],
            "stances": [{"target": target, "stance": label} for target, label in stances],
        }
        for source, cue, content, kind, who, stances in statements
    ]
    return {"id": id, "text": text, "title": None, "entities": entities, "statements": found}


def rows() -> list[dict]:
    first = ("Ilse Brandt, the harbour minister", "said", "that BRICS cooperation should be expanded", "indirect", "E1")
    second = ("she", "added", "“Ships must not wait another winter,”", "direct", "E1", [])
    third = ("The harbour union", "welcomed", "the new multilateral rules on Tuesday", "indirect", "E2")
    fourth = ("Karl Amt", "warned of", "delays", "indirect", "E3", [])
    return [
        row("a1", (*first, [("brics", "favor")]), second),
        row("a2", (*third, [("multilateralism", "favor"), ("free-trade", "neutral")]), fourth),
    ]


def write(folder: Path) -> Path:
    """Two annotated articles, as a file."""
    path = folder / "mine.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows()), encoding="utf-8")
    return path


def oracle(data: Path, change=lambda statement: statement, fail: str = "") -> Pipeline:
    """A chain that knows the gold, but for what `change` does to a statement, and that fails on one article."""
    gold = {doc.article.id: doc for doc in load(data)}

    def answer(docs: list[Doc]) -> list[Doc]:
        return [doc.with_statements(gold[doc.article.id].statements) for doc in docs]

    def classify(docs: list[Doc]) -> list[Doc]:
        if any(doc.article.id == fail for doc in docs):
            raise ValueError("no")
        known = answer(docs)
        return [doc.with_statements(c for s in doc.statements if (c := change(s)) is not None) for doc in known]

    stages = [(name, list) for name in ("segment", "tag")]
    return Pipeline([*stages, ("link", answer), ("resolve", answer), ("targets", list), ("classify", classify)])


def spoil(statement):
    """Loses one statement; gives another a wrong stance, a target too many and a wrong speaker."""
    if statement.id == "s2":
        return None
    flipped = tuple(replace(s, label="against", confidence=0.8) for s in statement.stances)
    return replace(statement, stances=flipped, score=0.9)
