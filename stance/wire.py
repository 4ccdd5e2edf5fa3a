"""What news agencies write around a story: datelines, header lines, credits, editors' notes; and dates.

Recognising them serves two ends: outlet and date are recovered, and nobody's statement is made of them.
Nothing here alters a text or opens a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from stance.types import Span

AGENCIES = {
    name.lower(): name
    for name in (
        "Xinhua;Reuters;TASS;AFP;AP;Anadolu;PTI;Yonhap;Kyodo;UPI;EFE;ANSA;DPA;IRNA;SANA;WAM;SPA;KUNA;MENA;BERNAMA;CNA;"
        "RIA Novosti;Interfax;Sputnik;Ukrinform;Belta;Prensa Latina;Agência Brasil;Vietnam News Agency;KCNA;ANI;IANS;"
        "APA;Antara;Jiji Press;Al Jazeera;CNN;BBC;CGTN;RT;Deutsche Welle;People's Daily;China Daily;Global Times;"
        "Kremlin;White House;NHK;VOA;Bloomberg;Euronews;UN News;Tasnim;Fars;Mehr;Press TV;"
        "Associated Press;Agence France-Presse"
    ).split(";")
}
"""Lower-case form to the name as it is written."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_MONTH_FIRST = rf"(?P<month1>{_MONTH}) ?(?P<day1>{_DAY})(?!\d)(?:,? (?P<year1>(?:19|20)\d\d))?"
_DAY_FIRST = rf"(?P<day2>{_DAY})[ -](?P<month2>{_MONTH})(?:(?:,? |-)(?P<year2>(?:19|20)\d\d))?"
_ISO = r"(?P<iso>(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01]))(?!\d)"
_ANY_DATE = re.compile(rf"(?<![\w-])(?:{_ISO}|{_MONTH_FIRST}|{_DAY_FIRST})", re.IGNORECASE)
_LOOSE_DATE = re.compile(
    rf"\d{{1,2}} ?[/.-] ?\d{{1,2}}(?:[/.-]\d{{2,4}})?|\b{_DAY}[ -]{_MONTH}(?!\w)|\b{_MONTH} ?{_DAY}\b"
    r"|\b\d+ (?:minute|hour|day|week|month|year)s? ago\b",
    re.IGNORECASE,
)
"""Dates without a year, in figures, or by distance: they mark a header line, and date nothing."""

_NAME = r"[^\W\d_]\w*(?:[.'’`-]\w+)*\.?"
_PLACE = rf"{_NAME}(?:(?:/| |, | & | \()(?:{_NAME})\)?){{0,7}}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE})?"
    rf"(?P<date>(?:, |: | |^)(?:{_MONTH_FIRST}|{_DAY_FIRST})\.?)?"
    r"(?P<agency>,? ?(?:\((?P<paren>[^()\n]{2,60})\)|/(?P<slash>[A-Z][\w .-]{1,30})/)| ?, (?P<comma>[A-Z]{3,8})(?=\W))?"
    r"(?P<end>\.? ?(?:--+|[—–]|(?<=\) )/(?=\s)|(?<=\s)- -|(?<=[\s).])-(?=\s)|:(?=\s))(?: -)?(?=\s|$|[A-Z\"“])\s?"
    r"|\s?\.? (?=[A-Z\"“‘'])|\.?(?=\s*$))"
)
_NAMED_AFTER = re.compile(r"(?P<name>[A-Z][\w ]{1,25}?)\. ")


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of a news story: "GENEVA, March 3 (AFP) -- "."""

    span: Span
    """From the paragraph's start to where its prose begins."""
    outlet: str | None = None
    month: int | None = None
    day: int | None = None
    year: int | None = None


def dateline(text: str, paragraph: Span, leading: bool = True) -> Dateline | None:
    """The dateline that a paragraph begins with, if it has one.

    With a date or an agency a place may be written in any way. A place alone counts only where the paragraph
    leads the article, in capitals or before a long dash. What looks like a dateline and is a clause
    ("Trump - who ...") is none.
    """
    head = text[paragraph.start : min(paragraph.end, paragraph.start + 160)]
    match = _DATELINE.match(head)
    if not match or not match.end() or not (match["place"] or match["agency"]):
        return None
    end, named = match.end(), None
    if head[match.start("end") : end].strip() and (after := _NAMED_AFTER.match(head, end)):
        if after["name"].lower() in AGENCIES:  # "MOSCOW, Oct 11 – RIA Novosti. Moscow will ..."
            named, end = AGENCIES[after["name"].lower()], after.end()
    within = re.search(r"\(([^()]+)\)$", match["place"] or "")
    written = match["paren"] or match["slash"] or match["comma"] or (within[1] if within else "")
    agency = _agency(written, bool(match["date"]) and not within)
    if not _plausible(match, head, agency or named, leading):
        return None
    month, day = match["month1"] or match["month2"], match["day1"] or match["day2"]
    year = match["year1"] or match["year2"]
    return Dateline(
        Span(paragraph.start, paragraph.start + end),
        outlet=named or agency,
        month=_MONTHS.index(month[:3].lower()) + 1 if month else None,
        day=int(re.sub(r"\D", "", day)) if day else None,
        year=int(year) if year else None,
    )


_PARTICLES = frozenset("de of la el del da do al the s und in".split())
_NO_PLACE = frozenset(
    "a an and as at but by for he his i if in it its my no not now of on or our she so that the there these they this "
    "those to today we well what when who yes yet you file note photo image video q".split()
)


def _plausible(match: re.Match[str], head: str, agency: str | None, leading: bool) -> bool:
    place, separator = match["place"] or "", match["end"].strip(" .\n")
    after = head[match.end() :].lstrip()
    words = re.findall(r"[^\W\d_]+", place)
    if after[:1].islower() or any(word[0].islower() and word not in _PARTICLES for word in words):
        return False
    if agency or not place:
        return agency is not None
    if match["date"]:
        return bool(separator)
    if not leading or separator in ("", ":") or words[0].lower() in _NO_PLACE:
        return False
    first = re.split(r"[,/(]", place)[0].strip()
    if first.isupper():
        return len(first) > 2 and len(first.split()) <= 4
    return separator != "-" and len(words) <= 4 and bool(after)


def _agency(written: str, dated: bool) -> str | None:
    """The agency's name: a known one in its usual spelling, or after a date whatever name stands there."""
    first = re.split(r"[,;/]| -", written)[0].strip(" .")
    if first.lower() in AGENCIES:
        return AGENCIES[first.lower()]
    for name, usual in AGENCIES.items():
        if len(name) > 4 and re.match(rf"{re.escape(name)}\b", first, re.IGNORECASE):
            return usual
    return first if dated and first and first[0].isupper() and len(first.split()) <= 4 else None


_CREDIT = re.compile(
    r"[\s(\[*_—–-]*(?:"
    + "|".join(
        (
            r"(?:a(?:d)?ditional |with |based on |some )?reporting (?:and \w+ )?by\b",
            r"(?:writing|editing|compiled|edited|reported|translated|written|proofread(?:ing)?) by\b",
            r"(?:web |copy )?editors? ?:|editor[’']?s?[’']? note\b|disclaimer\b",
            r"(?:with )?(?:additional )?inputs? from\b|with (?:agencies|files from)\b",
            r"(?:\W?©|\(c\)|copyright)\s*[\w@©(,’'. -]{0,60}(?:\d{4}|reserved|@|\bby\b)|[©@] ?\w|all rights reserved",
            r"our standards ?:|(?:photo(?:graph)?s?|image|video) by\b",
            r"(?:reporters?|writer|photo(?:graph)?s?|image|video|source|contact) ?:(?! ?[\"“])",
            r"file photo\b|photo credit\b|file [-–—] |\[?(?:un |ap |afp )?photo/\w|getty images",
            r"purchase licensing rights|this (?:article|story) is more than",
            r"some (?:material|information) (?:for|in) this|the associated press contributed",
            r"this (?:material|story|article|report|version) (?:may|has|was|is|of)\b.{0,60}"
            r"(?:publish|broadcast|refiled|funded|updated|correct|edited|generated|syndicat)",
            r"correct(?:s|ed|ing) (?:\w+ ){0,3}(?:para|spelling|typo|headline|dateline)",
            r"(?:read|see) (?:more|also|or share)\b",
            r"(?:recommended|related|more|also on \w+|don['’]t miss|most read) ?(?::|$)",
            r"(?:sign up|subscribe) (?:to|for|here)\b|click here\b|continue reading|download the \w+ app|leave a reply",
            r"follow .{1,80}?\bon (?:twitter|facebook|x|telegram)\b|join the .{1,40}channel|back to top",
            r"(?:write|reach) (?:to )?[A-Z].{1,60}?(?:@|\bon twitter)",
            r"\(?\$1 ?= |https?://\S+$|\S+@\S+\.\w+$",
        )
    )
    + ")",
    re.IGNORECASE,
)
_CREDIT_AT_END = re.compile(
    r"(?:contributed to this (?:report|story|article)|(?:reported|wrote) from [A-Z][\w, .]{2,40})\.?$"
    r"|[(\[](?i:(?:file )?photo|image|picture)\b[^()\[\]]{0,80}[)\]]$"
    r"|\((?:Xinhua|AFP|AP|Reuters)(?:/| [Pp]hoto)[^()]{0,60}\)$"
    r"|\b(?:REUTERS|AFP|EPA|AP)(?:/| Photo/)[A-Z][\w .-]{2,40}$|\b[Gg]etty [Ii]mages\)?$"
)
_TRAILING_CREDIT = re.compile(
    r"\s*[(\[](?:(?:additional |with )?reporting by|writing by|editing by|(?:web )?editor|reporter|corrects|photo by|©)"
    r"[^()\[\]]*[)\]]?\s*$"
    rf"|(?<=[.!?”\"’])\s*\((?:{'|'.join(re.escape(a) for a in AGENCIES.values())})\)\s*$"
    r"|(?<=[.!?”\"’])\s*(?:Copyright (?:by|@|\(c\)|\d{4})|©)[^.\n]{3,120}\.?\s*(?:all rights reserved\.?)?\s*$"
    r"|\s*[■□●◆♦]\s*$"
    r"|(?<=[.!?”\"’])\s+(?-i:ENDS?|ENDITEM|Enditem)\.?\s*$",
    re.IGNORECASE,
)

_CREDIT_REACH = 1500
"""Characters at a paragraph's end in which credits are looked for."""
_RIGHTS = re.compile(r"© ?\d{4}\b")
_BEFORE_CREDIT = re.compile(r"[.!?][”\"’)]*(?=\s*(?:Source: |[^\s.!?]))(?![a-z.])")


def is_credit(line: str) -> bool:
    """Whether a paragraph is an agency's or editor's: credits, captions, corrections, copyright, links, rates."""
    line = " ".join(line.split())
    if not any(char.isalpha() for char in line):
        return True
    if len(line) > 600:
        return False
    if line[0] == "[" and line[-1] == "]" and len(line) < 160:
        return True
    return bool(_CREDIT.match(line) or (len(line) < 400 and _CREDIT_AT_END.search(line)))


def trailing_credit(text: str, paragraph: Span) -> int:
    """Where a paragraph's prose ends, without credits that run on in its line; its start where it is all credit."""
    start = max(paragraph.start, paragraph.end - _CREDIT_REACH)
    tail = text[start : paragraph.end]
    if rights := _RIGHTS.search(tail):
        ends = [m.end() for m in _BEFORE_CREDIT.finditer(tail, 0, rights.start())]
        return start + (ends[-1] if ends else 0)
    found = _TRAILING_CREDIT.search(tail, max(0, len(tail) - 400))
    return start + found.start() if found else paragraph.end


def find_date(line: str, year: int | None = None) -> tuple[str, Span] | None:
    """The first date in a line as an ISO date, and where it stands; `year` completes one that has none."""
    for match in _ANY_DATE.finditer(line):
        found = _iso(match, year)
        if found:
            return found, Span(*match.span())
    return None


def _iso(match: re.Match[str], year: int | None) -> str | None:
    if match["iso"]:
        parts = [int(part) for part in re.split(r"\D", match["iso"])]
    else:
        written = match["year1"] or match["year2"] or year
        if written is None:
            return None
        month, day = match["month1"] or match["month2"], match["day1"] or match["day2"]
        parts = [int(written), _MONTHS.index(month[:3].lower()) + 1, int(re.sub(r"\D", "", day))]
    return iso_date(*parts)


def iso_date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def parse_date(value: Any) -> str | None:
    """A column's date as YYYY-MM-DD; None where it is unknown, incomplete, or can be read in two ways (03/04/2024).

    Takes dates, datetimes, ISO strings, compact 20240911, written-out English dates, and seconds or
    milliseconds since 1970.
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if not isinstance(value, str) or not value.strip():
        return None
    written = value.strip()
    if re.fullmatch(r"\d{8,13}(?:\.\d+)?", written):
        return _from_number(float(written))
    try:
        return datetime.fromisoformat(written).date().isoformat()
    except ValueError:
        found = find_date(written)
        return found[0] if found else _numeric(written)


def _from_number(value: float) -> str | None:
    if value != value or value < 0:
        return None
    if 19000101 <= value <= 21001231:
        return iso_date(int(value) // 10000, int(value) // 100 % 100, int(value) % 100)
    seconds = value / 1000 if value > 1e11 else value
    if not 1e8 < seconds < 1e10:
        return None
    return date.fromtimestamp(0).fromordinal(date(1970, 1, 1).toordinal() + int(seconds // 86400)).isoformat()


def _numeric(written: str) -> str | None:
    match = re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)\b", written)
    if not match:
        return None
    first, second, year = (int(part) for part in match.groups())
    if first > 12 or first == second:
        return iso_date(year, second, first)
    if second > 12:
        return iso_date(year, first, second)
    return iso_date(year, second, first) if "." in written else None


_BYLINE = re.compile(
    r"(?:by|from)\s+[A-Z][\w.'’-]+(?:[\s,|/&]+(?:and\s+|in\s+)?[A-Z][\w.'’-]+){0,10}[\s,:]*$", re.IGNORECASE
)
_CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s?\(?[A-Z]{2,5}(?:[+-]\d+)?\)?)?|\b\d{1,2}\s?[ap]\.?m\.?\b",
    re.IGNORECASE,
)
_HEADER_WORDS = re.compile(
    r"\b(?:published|updated|last|modified|posted|first|date|source|time|on|at|from|by|editor|web|print|share|photo|video|"
    r"gmt|utc|cet|est|edt|bst|ist|msk|beijing|local|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a line above a story says about it."""

    outlet: str | None = None
    date: str | None = None


def header(line: str) -> Header | None:
    """Read a line above a story: "Xinhua) 08:27, September 11, 2024", "By Ann Lee"; None for other lines.

    Such a line holds a date, an hour or a byline, and besides at most the name of an outlet.
    """
    line = line.strip()
    opening = dateline(line, Span(0, len(line))) if line else None
    if not line or len(line) > 140 or (opening and opening.span.end < len(line)):
        return None
    if line.lower() in AGENCIES:
        return Header(outlet=AGENCIES[line.lower()])
    if _BYLINE.match(line):
        return Header()
    found = find_date(line)
    rest = line[: found[1].start] + " | " + line[found[1].end :] if found else line
    rest, hours = _CLOCK.subn(" | ", rest)
    rest, dates = _LOOSE_DATE.subn(" | ", rest)
    if not found and not hours and not dates:
        return None
    names = [name.strip(" .,:;()[]-–—/|") for name in re.split(r"[|()\n,;]|\s[-–—]\s", _HEADER_WORDS.sub(" ", rest))]
    names = [" ".join(name.split()) for name in names if any(char.isalpha() for char in name)]
    words = [word for name in names for word in name.split() if word not in _PARTICLES]
    if len(names) > 3 or any(len(name.split()) > 5 for name in names) or not all(w[0].isupper() for w in words):
        return None
    known = [AGENCIES[name.lower()] for name in names if name.lower() in AGENCIES]
    return Header(
        outlet=known[0] if known else (names[0] if names and found else None), date=found[0] if found else None
    )


def is_header(line: str) -> bool:
    return header(line) is not None
