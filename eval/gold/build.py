"""Turn the readable markup in source/ into articles.jsonl, the project's own annotated articles.

Run `python eval/gold/build.py` after a change to a file in source/; README.md beside this file describes the markup.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

HERE = Path(__file__).parent
SIGNS = {"+": "favor", "-": "against", "=": "neutral"}
PARTS = {"s": "source", "c": "cue", "x": "content"}
TOKEN = re.compile(r"\[(?P<names>[scx]\d+(?:,[scx]\d+)*):|(?P<close>\])|(?P<stray>\[)|[^\[\]]+")
Spans = dict[int, dict[str, list[list[int]]]]


def parse_text(marked: str) -> tuple[str, Spans]:
    """The plain text, and for each statement number its source, cue and content spans (half-open character indices)."""
    text = ""
    stack: list[tuple[list[str], int]] = []
    spans: Spans = {}
    for token in TOKEN.finditer(marked):
        near = marked[max(0, token.start() - 40) : token.end()]
        if token["names"]:
            stack.append((token["names"].split(","), len(text)))
        elif token["close"]:
            if not stack or stack[-1][1] == len(text):
                raise ValueError(f"a ']' closes no span, or an empty one, at the end of {near!r}")
            names, start = stack.pop()
            _add(spans, names, [start, len(text)])
        elif token["stray"]:
            raise ValueError(f"a '[' opens no span at the end of {near!r}")
        else:
            text += token[0]
    if stack:
        raise ValueError(f"spans never closed: {stack}")
    return text, spans


def _add(spans: Spans, names: list[str], span: list[int]) -> None:
    for name in names:
        part = spans.setdefault(int(name[1:]), {part: [] for part in PARTS.values()})[PARTS[name[0]]]
        part.append(span)
        part.sort()


def parse_stances(field: str) -> list[dict[str, str]]:
    """`"brics+ sco="` as the stance rows of the gold format."""
    return [{"target": word[:-1], "stance": SIGNS[word[-1]]} for word in field.split()]


def build(path: Path) -> dict[str, object]:
    """One row of articles.jsonl from one file of source/; ValueError says which statement is at fault."""
    head, marked, entity_lines, statement_lines = re.split(r"\n== \w+\n", "\n" + path.read_text(encoding="utf-8"))
    meta = dict(line.split(": ", 1) for line in head.strip().splitlines())
    text, spans = parse_text(marked.strip())
    ids: dict[str, str] = {}
    entities = []
    for line in entity_lines.strip().splitlines():
        key, name, kind, role, affiliation = (field.strip() for field in line.split("|"))
        ids[key] = f"E{len(ids) + 1}"
        entities.append({"id": ids[key], "name": name, "kind": kind, "role": role, "affiliation": affiliation})
    statements = []
    for line in statement_lines.strip().splitlines():
        number, kind, speakers, stances = (field.strip() for field in line.split("|"))
        if int(number) not in spans or not spans[int(number)]["content"]:
            raise ValueError(f"{path.name}: statement {number} has no content in the text")
        statements.append(
            {
                **spans.pop(int(number)),
                "kind": kind,
                "speakers": [ids[key] for key in speakers.split()],
                "stances": parse_stances(stances),
            }
        )
    if spans:
        raise ValueError(f"{path.name}: marked in the text but not listed: {sorted(spans)}")
    return {**meta, "text": text, "entities": entities, "statements": statements}


def build_all() -> str:
    """The whole of articles.jsonl, one article a line in the order of the source files' names."""
    rows = [build(path) for path in sorted((HERE / "source").glob("*.txt"))]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    (HERE / "articles.jsonl").write_text(build_all(), encoding="utf-8")
