"""Whether a sentence that a language model wrote is supported by the statements that it cites.

The check is by words, so that anyone can repeat it. A sentence passes if

1. it cites at least one statement, and only statements that it was given;
2. it names the speaker of each cited statement, and no other speaker of the run that the cited words do not name;
3. it says supported, favored, opposed, rejected or the like of a target only as the cited labels do, turned round by a
   "not" before it, and cites no label of the other side beside it;
4. each quotation stands in a cited statement to the letter (spaces aside);
5. each number is in a cited statement, is part of its date, or is the number of statements cited;
6. it denies something only if a cited statement, or an opposing label, does;
7. each other word that carries content stands in a cited statement, its cue, source, date or outlet, in the names of
   its speakers, their roles and affiliations, or in the target's wording; endings do not matter.

It does not see who does what to whom within one statement: "A asked B" passes for "B asked A".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.report.evidence import Evidence
from stance.report.holding import Book, Holder
from stance.report.wording import WORDS, day

QUOTED = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:[’'-][^\W\d_]+)*")
FAVOR = re.compile(r"(?:support|favou?r|back(?:s|ed|ing)?$|endors|advocat|champion|approv|welcom)", re.IGNORECASE)
AGAINST = re.compile(
    r"(?:oppos|against$|reject|condemn|criticis|criticiz|denounc|disapprov|refus|resist)", re.IGNORECASE
)
NEGATION = frozenset("no not never nor neither without cannot nobody nothing".split())
REACH = 3
"""Words before a word of support or opposition in which a negation turns it round."""

STEM = 5
"""Letters by which two forms of a word are taken for one."""

FRAME = frozenset((Path(__file__).parent / "frame_words.txt").read_text(encoding="utf-8").split()) | frozenset(WORDS)
"""Words that any sentence about statements may use; none of them says how many or how firmly."""


@dataclass(frozen=True, slots=True)
class Source:
    """A statement that a model may cite."""

    holder: Holder
    said: Evidence


def objection(text: str, cited: Sequence[Source], book: Book, target: str) -> str:
    """What keeps the cited statements from supporting a sentence, in a few words; "" if nothing does.

    Args:
        text: the sentence without its citations.
        cited: the statements that it cites.
        book: the run.
        target: what the statements bear on.
    """
    if not cited:
        return "cites no statement that it was given"
    plain = QUOTED.sub(" ", text)
    heard = " ".join(words for source in cited for words in _heard(source, book.data.by))
    known = _stems(" ".join([heard, book.phrase(target), book.data.proposition(target)]))
    tokens = TOKEN.findall(plain)
    return (
        _quotation(text, cited)
        or _speakers(plain, cited, book, heard)
        or _direction(tokens, cited, known)
        or _negation(tokens, cited, heard)
        or _number(tokens, cited, heard)
        or _content(tokens, known)
    )


def _heard(source: Source, by: str) -> Iterable[str]:
    """All that may be told of a statement."""
    said = source.said
    speakers = [part for s in said.speakers for part in (s.name, s.role, s.affiliation)]
    row = source.holder.row
    yield from (said.quote, said.cue, said.source, said.outlet or "", row.name, row.role, row.affiliation, *speakers)
    yield day(said.date) if said.date else ""
    yield source.holder.full if by != "speaker" else ""


def _stem(word: str) -> str:
    folded = word.casefold().replace("’", "'")
    return folded.removesuffix("'s")[:STEM]


def _stems(text: str) -> set[str]:
    return {_stem(part) for token in TOKEN.findall(text) for part in (token, *re.split(r"[-’']", token))}


def _quotation(text: str, cited: Sequence[Source]) -> str:
    if text.count("“") != text.count("”") or text.count('"') % 2:
        return "a quotation is not closed"
    for one, other in QUOTED.findall(text):
        quoted = " ".join((one or other).split()).rstrip(".,;… ").lstrip("… ")
        if not quoted or not any(quoted in source.said.quote for source in cited):
            return f"no cited statement has the words “{one or other}”"
    return ""


def _speakers(plain: str, cited: Sequence[Source], book: Book, heard: str) -> str:
    for source in cited:
        if not any(_names(plain, name) for name in (source.holder.row.name, source.holder.short)):
            return f"does not name {source.holder.row.name}, who speaks in a statement cited"
    own = {source.holder.id for source in cited}
    for holder in book.holders:
        if holder.id not in own and _names(plain, holder.row.name) and not _names(heard, holder.row.name):
            return f"names {holder.row.name}, of whom no statement cited speaks"
    return ""


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _direction(tokens: Sequence[str], cited: Sequence[Source], known: set[str]) -> str:
    """Compares the sides that a sentence names with the labels of the statements it cites."""
    found = set()
    for place, token in enumerate(tokens):
        side = "favor" if FAVOR.match(token) else "against" if AGAINST.match(token) else ""
        # A copied "condemned" tells what was condemned; what the tool itself asks for is always a claim.
        if not side or (_stem(token) in known and not re.match(r"(?:support|oppos|favou?r)", token, re.IGNORECASE)):
            continue
        before = {word.casefold() for word in tokens[max(0, place - REACH) : place]}
        if before & NEGATION or any(word.endswith(("n't", "n’t")) for word in before):
            side = "against" if side == "favor" else "favor"
        found.add(side)
    labels = {source.said.label for source in cited} - {"neutral"}
    if found and found != labels:
        return f"says {' and '.join(sorted(found))} where the labels are {' and '.join(sorted(labels)) or 'neutral'}"
    return ""


def _negation(tokens: Sequence[str], cited: Sequence[Source], heard: str) -> str:
    denies = [t for t in tokens if t.casefold() in NEGATION or t.casefold().endswith(("n't", "n’t"))]
    own = {token.casefold() for token in TOKEN.findall(heard)}
    backed = own & NEGATION or any(word.endswith(("n't", "n’t")) for word in own)
    if denies and not backed and all(source.said.label != "against" for source in cited):
        return f"“{denies[0]}” has nothing behind it"
    return ""


def _number(tokens: Sequence[str], cited: Sequence[Source], heard: str) -> str:
    amount = {str(len(cited)), WORDS[len(cited)] if len(cited) < len(WORDS) else "", "one", "no"}
    own = amount | {token.casefold().strip(".,") for token in TOKEN.findall(heard)}
    for token in tokens:
        word = token.casefold().strip(".,")
        if (word[0].isdigit() or word in WORDS) and word not in own:
            return f"the number {token} has nothing behind it"
    return ""


def _content(tokens: Sequence[str], known: set[str]) -> str:
    for token in tokens:
        word = token.casefold().removesuffix("'s").removesuffix("’s")
        if word[0].isdigit() or len(word) < 3 or word in FRAME or word in NEGATION or word.endswith(("n't", "n’t")):
            continue
        if FAVOR.match(word) or AGAINST.match(word) or _stem(word) in known:
            continue
        if all(part in FRAME or _stem(part) in known for part in re.split(r"[-’']", word)):
            continue
        return f"“{token}” has nothing behind it"
    return ""
