"""Puts the page together: its template, its style, its script and what they show."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stance.report.blocks import by_target, numbers
from stance.report.html.facts import facts
from stance.report.html.findings import findings
from stance.report.html.payload import payload
from stance.report.positions import Positions
from stance.report.summary import Summaries

FOLDER = Path(__file__).parent
SCRIPTS = ("base", "plots", "matrix", "article", "panel", "lists", "pages", "changes", "compare", "main")
STYLES = ("page", "matrix", "pages", "panel", "screens", "print")

TOP = 200
"""Speakers that a page holds where nobody asks for more or fewer: enough to browse, few enough to load at once."""


def render_html(data: Positions, top: int = TOP, summaries: Summaries | None = None) -> str:
    """The whole page; the same run gives the same text.

    It asks for nothing from anywhere, and runs no script but its own, whatever stands in the articles: all texts are
    data to it, and its security policy names the script by its hash.

    Args:
        data: the positions.
        top: speakers taken at the most, those with most statements first.
        summaries: who writes the prose; the rules where it is None.
    """
    told = payload(data, top)
    script = "\n".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    style = "\n".join((FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    about = facts(data, told)
    found = findings(data, told, summaries or Summaries(data))
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["numbers"] = numbers
    return environment.get_template("page.html").render(
        about=about,
        blocks=by_target(data, top),
        data=as_data({**told, "about": about, "findings": found}),
        script=script,
        script_hash=_hash(script),
        style=style,
        style_hash=_hash(style),
    )


def as_data(values: Any) -> str:
    """JSON that may stand in a script element: nothing in it can end the element or open a comment."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    """As a content security policy names an inline element."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
