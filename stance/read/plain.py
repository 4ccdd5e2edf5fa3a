"""One article a file: plain text, Markdown, HTML. Builds the body text, and finds title, date and outlet above it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from stance.errors import MissingExtraError
from stance.read.files import Source, Unusable, bom_encoding, decode, too_large
from stance.read.options import ReadOptions
from stance.read.rows import digest
from stance.text import paragraphs
from stance.types import Article, Span
from stance.wire import dateline, header, is_credit, iso_date, parse_date

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_KEY = re.compile(
    r"(?P<key>title|headline|date|published|publication date|source|outlet|publisher|newspaper|url|link|author|byline)"
    r"\s*:\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_KEYS = {
    "title": "title", "headline": "title", "date": "date", "published": "date", "publication date": "date",
    "source": "outlet", "outlet": "outlet", "publisher": "outlet", "newspaper": "outlet", "url": "url", "link": "url",
}  # fmt: skip
_STRAY_DATE = re.compile(r"(?:date:?\s+)?((?:19|20)\d\d-\d\d-\d\d)\s+(?P<rest>\S.*)", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"---[^\S\n]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)", re.DOTALL)
_LONGEST_TITLE = 250
_HEADER_LINES = 12


@dataclass(frozen=True, slots=True)
class Story:
    """What a text file holds."""

    body: str
    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    url: str | None = None


def read_plain(source: Source, options: ReadOptions) -> Article:
    """The article of a text, Markdown or HTML file.

    Raises:
        Unusable: the file is empty, no text, too large, or holds no article.
        OSError: it cannot be opened.
    """
    data = source.read_bytes(4 * options.max_chars)
    if not data.strip():
        raise Unusable("empty", f"{source.path}: the file is empty.")
    text = decode(data, source.path, options.encoding or _declared(data, source.suffix))
    if source.suffix in (".html", ".htm", ".xhtml") or _HTML.match(text):
        story = _from_html(text, source.path)
    elif source.suffix in (".md", ".markdown"):
        story = _from_markdown(text)
    else:
        story = split_header(text)
    if not story.body.strip():
        raise Unusable("empty", f"{source.path}: there is no article text in the file.")
    if len(story.body) > options.max_chars:
        raise too_large(source.path, f"{len(story.body):,} characters", options.max_chars)
    story = from_dateline(story, source.name)
    return Article(
        source.name, story.body, story.title, story.date, story.outlet, story.url, source.path, digest(story.body)
    )


def split_header(text: str, known: Story | None = None) -> Story:
    """Part a text into what stands above and below the story, and the story's body.

    Line ends become line feeds. Above the body may stand, in any order, a title, dates, an outlet, bylines and
    `Key: value` lines; below it credits, which are dropped. What is `known` already is kept.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    story = known or Story("")
    at = seen = 0
    while at < len(lines) and seen < _HEADER_LINES:
        line = lines[at].strip()
        if line:
            told = _header_line(line, lines[at + 1 :], story)
            if told is None:
                break
            story, seen = told, seen + 1
        at += 1
    end = len(lines)
    while end > at and (not lines[end - 1].strip() or is_credit(lines[end - 1])):
        end -= 1
    return replace(story, body="\n".join(lines[at:end]).strip())


def _header_line(line: str, after: list[str], story: Story) -> Story | None:
    """The story with what one line above it tells; None where the line belongs to the body."""
    if key := _KEY.fullmatch(line):
        return _with_field(story, key["key"].lower(), key["value"])
    if (stray := _STRAY_DATE.match(line)) and not header(line):
        rest = stray["rest"].strip()
        if story.title is None and len(rest) <= _LONGEST_TITLE and any(other.strip() for other in after):
            return replace(story, date=story.date or parse_date(stray[1]), title=rest)
    if told := header(line):
        return replace(story, date=story.date or told.date, outlet=story.outlet or told.outlet)
    if story.title is not None and (_alike(line, story.title) or (_is_short(line) and _leads(after))):
        return story
    if is_credit(line) and any(other.strip() for other in after):
        return story
    return replace(story, title=line) if story.title is None and _is_title(line, after) else None


def _with_field(story: Story, key: str, value: str) -> Story:
    field = _KEYS.get(key)
    if field is None or getattr(story, field):
        return story
    return replace(story, **{field: parse_date(value) if field == "date" else value.strip(" \"'")})


def _is_title(line: str, after: list[str]) -> bool:
    following = next((other.strip() for other in after if other.strip()), "")
    if not following or len(line) > _LONGEST_TITLE or line.startswith("Q ") or dateline(line, Span(0, len(line))):
        return False
    led = _leads(after) or dateline(following, Span(0, len(following))) is not None
    if line[-1] in ".,:;…。，：；" and not led:
        return False
    apart = not after[0].strip() or len(following) > 150
    return led or apart


def _leads(after: list[str]) -> bool:
    """Whether a header line comes soon, and nothing but short lines before it."""
    for other in [line.strip() for line in after[:8] if line.strip()][:3]:
        if header(other) or _KEY.fullmatch(other):
            return True
        if not _is_short(other):
            return False
    return False


def _is_short(line: str) -> bool:
    """Whether a line may be a byline or a place: a few words, and no sentence."""
    return len(line) < 80 and line[-1] not in '.,:;?!”"…'


def _alike(one: str, other: str) -> bool:
    return [c for c in one.lower() if c.isalnum()] == [c for c in other.lower() if c.isalnum()]


def from_dateline(story: Story, name: str) -> Story:
    """Complete date and outlet by the file's name ("reuters-2031-09-11") and the dateline.

    A dateline dates the event, and often leaves out the year; so it is asked last.
    """
    named = re.search(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)", PurePath(name).name)
    file_date = iso_date(*(int(part) for part in named.groups())) if named else None
    date, outlet = story.date or file_date, story.outlet
    for paragraph in paragraphs(story.body[:2000])[:3]:
        opening = dateline(story.body, paragraph)
        if opening is None:
            continue
        if date is None and opening.year and opening.month and opening.day:
            date = iso_date(opening.year, opening.month, opening.day)
        outlet = outlet or opening.outlet
        break
    return replace(story, date=date, outlet=outlet)


def _declared(data: bytes, suffix: str) -> str | None:
    """The encoding that an HTML file names, unless its bytes say otherwise."""
    found = _META_CHARSET.search(data[:4096]) if suffix in (".html", ".htm", ".xhtml") else None
    if found is None or bom_encoding(data):
        return None
    name = found[1].decode("ascii", "ignore").lower()
    name = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin1": "cp1252"}.get(name, name)
    try:
        data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return None
    return name


def _from_html(text: str, where: str) -> Story:
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise Unusable("missing-extra", f"{where}: {MissingExtraError('Reading HTML', 'html')}") from error
    for chatty in ("trafilatura", "htmldate"):  # what they report comes out as a Problem
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    try:
        page: Any = bare_extraction(text, with_metadata=True, include_comments=False, include_tables=False)
    except Exception as error:  # a page may break the parser in many ways; the others shall be read
        raise Unusable("no-text", f"{where}: the page cannot be parsed: {type(error).__name__}: {error}.") from error
    body = (page.text or "").strip() if page else ""
    if not body:
        raise Unusable("no-text", f"{where}: no article text was found in the page. Save the article itself as text.")
    known = Story("", page.title or None, parse_date(page.date), page.sitename or None, page.url or None)
    return split_header(body, known)


def _from_markdown(text: str) -> Story:
    """Markdown without its marks: front matter becomes fields, links their words, pictures nothing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    story = Story("")
    if front := _FRONT_MATTER.match(text):
        for line in front["fields"].split("\n"):
            if field := _KEY.fullmatch(line.strip()):
                story = _with_field(story, field["key"].lower(), field["value"])
        text = text[front.end() :].lstrip("\n")
    heading = re.match(r"#{1,2}\s+(?P<title>\S.*?)\s*#*\s*(?:\n|$)", text)
    if heading and story.title in (None, heading["title"]):
        story = replace(story, title=_plain_words(heading["title"]))
        text = text[heading.end() :]
    return split_header(_plain_words(text), story)


def _plain_words(text: str) -> str:
    text = re.sub(r"!\[[^\]\n]*\]\([^)\n]*\)", "", text)
    text = re.sub(r"\[([^\]\n]+)\]\([^)\n]*\)", r"\1", text)
    text = re.sub(r"^(?:#{1,6}|>+)[^\S\n]+", "", text, flags=re.MULTILINE)
    return re.sub(r"(?<![\w*_])(\*\*|__|\*|_)(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*_])", r"\2", text)
