"""Statements to score: short ways of writing them, and hypothesis strategies that draw them."""

from __future__ import annotations

from hypothesis import strategies as st

from stance.types import LABELS, Article, Doc, Span, Speaker, Stance, Statement

TEXT = "Mayor Ada Quist said “the harbour is full,” adding that ships must wait. She thanked Norway. “Enough.” " * 3
BRANDT = Speaker("ilse-brandt", "Ilse Brandt", "person", "minister", "Norway")
QUIST = Speaker("ada-quist", "Ada Quist", "person", "mayor", "Norway")


def stance(target: str, label: str, abstained: bool = False) -> Stance:
    probs = tuple(float(label == other) for other in LABELS)
    return Stance("", target, label, probs, 1.0, abstained)


def said(content, cue=None, source=None, kind="indirect", speakers=(), stances=(), id="s"):
    spans = tuple(Span(*s) for s in content)
    return Statement(
        id, spans, cue and Span(*cue), source and Span(*source), kind, speakers=tuple(speakers), stances=tuple(stances)
    )


def doc(*statements: Statement, id: str = "a", text: str = TEXT) -> Doc:
    return Doc(Article(id, text), statements=tuple(statements))


SPANS = st.tuples(st.integers(0, 60), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1]))
CONTENT = st.lists(SPANS, min_size=1, max_size=2).filter(lambda c: len(c) == 1 or c[0][1] <= c[1][0])
STATEMENT = st.builds(
    said,
    CONTENT,
    st.none() | SPANS,
    st.none() | SPANS,
    st.sampled_from(("direct", "mixed", "indirect")),
    st.lists(st.sampled_from((BRANDT, QUIST)), max_size=2, unique=True),
    st.lists(
        st.builds(stance, st.sampled_from("xyz"), st.sampled_from(LABELS)), max_size=2, unique_by=lambda s: s.target
    ),
)
STATEMENTS = st.lists(STATEMENT, max_size=6)
