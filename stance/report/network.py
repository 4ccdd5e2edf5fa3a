"""Discourse networks for Gephi and the like: who holds what (two modes), and who agrees with whom (one mode).

Plain GEXF 1.2 and GraphML, as Gephi reads them: `weight` is positive, and what an edge is for or against stands in
`net`, from -1 to 1, as in the congruence networks of Leifeld (2017, Oxford Handbook of Political Networks).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any, Literal

from stance.report.agreement import among
from stance.report.positions import Positions, SpeakerPositions

Dialect = Literal["gexf", "graphml"]
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""

LEAST = 0.01
"""Weight of a tie of two actors whose agreements and disagreements cancel out; a weight of 0 is none."""

TODAY = re.compile(rb' lastmodifieddate="[^"]*"')


def networks(data: Positions, dialect: Dialect) -> dict[str, bytes]:
    """The two-mode network of positions (""), and the one-mode network of agreement ("-agreement")."""
    write = _gexf if dialect == "gexf" else _graphml
    return {"": write(of_positions(data)), "-agreement": write(of_agreement(data))}


def of_positions(data: Positions) -> Any:
    """Speakers tied to targets, by their sure statements.

    Nodes have label, kind (speaker or target), actor (kind of speaker), role, organization, topic, proposition and
    statements; edges have weight (sure statements), net (mean), shrunken, low, high, n_favor, n_against, n_neutral,
    n_unsure, articles.
    """
    import networkx as nx

    graph: Any = nx.Graph()
    for row in data.speakers:
        ties = [position for position in row.positions.values() if position.mean is not None]
        if ties:
            graph.add_node(f"sp:{_plain(row.id)}", **_actor(row, "speaker"), topic="", proposition="")
        for position in ties:
            low, high = position.interval or (-1.0, 1.0)
            graph.add_edge(
                f"sp:{_plain(row.id)}",
                f"tg:{_plain(position.name)}",
                weight=float(len(position.sure)),
                net=float(position.mean or 0),
                shrunken=float(position.shrunken or 0),
                low=low,
                high=high,
                articles=position.articles,
                **{f"n_{state}": n for state, n in position.counts.items()},
            )
    for position in data.total.positions.values():
        if (node := f"tg:{_plain(position.name)}") in graph:
            graph.nodes[node].update(
                label=_plain(position.name),
                kind="target",
                actor="",
                role="",
                organization="",
                statements=len(position.evidence),
                topic=_plain(data.topic_label(position.topic)),
                proposition=_plain(data.proposition(position.target)),
            )
    return graph


def of_agreement(data: Positions) -> Any:
    """Speakers tied to those with whom they share enough targets.

    Nodes have label, kind, actor, role, organization, statements, and coalition (0 for none); edges have weight
    (strength of agreement or disagreement, from 0 to 1), net (agreement), expected, p, q, targets, statements, joint.
    """
    import networkx as nx

    graph: Any = nx.Graph()
    found, groups = among(data)
    group = {member.id: n for n, own in enumerate(groups, 1) for member in own.members}
    tied = {row.id: row for pair in found for row in (pair.one, pair.other)}
    tied |= {member.id: member for own in groups for member in own.members}
    for row in sorted(tied.values(), key=lambda row: (-row.statements, row.id)):
        graph.add_node(f"sp:{_plain(row.id)}", **_actor(row, "speaker"), coalition=group.get(row.id, 0))
    for pair in found:
        graph.add_edge(
            f"sp:{_plain(pair.one.id)}",
            f"sp:{_plain(pair.other.id)}",
            weight=max(abs(pair.agreement), LEAST),
            net=pair.agreement,
            expected=pair.expected,
            p=pair.p,
            q=pair.q,
            targets=len(pair.targets),
            statements=pair.statements,
            joint=pair.together,
        )
    return graph


def _actor(row: SpeakerPositions, kind: str) -> dict[str, str | int]:
    return {
        "label": _plain(row.name),
        "kind": kind,
        "actor": row.kind,
        "role": _plain(row.role),
        "organization": _plain(row.affiliation),
        "statements": row.statements,
    }


def _plain(text: str) -> str:
    return CONTROL.sub("", text)


def _gexf(graph: Any) -> bytes:
    import networkx as nx

    # The writer stamps the day.
    return TODAY.sub(b"", _written(nx.write_gexf, graph, version="1.2draft"))


def _graphml(graph: Any) -> bytes:
    import networkx as nx

    return _written(nx.write_graphml_xml, graph, named_key_ids=True, edge_id_from_attribute=None)


def _written(write: Callable[..., None], graph: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    write(graph, stream, **options)
    return stream.getvalue()
