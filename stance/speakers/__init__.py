"""Who speaks in a whole run: speakers joined across articles, and people's decisions about them."""

from stance.speakers.census import NAMED, UNKNOWN, Entry, census
from stance.speakers.decisions import Decision, Decisions, append, load
from stance.speakers.settle import Settled

__all__ = ["NAMED", "UNKNOWN", "Decision", "Decisions", "Entry", "Settled", "append", "census", "load"]
