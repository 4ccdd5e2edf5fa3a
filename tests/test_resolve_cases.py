"""Who is meant, on invented articles of every hard shape: tests/data/speaker_cases.yaml says how they are written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stance.resolve import Registry, Resolver
from stance.types import Article, Doc, Span, Speaker, Statement

PATH = Path(__file__).parent / "data" / "speaker_cases.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
MARKS = {"[": "source", "{": "cue", "<": "content"}
CLOSE = {"]": "[", "}": "{", ">": "<"}
HOWS = frozenset("name surname title pronoun metonym side joint registry decision unknown".split())
FIELDS = ("name", "kind", "affiliation", "how")


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(Registry.load())


def parsed(case: dict[str, Any]) -> Doc:
    """The case's article with its statements."""
    text, open_marks = "", []
    spans: dict[int, dict[str, list[Span]]] = {}
    at = 0
    while at < len(case["text"]):
        char = case["text"][at]
        number = re.match(r"(\d+):", case["text"][at + 1 :]) if char in MARKS else None
        if number:
            open_marks.append((char, int(number.group(1)), len(text)))
            at += 1 + number.end()
            continue
        if char in CLOSE and open_marks and open_marks[-1][0] == CLOSE[char]:
            mark, statement, start = open_marks.pop()
            spans.setdefault(statement, {}).setdefault(MARKS[mark], []).append(Span(start, len(text)))
        else:
            text += char
        at += 1
    assert not open_marks, f"unclosed mark in {case['shape']}"
    statements = []
    for number in sorted(spans):
        roles = spans[number]
        source, cue = (roles.get(role, [None])[0] for role in ("source", "cue"))
        kind = "indirect" if cue is not None else "direct"
        statements.append(Statement(str(number), tuple(roles["content"]), cue, source, kind))
    article = Article("a", text, case.get("title"), case.get("date", "2024-05-01"), case.get("outlet"))
    return Doc(article, statements=tuple(statements))


def shown(speaker: Speaker, case: dict[str, Any]) -> tuple[str, ...]:
    """The speaker as a case expects it, without what the case leaves open."""
    return tuple(getattr(speaker, field) for field in FIELDS if case.get(f"{field}s") != "any")


def expected(row: list[str], case: dict[str, Any]) -> tuple[str, ...]:
    return tuple(value for field, value in zip(FIELDS, row, strict=True) if case.get(f"{field}s") != "any")


def _param(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason=case["weak"])] if "weak" in case else []
    return pytest.param(case, id=case["shape"], marks=marks)


@pytest.mark.parametrize("case", [_param(case) for case in CASES])
def test_case(resolver: Resolver, case: dict[str, Any]) -> None:
    (doc,) = resolver.resolve([parsed(case)])
    assert not doc.problems
    found = {int(s.id): sorted(shown(x, case) for x in s.speakers) for s in doc.statements}
    wanted = {n: sorted(expected(row, case) for row in rows) for n, rows in case["speakers"].items()}
    assert {n: found[n] for n in wanted} == wanted
    assert all(x.how in HOWS and 0 < x.score <= 1 for s in doc.statements for x in s.speakers)


def test_there_are_many_cases_and_few_are_weak() -> None:
    assert len(CASES) >= 60
    assert sum("weak" in case for case in CASES) <= 5
