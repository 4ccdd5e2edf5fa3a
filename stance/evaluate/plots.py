"""An evaluation as pictures: scores with intervals, reliability, risk. The same result gives the same files."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from stance.errors import InputError
from stance.evaluate.names import LOW, alone
from stance.evaluate.render import metrics
from stance.evaluate.result import Result
from stance.metrics import Calibration, RiskCoverage

STYLE: dict[Any, Any] = {"svg.hashsalt": "stance", "svg.fonttype": "none", "font.size": 9, "figure.dpi": 144}
SETTINGS: dict[str, dict[str, Any]] = {"svg": {"metadata": {"Date": None}}, "png": {"metadata": {"Software": None}}}
COLOURS = ("#1b6ca8", "#d1495b", "#66a182", "#edae49", "#6a4c93", "#8d8d8d", "#2e4057", "#b08968")
LEFT_OUT = ("ggt.", "citron.")


def write_plots(result: Result, folder: str | Path) -> list[Path]:
    """Write scores, reliability and risk as SVG and PNG, as far as the product has what they show; the files' paths.

    Raises:
        InputError: they cannot be written.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder = Path(folder)
    drawings: dict[str, Callable[[Any, Result], None]] = {"scores": _scores}
    kinds = {type(result.main.scores.counts[name][0]) for name in result.main.metrics}
    if Calibration in kinds:
        drawings["reliability"] = _reliability
    if RiskCoverage in kinds:
        drawings["risk"] = _risk
    written = []
    with matplotlib.rc_context(STYLE):
        for name, draw in drawings.items():
            figure = pyplot.figure(layout="constrained")
            draw(figure, result)
            for form, settings in SETTINGS.items():
                path = folder / f"{name}.{form}"
                try:
                    folder.mkdir(parents=True, exist_ok=True)
                    figure.savefig(path, format=form, **settings)
                except OSError as error:
                    raise InputError(f"Cannot write {path}: {error.strerror}. Give another folder.") from error
                written.append(path)
            pyplot.close(figure)
    return written


def _scores(figure: Any, result: Result) -> None:
    """A dot a system with its 95% interval, for every metric of which more is better."""
    names = [n for n in metrics(result) if n not in LOW and not n.startswith(LEFT_OUT)]
    figure.set_size_inches(7, 0.8 + 0.28 * len(names))
    axes = figure.add_subplot()
    step = 0.7 / max(1, len(result.systems))
    for number, system in enumerate(result.systems):
        places, values, errors = [], [], []
        for row, metric in enumerate(names):
            value, low, high = system.cell(metric) if metric in system.metrics else (math.nan,) * 3
            if not math.isnan(value):
                places.append(row - 0.35 + step * (number + 0.5))
                values.append(value)
                errors.append((max(0.0, value - low), max(0.0, high - value)))
        colour = COLOURS[number % len(COLOURS)]
        error = list(zip(*errors, strict=True)) or None
        axes.errorbar(values, places, xerr=error, fmt="o", ms=3, lw=1, color=colour, label=system.name)
    axes.set_yticks(range(len(names)), [alone(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(min(0.0, axes.get_xlim()[0]), 1.02)
    axes.set_xlabel("score, 95% interval")
    axes.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2, fontsize=7, frameon=False)


def _reliability(figure: Any, result: Result) -> None:
    """The share right in each bin of confidence; calibrated answers lie on the diagonal."""
    figure.set_size_inches(4, 4)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#8d8d8d", lw=1, ls="--")
    own = [n for n in result.main.metrics if isinstance(result.main.scores.counts[n][0], Calibration)]
    for number, name in enumerate(own):
        bins = result.main.scores.total(name).numbers()["bins"]
        points = [(b["confidence"], b["right"]) for b in bins]
        colour = COLOURS[number % len(COLOURS)]
        axes.plot(
            *np.array(points or [(np.nan, np.nan)]).T, "o-", ms=3, lw=1, color=colour, label=name.partition(".")[0]
        )
        for b in bins:
            at = (b["confidence"], b["right"])
            axes.annotate(str(b["n"]), at, fontsize=6, xytext=(3, -7), textcoords="offset points")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share right", aspect="equal")
    axes.legend(fontsize=7, frameon=False)


def _risk(figure: Any, result: Result) -> None:
    """The share wrong among the surest answers, the more of them are kept."""
    figure.set_size_inches(5, 3.5)
    axes = figure.add_subplot()
    for number, system in enumerate(result.systems):
        for name in system.metrics:
            total = system.scores.total(name)
            if isinstance(total, RiskCoverage) and (curve := total.curve()):
                x, y = zip(*curve, strict=True)
                axes.plot(x, y, lw=1.2, color=COLOURS[number % len(COLOURS)], label=system.name)
    axes.set(xlim=(0, 1), xlabel="coverage: share of answers kept, the surest first", ylabel="risk: share wrong")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7, frameon=False)
