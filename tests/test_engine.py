import io
from collections import Counter

from rich.console import Console

from stance.engine import CHARACTERS, LEAST, Here, _batches, label
from stance.progress import Bar, Silence, summary
from stance.store import Counts, RunFolder
from stance.task import Task, part_of
from stance.types import Article, Problem


def article(name: str, text: str | None = None) -> Article:
    return Article(name, text or f"Text of {name}.", path=f"{name}.txt", sha256=name)


def run(folder, items, batches=None, watch=lambda article, fresh: None, settings=None):
    batches = batches if batches is not None else []

    def note(tasks):
        batches.append([task.article.id for task in tasks])
        return [part_of(task.doc) for task in tasks]

    store = RunFolder(folder, settings or {"hash": "h"})
    label(items, Here(note), store, 2, watch)
    return store.finish(1)


def test_articles_are_taken_in_batches_and_lazily(tmp_path):
    batches, taken = [], []

    def items():
        for name in "abcde":
            taken.append((name, len(batches)))
            yield article(name)

    counts = run(tmp_path, items(), batches)
    assert batches == [["a", "b"], ["c", "d"], ["e"]]
    assert taken == [("a", 0), ("b", 0), ("c", 0), ("d", 0), ("e", 1)], "no more is read ahead than two batches hold"
    assert counts.articles == 5


def test_a_batch_is_bounded_by_its_length_too(tmp_path):
    batches = []
    long = "x" * (CHARACTERS // 2 + 1)
    run(tmp_path, [article("a", long), article("b", long), article("c", long * 3), article("d"), article("e")], batches)
    assert batches == [["a"], ["b"], ["c"], ["d", "e"]]


def test_batches_get_smaller_towards_the_end():
    tasks = (Task(article(str(number))) for number in range(150))
    sizes = [len(batch) for batch in _batches(tasks, 32)]
    assert sizes[:4] == [8, 8, 32, 32]
    assert sizes[2:] == sorted(sizes[2:], reverse=True)
    assert (sum(sizes), sizes[-2]) == (150, LEAST)


def test_what_is_done_is_not_done_again(tmp_path):
    run(tmp_path, [article("a"), article("b")])
    told, batches = [], []
    counts = run(tmp_path, [article("a"), article("b")], batches, lambda a, fresh: told.append((a.id, fresh)))
    assert (counts.articles, batches, told) == (2, [], [("a", False), ("b", False)])
    run(tmp_path, map(article, "abc"), batches)
    assert batches == [["c"]]


def test_unreadable_inputs_go_to_the_problems(tmp_path):
    counts = run(tmp_path, [Problem(None, "x.txt", "read", "empty", "x.txt is empty."), article("a")])
    assert (counts.articles, counts.problems) == (1, Counter(empty=1))


def test_bar_shows_number_rate_and_time_left():
    stream = io.StringIO()
    bar = Bar(Console(file=stream, force_terminal=True, width=120))
    bar.expect([article("a"), article("b"), article("c")])
    with bar:
        bar.advance(article("a"), False)
        bar.advance(article("b"), True)
    drawn = stream.getvalue()
    assert "2 of 3 articles" in drawn
    assert "left" in drawn


def test_silence_is_asked_for_no_total():
    assert not Silence.wants_total


def test_summary_counts_and_says_what_went_wrong():
    counts = Counts(1200, 9876, 310, 4000, Counter({"empty": 2, "failed": 1}), fresh=1200)
    text = summary(counts, 3725, "run")
    assert text.splitlines() == [
        "1,200 articles, 9,876 statements, 310 named speakers, 4,000 stances in 1 h 2 min, 19 articles a minute.",
        "Results: run  (next: stance report run)",
        "3 problems: empty 2, failed 1. See run/problems.jsonl.",
    ]
    resumed = summary(Counts(40, fresh=10), 60, "run")
    assert "40 articles (30 of them before)" in resumed
    assert "10 articles a minute" in resumed
    assert "problems" not in summary(Counts(), 0.5, "run")
    assert "2 dropped, no longer in the input." in summary(Counts(dropped=2), 0.5, "run")
