"""Attribution annotated in brat: .ann files beside their .txt files, or in two folders as PolNeAR ships them.

    T1  Source 0 5  Flora       text-bound annotation; a discontinuous one has "0 5;9 12"
    E1  Attribution:T4 Content:T3 Cue:T2 Source:T1      an attribution; a role may occur several times (Source2)

Everything else (notes, attributes, relations) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from stance.errors import InputError
from stance.segment import segment
from stance.text import paragraphs, quoted_spans, statement_kind
from stance.types import Article, Doc, Span, Statement

ROLE = re.compile(r"(Source|Cue|Content)\d*:(T\d+)")
Spans = tuple[Span, ...]


def read_brat(folder: Path) -> list[Doc]:
    """The articles of a folder, by name; of an article that several people annotated, the first of them.

    A text's annotation is NAME.ann or NAME_ANNOTATOR.ann, in the same folder or, with the texts in `text`, in
    `attributions`.

    Raises:
        InputError: there are none, a text has no annotation, or an annotation does not fit its text.
    """
    texts, annotations = folder, folder
    if (folder / "text").is_dir() and (folder / "attributions").is_dir():
        texts, annotations = folder / "text", folder / "attributions"
    names = sorted(path.stem for path in annotations.glob("*.ann"))
    docs = []
    for path in sorted(texts.glob("*.txt")):
        own = [name for name in names if name == path.stem or name.rpartition("_")[0] == path.stem]
        if not own:
            raise InputError(f"{path} has no annotation: {annotations / path.stem}.ann is missing.")
        docs.append(_doc(path, annotations / f"{own[0]}.ann"))
    if not docs:
        raise InputError(f"{folder} holds neither JSONL files nor brat files (.txt with .ann beside them).")
    return segment(docs)


def _doc(path: Path, annotation: Path) -> Doc:
    try:
        with path.open(encoding="utf-8", newline="") as file:  # line ends as they are: offsets count them
            text = file.read()
        lines = annotation.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} or {annotation.name} cannot be read as UTF-8 text: {error}.") from error
    bound = dict(_bound(line, text, f"{annotation}:{n}") for n, line in enumerate(lines, 1) if line.startswith("T"))
    quoted = quoted_spans(text, paragraphs(text))
    statements = []
    for number, line in enumerate(lines, 1):
        if line.startswith("E"):
            statements += _statement(line, bound, text, quoted, f"{annotation}:{number}")
    article = Article(path.stem, text, sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return Doc(article, statements=tuple(statements), made_by="human")


def _bound(line: str, text: str, where: str) -> tuple[str, Spans]:
    try:
        name, label, _ = line.split("\t")
        spans = tuple(sorted(Span(*map(int, part.split())) for part in label.split(" ", 1)[1].split(";")))
    except (ValueError, TypeError, IndexError) as error:
        raise InputError(f"{where}: not a text-bound annotation (T1, tab, label and offsets, tab, text).") from error
    if spans[-1].end > len(text):
        raise InputError(f"{where}: offset {spans[-1].end} is beyond the text, which has {len(text)} characters.")
    return name, _joined(spans, text)


def _joined(spans: Sequence[Span], text: str) -> Spans:
    """Spans with nothing but space between them as one: brat cuts an annotation at line ends."""
    joined = [spans[0]]
    for span in spans[1:]:
        if text[joined[-1].end : span.start].strip():
            joined.append(span)
        else:
            joined[-1] = Span(joined[-1].start, span.end)
    return tuple(joined)


def _statement(line: str, bound: dict[str, Spans], text: str, quoted: Spans, where: str) -> list[Statement]:
    roles: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
    for role, name in ROLE.findall(line):
        if name not in bound:
            raise InputError(f"{where}: {role} is {name}, which the file does not have.")
        roles[role] += bound[name]
    content = tuple(sorted(roles["Content"]))
    if not content:  # a cue whose content was never annotated attributes nothing
        return []
    cue, source = sorted(roles["Cue"]), sorted(roles["Source"])
    whole = Span(cue[0].start, cue[-1].end) if cue else None
    if whole and any(whole.overlaps(span) for span in content):
        whole = cue[0]
    kind = statement_kind(text, content, quoted)
    return [Statement(line.split("\t")[0], content, whole, source[0] if source else None, kind)]
