"""Turn the readable markup in source/ into articles.jsonl, the project's own annotated articles.

    python eval/gold/build.py              after a change in source/ or second/: writes articles.jsonl, second.jsonl and
                                           the counts in README.md
    python eval/gold/build.py --bare ID... the text of these articles (of all where none is named) without annotation,
                                           in the form of a source file to be filled in by another coder

second/ holds what a second coder made of bare texts. README.md beside this file describes the markup.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TOPICS = HERE.parents[1] / "configs" / "topics.yaml"
SIGNS = {"+": "favor", "-": "against", "=": "neutral"}
PARTS = {"s": "source", "c": "cue", "x": "content"}
META = ("id", "outlet", "date", "title")
SECTION = re.compile(r"\n== \w+\n")
TOKEN = re.compile(r"\[(?P<names>[scx]\d+(?:,[scx]\d+)*):|(?P<close>\])|(?P<stray>\[)|[^\[\]]+")
COUNTS = re.compile(r"(?<=<!-- counts -->\n).*?(?=<!-- /counts -->)", re.DOTALL)
Row = dict[str, Any]
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


def parse_head(path: Path) -> dict[str, str]:
    """The lines `key: value` at the top of a source file: META, genre, and covers (ids of cases.yaml)."""
    head = SECTION.split("\n" + path.read_text(encoding="utf-8"))[0]
    return dict(line.split(": ", 1) for line in head.strip().splitlines())


def build(path: Path) -> Row:
    """One row of articles.jsonl from one source file; ValueError says which statement is at fault."""
    _, marked, entity_lines, statement_lines = SECTION.split("\n" + path.read_text(encoding="utf-8"))
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
            raise ValueError(f"{path.name}: statement {number} has no content in the text, or is listed twice")
        if unknown := set(speakers.split()) - set(ids):
            raise ValueError(f"{path.name}: statement {number} names no entity by {sorted(unknown)}")
        statements.append(
            {
                "id": f"s{number}",
                "parent": None,
                **spans.pop(int(number)),
                "kind": kind,
                "speakers": [ids[key] for key in speakers.split()],
                "stances": parse_stances(stances),
            }
        )
    if spans:
        raise ValueError(f"{path.name}: marked in the text but not listed: {sorted(spans)}")
    for statement in statements:
        statement["parent"] = _parent(statement, statements)
    head = parse_head(path)
    return {**{key: head[key] for key in META}, "text": text, "entities": entities, "statements": statements}


def _parent(inner: Row, statements: Iterable[Row]) -> str | None:
    """The smallest other statement whose content holds this one's cue and content."""
    outer = [
        s
        for s in statements
        if s is not inner and inner["cue"] and _holds(s["content"], inner["cue"] + inner["content"])
    ]
    return min(outer, key=lambda s: sum(end - start for start, end in s["content"]))["id"] if outer else None


def _holds(outer: Sequence[Sequence[int]], inner: Sequence[Sequence[int]]) -> bool:
    return all(any(o[0] <= i[0] and i[1] <= o[1] for o in outer) for i in inner)


def build_all(folder: str = "source") -> list[Row]:
    """The rows of source/ or second/, in the order of the files' names."""
    return [build(path) for path in sorted((HERE / folder).glob("*.txt"))]


def check_second(first: Iterable[Row], second: Iterable[Row]) -> None:
    """ValueError where the second coder's text of an article is not the first's, character by character."""
    texts = {row["id"]: row["text"] for row in first}
    for row in second:
        if row["id"] not in texts:
            raise ValueError(f"second/ has an article {row['id']!r} that source/ lacks")
        ours, theirs = texts[row["id"]], row["text"]
        if theirs != ours:
            length = min(len(ours), len(theirs))
            same = next((at for at in range(length) if ours[at] != theirs[at]), length)
            raise ValueError(f"second/, article {row['id']}: the text was changed after {ours[:same][-40:]!r}")


def bare(path: Path) -> str:
    """A source file without its annotation: head, text, and two empty lists."""
    row = build(path)
    head = "".join(f"{key}: {row[key]}\n" for key in META)
    return f"{head}\n== text\n{row['text']}\n\n== entities\n\n== statements\n"


def to_jsonl(rows: Iterable[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def counts(rows: Sequence[Row], genres: Mapping[str, str]) -> str:
    """Markdown: how many articles, statements, kinds, speakers and stances there are; `genres` by article id."""
    statements = [s for row in rows for s in row["statements"]]
    entities = [e for row in rows for e in row["entities"]]
    stances = [stance for s in statements for stance in s["stances"]]
    words = sum(len(row["text"].split()) for row in rows)
    several = Counter(min(len(s["stances"]), 3) for s in statements)
    lines = [
        f"{len(rows)} articles, {words} words, {len(statements)} statements, {len(stances)} stances, "
        f"{len(entities)} entities.\n",
        "| what | how many |\n|---|---|",
        f"| articles by genre | {_listed(Counter(genres[row['id']] for row in rows))} |",
        f"| statements by kind | {_listed(Counter(s['kind'] for s in statements))} |",
        f"| by how the text names the speaker | {_listed(_mentions())} |",
        f"| by number of targets | none {several[0]}, one {several[1]}, two {several[2]}, more {several[3]} |",
        f"| inside another statement | {sum(s['parent'] is not None for s in statements)} |",
        f"| without a cue | {sum(not s['cue'] for s in statements)} |",
        f"| content in several spans | {sum(len(s['content']) > 1 for s in statements)} |",
        f"| entities by kind | {_listed(Counter(e['kind'] for e in entities))} |",
        f"| stances by label | {_listed(Counter(s['stance'] for s in stances))} |\n",
        "| topic | target | favor | against | neutral |\n|---|---|---|---|---|",
    ]
    tally = Counter((s["target"], s["stance"]) for s in stances)
    for topic, target in _targets():
        lines.append(
            f"| {topic} | {target} | " + " | ".join(str(tally[target, label]) for label in SIGNS.values()) + " |"
        )
    return "\n".join(lines) + "\n"


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(
        f"{name} {number}" for name, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )


def _mentions() -> Counter[str]:
    """Mention types as the metrics define them."""
    from stance.gold import load
    from stance.metrics.speakers import mention_type

    docs = load(HERE / "articles.jsonl")
    return Counter(mention_type(statement, doc.article.text) for doc in docs for statement in doc.statements)


def _targets() -> list[tuple[str, str]]:
    import yaml

    topics = yaml.safe_load(TOPICS.read_text(encoding="utf-8"))["topics"]
    return [(topic["label"], target["id"]) for topic in topics for target in topic["targets"]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the annotated articles, or print their bare texts.")
    parser.add_argument(
        "--bare", nargs="*", metavar="ID", help="print these articles (default: all) without annotation"
    )
    asked = parser.parse_args().bare
    heads = {path: parse_head(path) for path in sorted((HERE / "source").glob("*.txt"))}
    if asked is not None:
        if unknown := set(asked) - {head["id"] for head in heads.values()}:
            parser.error(f"no article {', '.join(sorted(unknown))} in source/")
        sys.stdout.write("\n".join(bare(path) for path, head in heads.items() if not asked or head["id"] in asked))
        return
    rows, second = build_all(), build_all("second")
    check_second(rows, second)
    (HERE / "articles.jsonl").write_text(to_jsonl(rows), encoding="utf-8")
    if second:
        (HERE / "second.jsonl").write_text(to_jsonl(second), encoding="utf-8")
    readme = HERE / "README.md"
    genres = {head["id"]: head["genre"] for head in heads.values()}
    table = counts(rows, genres)
    readme.write_text(COUNTS.sub(lambda _: table, readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
