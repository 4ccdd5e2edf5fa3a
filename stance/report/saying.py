"""One statement told in a clause: `Mara Venn said that “the limes must stay”`, its words quoted to the letter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.report.claims import Quote
from stance.report.cues import follows
from stance.report.evidence import Evidence
from stance.report.quotes import shorten
from stance.report.wording import article, day, listed, number
from stance.speakers import NAMED

PARTNERS = 2
"""Others named beside a speaker."""

START = 40
"""Characters by which a statement is told again."""

THAT = re.compile(r"(?:that[ ,—–-]+)+")
"""A speaker who halts says it twice."""

MARKS = (("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"))


@dataclass(frozen=True, slots=True)
class Saying:
    """A statement as prose quotes it."""

    said: Evidence
    quote: Quote
    shown: str
    """The quoted words in quotation marks, with "…" where they are cut."""
    told: str
    """Cue and words, to stand after a name; "" where the cue does not fit there."""
    partners: tuple[str, ...]
    """Who else said it."""

    @property
    def start(self) -> Quote:
        """Its first words."""
        cut = self.quote.text.rfind(" ", 0, START)
        return Quote(self.said.statement_id, self.quote.text[: cut if cut > 0 else START].rstrip(",;: "))

    @property
    def when(self) -> str:
        """`on 3 May 2003`, or ""."""
        return f"on {day(self.said.date)}" if self.said.date else ""

    @property
    def dated(self) -> str:
        """`(3 May 2003)`, or ""."""
        return f"({day(self.said.date)})" if self.said.date else ""

    @property
    def of(self) -> str:
        """`, of 3 May 2003,`, or ""."""
        return f", of {day(self.said.date)}," if self.said.date else ""

    def clause(self, name: str) -> str:
        """The whole clause; only where there is something `told`."""
        return f"{self.by(name)} {self.told}"

    def by(self, name: str) -> str:
        """The speakers of a statement, the given one first."""
        if len(self.partners) <= PARTNERS:
            return listed([name, *self.partners])
        return f"{name} and {number(len(self.partners))} others"


def saying(said: Evidence, speaker: str) -> Saying:
    """Args:
    said: the statement.
    speaker: id of the one whose summary it is; the other speakers are its partners.
    """
    text, that = _bare(said.quote)
    words = shorten(text)
    shown = f"“{_inner(words)}{' …' if len(words) < len(text) else ''}”"
    near = said.cue_span is not None and bool(said.content) and 0 <= said.content[0][0] - said.cue_span[1] <= 2
    others = [s for s in said.speakers if s.id != speaker and s.kind in NAMED]
    fits = near and follows(said.cue, words, plural=bool(others))
    told = f"{said.cue}{' that' if that else ''} {shown}" if fits else ""
    names = tuple(article(s.name) if s.kind != "person" else s.name for s in others)
    return Saying(said, Quote(said.statement_id, words), shown, told, names if len(names) < len(said.speakers) else ())


def _bare(text: str) -> tuple[str, bool]:
    """A content without its own quotation marks and final stop, and whether a "that" was taken off its front.

    Of a content that begins with a quotation and goes on after it, the quotation alone is kept.

    >>> _bare("that “the limes stay”."), _bare("“We plant,” ... “and we water.”")
    (('the limes stay', True), ('We plant', False))
    """
    text = text.strip().rstrip(" ,;").lstrip("—–- ")
    that = THAT.match(text)
    if that:
        text = text[that.end() :]
    for left, right in MARKS:
        inner, _, rest = text[1:].partition(right)
        if text[0] == left and (not rest.strip(" .,;") or rest.startswith((" ... ", " .."))) and left not in inner:
            text = inner
    return text.rstrip(" ,;").removesuffix("."), bool(that)


def _inner(words: str) -> str:
    """Quotation marks within a quotation.

    >>> _inner('the limes are "ours" and “stay”')
    'the limes are ‘ours’ and ‘stay’'
    """
    return re.sub(r'"([^"]*)"', r"‘\1’", words).translate(str.maketrans("“”", "‘’"))
