"""Out to the tools that people annotate with, and back in; one file a format."""

from stance.annotate.exchange import Written, chosen, export, read, write_rows
from stance.annotate.findings import Findings
from stance.annotate.form import Export, Format
from stance.annotate.formats import FORMATS, format_named
from stance.annotate.rows import article_rows, docs_of, topics_of

__all__ = [
    "FORMATS",
    "Export",
    "Findings",
    "Format",
    "Written",
    "article_rows",
    "chosen",
    "docs_of",
    "export",
    "format_named",
    "read",
    "topics_of",
    "write_rows",
]
