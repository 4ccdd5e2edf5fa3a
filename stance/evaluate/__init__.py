"""How good is this model on this kind of text, and where does it fail? Tasks, baselines, results, floors."""

from stance.evaluate.compare import Comparison, compare, render_comparison
from stance.evaluate.floors import check_floors, pin_floors
from stance.evaluate.mistakes import mistakes, write_mistakes
from stance.evaluate.render import markdown, render
from stance.evaluate.result import Result, System
from stance.evaluate.run import run_evaluate
from stance.evaluate.task import Task, load_task, task_names

__all__ = [
    "Comparison",
    "Result",
    "System",
    "Task",
    "check_floors",
    "compare",
    "load_task",
    "markdown",
    "mistakes",
    "pin_floors",
    "render",
    "render_comparison",
    "run_evaluate",
    "task_names",
    "write_mistakes",
]
