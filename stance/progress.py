"""How a run goes, for a person at a terminal. Silence is a value too: elsewhere nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from stance.cluster import ShardCounts
    from stance.store import Counts
    from stance.types import Article


class Silence:
    """Is told everything and shows nothing."""

    wants_total = False

    def expect(self, articles: Iterable[Article]) -> None:
        """Learn what there is to do."""

    def advance(self, article: Article, fresh: bool) -> None:
        """Learn that an article is finished; `fresh`: now, not by an earlier start."""

    def __enter__(self) -> Silence:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Bar(Silence):
    """A progress bar with rate and time left. It moves by the length of the articles, which is what time depends on."""

    wants_total = True

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.fields[articles]}"),
            BarColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task: Any = self._progress.add_task("", total=None, articles="starting", rate="")
        self._expected = 0
        self._finished = 0
        self._fresh = 0

    def expect(self, articles: Iterable[Article]) -> None:
        characters = 0
        for article in articles:
            self._expected += 1
            characters += _size(article)
        self._progress.update(self._task, total=characters)

    def advance(self, article: Article, fresh: bool) -> None:
        self._finished += 1
        self._fresh += fresh
        elapsed = self._progress.tasks[0].elapsed or 0
        rate = f"{60 * self._fresh / elapsed:,.0f} a minute" if elapsed > 1 else ""
        of = f" of {self._expected:,}" if self._expected else ""
        self._progress.update(self._task, articles=f"{self._finished:,}{of} articles", rate=rate)
        self._progress.advance(self._task, _size(article))

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()


def _size(article: Article) -> int:
    return len(article.text) + 200


def summary(counts: Counts, seconds: float, folder: object) -> str:
    """A run in three lines at the most: what was found, how long it took, what went wrong."""
    rate = f", {60 * counts.fresh / seconds:,.0f} articles a minute" if counts.fresh and seconds > 1 else ""
    before = f" ({counts.articles - counts.fresh:,} of them before)" if counts.articles > counts.fresh else ""
    dropped = f" {counts.dropped:,} dropped, no longer in the input." if counts.dropped else ""
    lines = [
        f"{counts.articles:,} articles{before}, {counts.statements:,} statements, {counts.speakers:,} named speakers, "
        f"{counts.stances:,} stances in {_duration(seconds)}{rate}.{dropped}",
        f"Results: {folder}  (next: stance report {folder})",
        *_problems(counts.problems, f"See {folder}/problems.jsonl."),
    ]
    return "\n".join(lines)


def shards_summary(counts: ShardCounts, seconds: float, folder: object) -> str:
    """As `summary`, for shards that were labelled on a cluster."""
    rate = f", {60 * counts.fresh_articles / seconds:,.0f} articles a minute" if counts.fresh else ""
    before = f" ({counts.shards - counts.fresh:,} of them before)" if counts.shards > counts.fresh else ""
    lines = [
        f"{counts.shards:,} shards{before}, {counts.articles:,} articles, {counts.statements:,} statements, "
        f"{counts.stances:,} stances in {_duration(seconds)}{rate}.",
        f"Results: {folder}  (next: stance merge {folder} -o run)",
        *_problems(counts.problems, "`stance merge` lists them."),
    ]
    return "\n".join(lines)


def _problems(found: Counter[str], where: str) -> Iterator[str]:
    if found:
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in found.most_common())
        yield f"{found.total():,} problems: {kinds}. {where}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"
