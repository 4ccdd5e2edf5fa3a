"""Who speaks in a whole run: speakers joined across articles, and people's decisions about them."""

from stance.speakers.census import NAMED, UNKNOWN, Entry, census
from stance.speakers.decisions import Decision, Decisions, append, as_line, load
from stance.speakers.export import as_registry
from stance.speakers.listing import HOW, Listed, how_shares, listing
from stance.speakers.settle import Settled

__all__ = [
    "HOW",
    "NAMED",
    "UNKNOWN",
    "Decision",
    "Decisions",
    "Entry",
    "Listed",
    "Settled",
    "append",
    "as_line",
    "as_registry",
    "census",
    "how_shares",
    "listing",
    "load",
]
