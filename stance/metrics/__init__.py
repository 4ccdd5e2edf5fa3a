"""How good a labelling is: counts by article, their sums, intervals and tests. Gold and prediction are Docs."""

from stance.metrics.agreement import Alpha, KindAlpha, WordAlpha, krippendorff_alpha
from stance.metrics.articles import articles
from stance.metrics.attribution import attribution
from stance.metrics.bootstrap import Paired, interval, paired
from stance.metrics.coders import Coded, Group, aligned, coders
from stance.metrics.counts import PRF, Calibration, Confusion, Count, FavorAgainst, Scores, Share
from stance.metrics.labels import labels
from stance.metrics.positions import PositionCells, PositionCorrelation, Positions
from stance.metrics.risk import RiskCoverage
from stance.metrics.spans import exact_content, jaccard, part
from stance.metrics.speakers import Alias, mention_type, normalised, same_speaker, speaker_pairs
from stance.metrics.statements import in_order, match_statements, stances_by_target

TYPES: dict[str, type[Count]] = {
    kind.__name__: kind
    for kind in (
        *(PRF, Share, Confusion, FavorAgainst, Calibration, RiskCoverage),
        *(Alpha, KindAlpha, WordAlpha, Positions, PositionCorrelation, PositionCells),
    )
}
"""Kinds of counts by the name that result files keep."""

__all__ = [
    "PRF",
    "TYPES",
    "Alias",
    "Alpha",
    "Calibration",
    "Coded",
    "Confusion",
    "Count",
    "FavorAgainst",
    "Group",
    "KindAlpha",
    "Paired",
    "PositionCells",
    "PositionCorrelation",
    "Positions",
    "RiskCoverage",
    "Scores",
    "Share",
    "WordAlpha",
    "aligned",
    "articles",
    "attribution",
    "coders",
    "exact_content",
    "in_order",
    "interval",
    "jaccard",
    "krippendorff_alpha",
    "labels",
    "match_statements",
    "mention_type",
    "normalised",
    "paired",
    "part",
    "same_speaker",
    "speaker_pairs",
    "stances_by_target",
]
