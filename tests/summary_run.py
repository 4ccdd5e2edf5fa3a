"""A run folder with invented speakers, built from short rows: what summaries are tested on."""

from dataclasses import dataclass

from stance.store import RunFolder
from stance.types import Article, Doc, Span, Speaker, Stance, Statement

TOPICS = [
    {
        "id": "trees",
        "label": "City trees",
        "aliases": [],
        "targets": [
            {
                "id": "more-trees",
                "proposition": "The city should plant more trees.",
                "phrase": "more trees in the city",
            },
            {"id": "fell-limes", "proposition": "Fell the limes.", "phrase": ""},
        ],
    },
    {
        "id": "trams",
        "label": "Trams",
        "aliases": [],
        "targets": [{"id": "tram-line", "proposition": "Build the line.", "phrase": "the new tram line"}],
    },
    {
        "id": "ties",
        "label": "Ties",
        "aliases": [],
        "targets": [
            {
                "id": "town-ties",
                "proposition": "The towns should work together.",
                "phrase": "closer ties",
                "varies": True,
            }
        ],
    },
]
TOPIC_OF = {target["id"]: topic["id"] for topic in TOPICS for target in topic["targets"]}
SPEAKERS = {
    "Venn": Speaker("mara-venn", "Mara Venn", "person", "mayor", "Norway"),
    "Hall": Speaker("city-hall", "City Council", "organization", "", "Norway"),
    "Oro": Speaker("tadeo-oro", "Tadeo Oro", "person", "", "Chile"),
    "Kim": Speaker("kim-ara", "Kim Ara", "person", "forester", "South Korea"),
    "crowd": Speaker("group:residents", "residents", "group"),
}


@dataclass(frozen=True)
class Says:
    """One statement: `Venn & Oro | stressed | that trees cool the streets`, and its labels by target."""

    line: str
    labels: dict[str, tuple[str, float]]
    """Label and confidence; a label "unsure" stands for an abstained "favor"."""


def build(folder, articles, topics=TOPICS):
    """Write a finished run.

    Args:
        folder: where to.
        articles: for each id its date, outlet and statements.
        topics: what it asks about.
    """
    full = [
        {**topic, "targets": [{"topic": topic["id"], "label": "", "aliases": [], **t} for t in topic["targets"]]}
        for topic in topics
    ]
    run = RunFolder(folder, {"version": "1", "hash": "h", "topics": {"topics": full}})
    for name, (date, outlet, rows) in articles.items():
        text, statements = "", []
        for number, says in enumerate(rows, 1):
            source, cue, content = (part.strip() for part in says.line.split("|"))
            start = len(text)
            text += f"{source} {cue} {content}. "
            spans = [(start, len(source)), (start + len(source) + 1, len(cue))]
            spans.append((spans[1][0] + len(cue) + 1, len(content)))
            of_source, of_cue, of_content = (Span(begin, begin + size) for begin, size in spans)
            speakers = tuple(SPEAKERS[who.strip()] for who in source.split("&") if who.strip() in SPEAKERS)
            stances = tuple(_stance(target, *label) for target, label in says.labels.items())
            statements.append(
                Statement(
                    f"{name}:{number}", (of_content,), of_cue, of_source, "indirect", speakers=speakers, stances=stances
                )
            )
        article = Article(name, text, name, date, outlet, sha256=name)
        run.add([Doc(article, statements=tuple(statements))])
    run.finish(1)
    return folder


def _stance(target, label, confidence):
    said = "favor" if label == "unsure" else label
    probs = tuple(0.9 if said == name else 0.05 for name in ("favor", "against", "neutral"))
    return Stance(TOPIC_OF[target], target, said, probs, confidence, label == "unsure")
