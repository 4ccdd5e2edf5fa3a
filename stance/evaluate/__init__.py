"""How good is this model on this kind of text, and where does it fail? Tasks, baselines, results, floors."""

from stance.evaluate.compare import Comparison, compare, render_comparison
from stance.evaluate.download import fetched
from stance.evaluate.errors import write_errors
from stance.evaluate.floors import check_floors, pin_floors
from stance.evaluate.joint import compact, joint_table, read_kept
from stance.evaluate.mistakes import mistakes
from stance.evaluate.plots import write_plots
from stance.evaluate.render import markdown, render
from stance.evaluate.result import Result, System
from stance.evaluate.run import Choices, run_evaluate
from stance.evaluate.save import save
from stance.evaluate.task import Task, checked, load_task, task_names

__all__ = [
    "Choices",
    "Comparison",
    "Result",
    "System",
    "Task",
    "check_floors",
    "checked",
    "compact",
    "compare",
    "fetched",
    "joint_table",
    "load_task",
    "markdown",
    "mistakes",
    "pin_floors",
    "read_kept",
    "render",
    "render_comparison",
    "run_evaluate",
    "save",
    "task_names",
    "write_errors",
    "write_plots",
]
