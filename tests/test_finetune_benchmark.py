"""The benchmark of fine-tuning: several outlets as one."""

import importlib.util
import sys
from pathlib import Path

from stance.evaluate import Result, System, Task
from stance.metrics import PRF, Scores, paired

PATH = Path(__file__).parent.parent / "eval" / "benchmarks" / "finetune.py"
SPEC = importlib.util.spec_from_file_location("benchmark_of_finetuning", PATH)
BENCHMARK = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = BENCHMARK
SPEC.loader.exec_module(BENCHMARK)


def result(articles, right, **more):
    counts = {"end_to_end": tuple(PRF(n, 4, 4) for n in right), **more}
    system = System("stance", Scores(articles, counts), ("end_to_end",), 1.0)
    return Result(Task("held-out", "articles"), (system,), "0", {}, {}, 0, 1.0)


def test_articles_of_all_outlets_count_alike():
    before = BENCHMARK.pooled([result(("a", "b"), (1, 1)), result(("c",), (1,), kind=(PRF(1, 1, 1),))])
    after = BENCHMARK.pooled([result(("a", "b"), (2, 3)), result(("c",), (4,))])
    assert before.main.scores.articles == ("a", "b", "c")
    assert [*before.main.scores.counts] == ["end_to_end"], "what one outlet lacks is left out"
    assert (before.value("end_to_end"), after.value("end_to_end")) == (0.25, 0.75)
    assert paired(after.main.scores, before.main.scores, "end_to_end").low > 0
