"""How fast stance is on this machine, where the time goes, and how near that is to what the hardware can do."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import stance
from stance.config import Config, load_config
from stance.encoder import Encoder, Tokens
from stance.engine import Here, label
from stance.errors import InputError
from stance.hardware import Memory, machine, matrix_rate, precision
from stance.labeller import WARMING, use_threads
from stance.pipeline import Pipeline, settings
from stance.pool import cores, processes
from stance.read import ReadOptions, read
from stance.store import RunFolder
from stance.task import Part, Task, part_of
from stance.types import Article, Doc

COMMAND = (sys.executable, "-m", "stance.cli")

EXAMPLES = Path(stance.__file__).resolve().parents[1] / "eval" / "gold" / "articles.jsonl"

NAMES = {"targets": "shortlist"}
"""What a stage is called here, where its problems call it otherwise."""


@dataclass
class Clock:
    """Seconds by what was done, and what the encoders did in theirs (what is made of their vectors is not theirs)."""

    seconds: Counter[str] = field(default_factory=Counter)
    encoder_seconds: float = 0.0
    encoder_tokens: int = 0
    encoder_flop: float = 0.0
    """Multiplications and additions of the layers' matrices and of attention, padding not counted."""

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time taken."""

        def run(*args: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                self.seconds[name] += time.perf_counter() - began

        return run

    def timed_items(self, name: str, items: Iterable[Any]) -> Iterator[Any]:
        """The items, with the time taken that each needs to come."""
        following = self.timed(name, iter(items).__next__)
        while True:
            try:
                item = following()
            except StopIteration:
                return
            yield item

    @contextmanager
    def on_encoders(self) -> Iterator[None]:
        """Take the time of every encoder, for as long as this lasts."""
        plain = Encoder.run

        def run(encoder: Encoder, sequences: Sequence[Tokens], pick: Any = None, done: Any = None) -> Any:
            apart, began = Clock(), time.perf_counter()
            result = plain(encoder, sequences, pick and apart.timed("pick", pick), done)
            self.encoder_seconds += time.perf_counter() - began - apart.seconds["pick"]
            lengths = [len(sequence.ids) for sequence in sequences]
            self.encoder_tokens += sum(lengths)
            self.encoder_flop += sum(flop(encoder.config, length) for length in lengths)
            return result

        Encoder.run = run  # type: ignore[method-assign]
        try:
            yield
        finally:
            Encoder.run = plain  # type: ignore[method-assign]


def flop(config: Any, length: int) -> float:
    """Floating (or integer) operations of a BERT encoder for a sequence of so many tokens: 2 a multiplication.

    >>> from types import SimpleNamespace
    >>> flop(SimpleNamespace(hidden_size=10, intermediate_size=40, num_hidden_layers=1), 1)
    2440.0
    """
    wide, inner = config.hidden_size, config.intermediate_size
    return float(config.num_hidden_layers * length * (2 * (4 * wide * wide + 2 * wide * inner) + 4 * wide * length))


def bench(config: Config, paths: Sequence[str] = (), articles: int = 200, repeats: int = 3) -> dict[str, Any]:
    """Measure, on this machine, with the models and options of a configuration.

    Args:
        config: all options; `workers`, `device`, `precision` and `batch` above all.
        paths: articles of one's own; by default the example articles, repeated with changed ids.
        articles: how many are labelled at the most, each time.
        repeats: how often; numbers are medians.

    Returns:
        What `stance bench` shows, as plain JSON values.

    Raises:
        StanceError: wrong paths, options or models.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        taken = list(islice(_articles(config, paths), articles)) if paths else list(repeated(articles))
        if not taken:
            raise InputError("There is no article to measure with. Give a folder with some.")
        file = folder / "articles.jsonl"
        _write(file, taken)
        config = config.model_copy(update={"read": load_config().read})  # the file has no columns of the user's own
        first = folder / "first.jsonl"
        _write(first, taken[:1])
        result = {"version": stance.__version__, "machine": machine(), **_input(config, taken)}
        result["start"] = _start(config, first, folder, repeats)
        result["process"], result["encoder"] = _one_process(config, file, folder, repeats, len(taken))
        result["engine"] = _engine(config, file, folder, repeats, len(taken))
        for part in (result["process"], result["engine"]):
            part["tokens_per_second"] = part["articles_per_second"] * result["tokens"] / len(taken)
    return result


def repeated(number: int) -> Iterator[Article]:
    """The example articles over and over, with an id of its own each.

    Raises:
        InputError: they are not there; only a checkout has them.
    """
    if not EXAMPLES.is_file():
        raise InputError("The example articles are not installed. Give a folder of articles: stance bench FOLDER")
    rows = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    for place in range(number):
        row = rows[place % len(rows)]
        again = place // len(rows)
        yield Article(f"{row['id']}-{again}", row["text"], row.get("title"), row.get("date"), row.get("outlet"))


def _articles(config: Config, paths: Sequence[str]) -> Iterator[Article]:
    items = read(paths, ReadOptions(**config.read.model_dump()))
    return (item for item in items if isinstance(item, Article))


def _write(file: Path, articles: Iterable[Article]) -> None:
    lines = (json.dumps(asdict(article), ensure_ascii=False) + "\n" for article in articles)
    file.write_text("".join(lines), encoding="utf-8", errors="replace")


def _input(config: Config, articles: Sequence[Article]) -> dict[str, Any]:
    from stance.models import model_folder
    from stance.pieces import load_pieces

    tokenizer = load_pieces(model_folder(config.models.attribution))
    ids = tokenizer([article.text for article in articles], add_special_tokens=False, verbose=False)["input_ids"]
    return {
        "articles": len(articles),
        "words": sum(len(article.text.split()) for article in articles),
        "tokens": sum(map(len, ids)),
    }


def _start(config: Config, first: Path, folder: Path, repeats: int) -> dict[str, float]:
    """Seconds of a command that says how it is used, and of one that labels a single article, in new processes."""
    commands = {"help": [*COMMAND, "--help"], "first_result": _labelling(config, first, folder)}
    return {name: median(_run(command)[0] for _ in range(repeats)) for name, command in commands.items()}


def _labelling(config: Config, file: Path, folder: Path) -> list[str]:
    options = folder / "options.yaml"
    options.write_text(json.dumps(config.model_dump()), encoding="utf-8")
    return [*COMMAND, "label", str(file), "-o", str(folder / "run"), "--overwrite", "-q", "--config", str(options)]


def _run(command: Sequence[str]) -> tuple[float, Memory]:
    """Seconds that a command takes, and what it holds."""
    began = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process, Memory(process.pid) as memory:
        _, said = process.communicate()
        seconds = time.perf_counter() - began
    if process.returncode == 2:
        raise InputError(f"{' '.join(command)} failed: {said.strip()}")
    return seconds, memory


def _one_process(
    config: Config, file: Path, folder: Path, repeats: int, articles: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Where the time goes in a single process that may use all cores, and what its encoders reach.

    Core seconds are those that the process was at work; unlike others they hardly depend on what else is running.
    """
    import torch

    use_threads(cores())
    pipeline = Pipeline.load(config)
    clocks, walls, core_seconds = [], [], []
    with Memory() as memory:
        for number in range(-1, repeats):  # the first time is for warming up
            clock = Clock()
            pipeline.run([Doc(Article("", WARMING))])  # stages remember what they last answered
            began, worked = time.perf_counter(), time.process_time()
            with clock.on_encoders():
                _pass(config, pipeline, clock, file, folder / f"process{number}", 32 if number < 0 else None)
            if number >= 0:
                clocks.append(clock)
                walls.append(time.perf_counter() - began)
                core_seconds.append(time.process_time() - worked)
    encoder = next(stage for name, stage in pipeline.stages if name == "tag").model.encoder
    rate = median(clock.encoder_flop / clock.encoder_seconds for clock in clocks)
    peak = matrix_rate(encoder)
    with encoder.threads():
        threads = torch.get_num_threads()
    stages = {name: median(clock.seconds[name] for clock in clocks) for name in clocks[0].seconds}
    process = {"seconds": median(walls), "articles_per_second": articles / median(walls), "stages": stages}
    process["core_seconds_per_article"] = median(core_seconds) / articles
    return {**process, **_held([memory])}, {
        "device": str(encoder.device),
        "precision": precision(encoder),
        "threads": threads,
        "seconds": median(clock.encoder_seconds for clock in clocks),
        "tokens": clocks[0].encoder_tokens,
        "teraflops": rate / 1e12,
        "matrix_teraflops": peak / 1e12,
        "share": rate / peak,
    }


def _pass(config: Config, pipeline: Pipeline, clock: Clock, file: Path, out: Path, limit: int | None) -> None:
    timed = Pipeline([(name, clock.timed(NAMES.get(name, name), stage)) for name, stage in pipeline.stages])

    def labelled(tasks: Sequence[Task]) -> list[Part]:
        docs: list[Doc] = timed.run([task.doc for task in tasks])
        return clock.timed("write", lambda: [part_of(doc) for doc in docs])()  # type: ignore[no-any-return]

    inputs = islice(read([file], ReadOptions(**config.read.model_dump())), limit)
    with RunFolder(out, settings(config)) as run:
        run.keep = clock.timed("write", run.keep)  # type: ignore[method-assign]
        label(clock.timed_items("read", inputs), Here(labelled), run, config.batch)
        clock.timed("write", run.finish)(0)


def _engine(config: Config, file: Path, folder: Path, repeats: int, articles: int) -> dict[str, Any]:
    """What `stance label` reaches with all its processes, from its start until all results are written."""
    runs = [_run(_labelling(config, file, folder)) for _ in range(repeats)]
    seconds = median(seconds for seconds, _ in runs)
    return {
        "workers": processes(config.workers, config.device),
        "seconds": seconds,
        "articles_per_second": articles / seconds,
        **_held([memory for _, memory in runs]),
    }


def _held(memories: Sequence[Memory]) -> dict[str, float]:
    return {
        "peak_memory_gb": max(memory.peak for memory in memories) / 1e9,
        "peak_resident_gb": max(memory.resident for memory in memories) / 1e9,
    }
