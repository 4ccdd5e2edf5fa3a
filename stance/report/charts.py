"""Figures for a paper, as SVG and PNG: who stands where on a target, speakers by targets, a position over time.

They are as wide as a column (89 mm) or a page (183 mm) of a journal, readable in print without colour: the sign of a
position has a shape, too, and few articles an open mark. The same run gives the same bytes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.report.change import series
from stance.report.estimate import FEW
from stance.report.positions import Position, Positions, SpeakerPositions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMN, PAGE = 3.5, 7.2
"""Widths in inches."""

DPI = 300
FAVOR, AGAINST, EVEN = "#1f6fb2", "#b4590a", "#5b6066"
RAMP = ("#e38f45", "#f5c592", "#f7f7f5", "#a8cdec", "#62a5dc")
"""From against to favor; blue and orange are told apart with any colour vision, and in grey by their text."""

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "stance",
    # Dollar signs in names are dollars, not formulas.
    "text.parse_math": False,
}

ROWS, COLUMNS = 15, 12
"""Speakers and targets drawn at the most, those with most statements."""

FIGURES = 6
"""Targets, and positions over time, that `write_figures` draws at the most."""

DATED = 5
"""Dated statements from which a position is drawn over time."""

PERIODS = 3
"""Periods that such a drawing has at the least."""

TICKS = 5
"""Periods named below an axis, about."""

NAME = 34
"""Characters of a name at the most."""


@dataclass(frozen=True)
class Chart:
    """A figure with what a reader has to know about it."""

    name: str
    """Of its files, without ending."""
    caption: str
    draw: Callable[[], Figure]


def write_figures(data: Positions, folder: str | Path) -> list[Path]:
    """Write the figures of a report, each as SVG and PNG, and their captions.

    Args:
        data: the positions.
        folder: made if it does not exist.

    Returns:
        The files, `captions.md` last.

    Raises:
        InputError: the folder cannot be written.
    """
    import matplotlib

    folder = Path(folder)
    files, captions = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with matplotlib.rc_context(STYLE), warnings.catch_warnings():
            # Names in scripts that the font lacks are drawn as boxes.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            for chart in charts(data):
                figure = chart.draw()
                for ending, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
                    file = folder / f"{chart.name}.{ending}"
                    figure.savefig(file, dpi=DPI, metadata=metadata)
                    files.append(file)
                captions.append(f"**{chart.name}**: {chart.caption}\n")
        (folder / "captions.md").write_text("\n".join(captions), encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write figures to {folder}: {error.strerror}. Give another folder.") from error
    return [*files, folder / "captions.md"]


def charts(data: Positions) -> list[Chart]:
    """All figures that a report has enough statements for."""
    targets = _targets(data)
    made = [heat_map(data)] if targets else []
    alike = [target for target in targets if not data.varies(target) and len(_standing(data, target)) > 1]
    made += [position_plot(data, target) for target in alike[:FIGURES]]
    dated = [
        (speaker, position)
        for speaker in data.speakers
        for position in speaker.positions.values()
        if position.target and len([e for e in position.sure if e.date]) >= DATED and len(series(position)) >= PERIODS
    ]
    dated.sort(key=lambda pair: -len(pair[1].evidence))
    return made + [timeline(data, *pair) for pair in dated[:FIGURES]]


def position_plot(data: Positions, target: str) -> Chart:
    """Speakers on a target, from favor to against: the mean and its interval."""
    rows = _standing(data, target)[:ROWS]
    rows.sort(key=lambda row: (row[1].shrunken or 0, row[0].name))

    def draw() -> Figure:
        figure, axes = _figure(COLUMN, 0.65 + 0.2 * len(rows))
        for y, (_, position) in enumerate(rows):
            _point(axes, position, y, horizontal=True)
        axes.set_yticks(range(len(rows)), [f"{_short(s.name)}  ({len(p.sure)})" for s, p in rows])
        axes.set_ylim(-0.7, len(rows) - 0.3)
        axes.tick_params(axis="y", length=0)
        _scale(axes.set_xlim, axes.set_xticks, axes.axvline)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("against          position          favor")
        return figure

    caption = (
        f"Positions on “{data.proposition(target)}” (mean, 95% interval; in brackets the number of statements). "
        f"{_marks(data)}"
    )
    return Chart(_slug("positions", target), caption, draw)


def heat_map(data: Positions) -> Chart:
    """Speakers by targets: the mean in numbers, its sign and certainty in colour, the number of statements below."""
    targets = _targets(data)[:COLUMNS]
    rows = [s for s in data.speakers if any(t in s.positions for t in targets)][:ROWS]

    def draw() -> Figure:
        figure, axes = _figure(min(PAGE, 2.4 + 0.42 * len(targets)), 1.5 + 0.29 * len(rows))
        for y, speaker in enumerate(rows):
            for x, target in enumerate(targets):
                if target in speaker.positions:
                    _tile(axes, x, y, speaker.positions[target])
        axes.set_xlim(-0.5, len(targets) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [_short(speaker.name) for speaker in rows])
        axes.set_xticks(range(len(targets)), targets, rotation=40, ha="left", rotation_mode="anchor")
        axes.tick_params(length=0, bottom=False, labelbottom=False, labeltop=True)
        for spine in axes.spines.values():
            spine.set_visible(False)
        return figure

    caption = (
        "Positions of those with most statements on the targets with most: the mean from −1 (against) to +1 (favor), "
        "below it the number of statements. Colour follows the mean drawn toward zero where little was said. "
        f"{_marks(data)}"
    )
    return Chart("matrix", caption, draw)


def timeline(data: Positions, speaker: SpeakerPositions, position: Position) -> Chart:
    """A position by month, quarter or year: the mean of each and its interval."""
    points = series(position)

    def draw() -> Figure:
        figure, axes = _figure(COLUMN, 1.9)
        places = [_ordinal(point.period) for point in points]
        axes.plot(places, [point.position.mean or 0.0 for point in points], color=EVEN, linewidth=0.6, zorder=1)
        for x, point in zip(places, points, strict=True):
            _point(axes, point.position, x, horizontal=False)
        named: list[int] = []
        for n, x in enumerate(places):
            if not named or x - places[named[-1]] >= (places[-1] - places[0]) / TICKS:
                named.append(n)
        labels = [f"{points[n].period}\n({len(points[n].position.sure)})" for n in named]
        axes.set_xticks([places[n] for n in named], labels)
        axes.set_xlim(places[0] - 0.6, places[-1] + 0.6)
        _scale(axes.set_ylim, axes.set_yticks, axes.axhline)
        axes.set_ylabel("against      favor")
        return figure

    caption = (
        f"{speaker.name} on “{data.proposition(position.target)}” over time (mean, 95% interval; in brackets the "
        f"number of statements). {_marks(data)}"
    )
    return Chart(_slug("timeline", speaker.id, position.name), caption, draw)


def _ordinal(period: str) -> int:
    """A year, quarter or month as a number, the next one's being one more."""
    year, _, part = period.partition("-")
    if not part:
        return int(year)
    return int(year) * 4 + int(part[1:]) if part.startswith("Q") else int(year) * 12 + int(part)


def _targets(data: Positions) -> list[str]:
    """Targets on which somebody has a position, those with most statements first."""
    sizes: dict[str, int] = {}
    for speaker in data.speakers:
        for position in speaker.positions.values():
            if position.target and position.mean is not None:
                sizes[position.target] = sizes.get(position.target, 0) + len(position.evidence)
    return sorted(sizes, key=lambda target: (-sizes[target], target))


def _standing(data: Positions, target: str) -> list[tuple[SpeakerPositions, Position]]:
    """Those with a position on a target, with most statements first."""
    found = [(speaker, speaker.positions[target]) for speaker in data.speakers if target in speaker.positions]
    return sorted((pair for pair in found if pair[1].mean is not None), key=lambda pair: -len(pair[1].sure))


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _scale(limits: Callable[..., Any], ticks: Callable[..., Any], line: Callable[..., Any]) -> None:
    """An axis from -1 to 1 with a line at 0."""
    limits(-1.1, 1.1)
    ticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "+0.5", "+1"])
    line(0, color="#b0b0ac", linewidth=0.6, zorder=0)


def _point(axes: Axes, position: Position, at: int, horizontal: bool) -> None:
    """A mean with its interval: a triangle toward its side, a circle in between, open for few articles."""
    mean, ends = position.mean or 0.0, position.interval or (0.0, 0.0)
    colour, marker = _look(mean)
    x, y = (mean, at) if horizontal else (at, mean)
    error = [[max(0.0, mean - ends[0])], [max(0.0, ends[1] - mean)]]
    axes.errorbar(
        x,
        y,
        **{"xerr" if horizontal else "yerr": error},
        color=colour,
        marker=marker,
        markersize=5,
        markerfacecolor="white" if position.few else colour,
        markeredgewidth=0.9,
        elinewidth=0.9,
        linestyle="none",
    )


def _look(mean: float) -> tuple[str, str]:
    """Colour and matplotlib marker of a mean."""
    if abs(mean) < 0.1:
        return EVEN, "o"
    return (FAVOR, "^") if mean > 0 else (AGAINST, "v")


def _tile(axes: Axes, x: int, y: int, position: Position) -> None:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    mean = position.mean
    ramp = LinearSegmentedColormap.from_list("sides", RAMP)
    solid = mean is not None and not position.few
    edge = "#b0b0ac" if mean is None else _look(mean)[0]
    look = {"facecolor": ramp(((position.shrunken or 0) + 1) / 2)} if solid else {"facecolor": "none", "linestyle": ":"}
    axes.add_patch(Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, edgecolor=edge, linewidth=0.6, **look))
    sign = "?" if mean is None else {"^": "▲", "v": "▼", "o": "●"}[_look(mean)[1]]
    value = "" if mean is None else f" {mean:+.2f}" if mean else " 0.00"
    count = str(len(position.sure) or len(position.evidence))
    axes.text(x, y - 0.16, f"{sign}{value.replace('-', '−')}", ha="center", va="center", fontsize=5.8)
    axes.text(x, y + 0.22, count, ha="center", va="center", fontsize=5.5)


def _marks(data: Positions) -> str:
    """What holds for all figures: their signs, and what they were made from."""
    counts = data.info.get("counts", {})
    source = f"{counts.get('statements', 0):,} statements in {counts.get('articles', 0):,} articles"
    made = f"stance {data.info.get('version', '')}, settings {str(data.info.get('hash', ''))[:12]}"
    return f"Open marks: fewer than {FEW} articles. From {source}; {made}."


def _short(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1].rstrip() + "…"


def _slug(*parts: str) -> str:
    """A file name of plain letters; ids may hold anything."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", part.casefold()).strip("-") or "x" for part in parts)
