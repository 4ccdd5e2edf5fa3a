"""Everything about an evaluation in one folder: result.json, table.md, and pictures."""

from __future__ import annotations

import json
from pathlib import Path

from stance.errors import InputError
from stance.evaluate.plots import write_plots
from stance.evaluate.render import markdown
from stance.evaluate.result import Result


def save(result: Result, folder: str | Path) -> None:
    """Write a result as JSON, as a Markdown table, and as SVG and PNG pictures; InputError where that cannot be."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(result.to_json(), ensure_ascii=False) + "\n"
        (folder / "result.json").write_text(text, encoding="utf-8")
        (folder / "table.md").write_text(markdown(result), encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write to {folder}: {error.strerror}. Give another folder with --save.") from error
    write_plots(result, folder)
