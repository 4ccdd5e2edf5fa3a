"""How good a labelling is: counts by article, their sums, intervals and tests. Gold and prediction are Docs."""

from stance.metrics.bootstrap import Paired, interval, paired
from stance.metrics.counts import PRF, TYPES, Calibration, Confusion, Count, FavorAgainst, Scores, Share
from stance.metrics.labels import labels
from stance.metrics.spans import attribution, exact_content, jaccard
from stance.metrics.speakers import Alias, mention_type, normalised, same_speaker, speaker_pairs
from stance.metrics.statements import articles, match_statements

__all__ = [
    "PRF",
    "TYPES",
    "Alias",
    "Calibration",
    "Confusion",
    "Count",
    "FavorAgainst",
    "Paired",
    "Scores",
    "Share",
    "articles",
    "attribution",
    "exact_content",
    "interval",
    "jaccard",
    "labels",
    "match_statements",
    "mention_type",
    "normalised",
    "paired",
    "same_speaker",
    "speaker_pairs",
]
