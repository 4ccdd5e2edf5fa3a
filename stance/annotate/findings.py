"""What an import finds on its way: faults, which refuse the file, and notes, which are counted and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from stance.errors import InputError
from stance.types import Doc, Speaker

SHOWN = 20
"""Faults that one message lists."""


@dataclass
class Findings:
    faults: list[str] = field(default_factory=list)
    """FILE:LINE: what is wrong. What to do."""
    notes: Counter[str] = field(default_factory=Counter)
    """What was done without asking, and how often."""
    coders: set[str] = field(default_factory=set)
    """Those of articles that several have annotated, as far as the files say who."""

    def refuse(self, where: str, what: str, remedy: str) -> None:
        self.faults.append(f"{where}: {what}. {remedy}.")

    def note(self, what: str, times: int = 1) -> None:
        self.notes[what] += times

    @contextmanager
    def reading(self, where: str, tool: str) -> Iterator[None]:
        """Make a fault of what a file lacks: a tool's own files have every key, and numbers where numbers belong."""
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"this is not as {tool} writes it ({type(error).__name__}: {error})"
            self.refuse(where, what, f"Export it from {tool} again, or mend it by a file that stance has exported")

    def raise_faults(self) -> None:
        """InputError with all faults, if there are any."""
        if not self.faults:
            return
        rest = len(self.faults) - SHOWN
        more = [f"and {rest} more; stance annotate check lists them all"] if rest > 0 else []
        raise InputError("\n".join([*self.faults[:SHOWN], *more]))


@dataclass(frozen=True)
class Source:
    """What a format reads: files, the articles that they are about, and how to choose between annotations."""

    files: tuple[Path, ...]
    base: Mapping[str, Doc]
    """By article id, the run or the articles that were exported; empty where none were given."""
    findings: Findings
    coder: str | None = None
    """Whose annotation is taken where an article has several."""
    targets: Collection[str] | None = None
    """The targets that there are, topics written as topic/ID; None where any will do."""
    predictions: bool = False
    """Whether a prediction that nobody has looked at counts as annotation."""

    def article(self, article_id: str, where: str) -> Doc | None:
        """The article of that id, or None with a fault."""
        if article_id not in self.base:
            known = ", ".join([*self.base][:3])
            remedy = f"The run has {known}, …: give the one that was exported"
            self.findings.refuse(where, f"there is no article {article_id!r}", remedy)
        return self.base.get(article_id)

    @cached_property
    def speakers(self) -> dict[str, Speaker]:
        """The run's speakers by name, in small letters; of several with one name the first."""
        found: dict[str, Speaker] = {}
        for doc in self.base.values():
            for statement in doc.statements:
                for speaker in statement.speakers:
                    found.setdefault(speaker.name.casefold(), speaker)
        return found


def read_text(path: Path, mark: bool = False) -> str:
    """A file's text with the line ends that it has.

    Args:
        path: the file.
        mark: whether a byte order mark at its beginning is a character of the text.

    Raises:
        InputError: it is missing or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8" if mark else "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}. Save or export it as UTF-8.") from error


def once(docs: Iterable[tuple[Doc, str, str]], source: Source) -> list[Doc]:
    """Each article once: of several annotations the chosen coder's.

    Args:
        docs: each with its coder ("" where the file does not say) and where it stands.
    """
    found: dict[str, list[tuple[Doc, str, str]]] = {}
    for doc, coder, where in docs:
        found.setdefault(doc.article.id, []).append((doc, coder, where))
    kept = []
    for name, several in found.items():
        if len(several) > 1:
            source.findings.coders |= {coder for _, coder, _ in several if coder}
        own = [one for one in several if source.coder in (None, one[1])]
        if len(own) == 1:
            kept.append(own[0][0])
        elif own:
            coders = ", ".join(sorted({coder for _, coder, _ in own if coder})) or "one coder"
            source.findings.refuse(
                own[1][2], f"article {name!r} is annotated {len(own)} times, by {coders}", "Choose with --coder"
            )
        else:
            source.findings.note("articles that the chosen coder has not annotated are left out")
    return kept
