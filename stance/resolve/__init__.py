"""Who is meant by a source: names, titles, pronouns, sides and metonyms resolved to speakers.

`Resolver(Registry.load(path)).resolve(docs)` fills `Statement.speakers`.
"""

from stance.resolve.registry import Known, Registry
from stance.resolve.resolver import Resolver

__all__ = ["Known", "Registry", "Resolver"]
