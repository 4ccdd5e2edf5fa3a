"""`stance bench`: how fast stance is on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stance.cli.options import Batch, ConfigFile, Device, Settings, Workers, configuration, output

if TYPE_CHECKING:
    from rich.console import Console


def bench(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH...]", help="Articles; those of eval/gold by default.")
    ] = None,
    articles: Annotated[int, typer.Option(min=2, help="Label this many at the most.")] = 200,
    repeats: Annotated[int, typer.Option(min=1, help="Measure so often; numbers are medians.")] = 3,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers there.")] = None,
    device: Device = None,
    workers: Workers = None,
    batch: Batch = None,
    config: ConfigFile = None,
    settings: Settings = None,
) -> None:
    """Measure this machine: articles and tokens a second, where the time goes, memory, the share of what it could do.

    Nothing else should be running. The text of your own articles decides how fast they go; give some.

    Example: stance bench articles/ --articles 100 --json bench.json
    """
    import json

    from stance.bench import bench as measure

    options = configuration(config, settings, {"device": device, "workers": workers, "batch": batch})
    result = measure(options, paths or (), articles, repeats)
    if json_file:
        with output(json_file) as file:
            file.print_json(json.dumps(result), indent=1)
    with output(None) as console:
        _show(result, console)


def _show(result: dict[str, Any], console: Console) -> None:
    machine, encoder, process, engine = (result[name] for name in ("machine", "encoder", "process", "engine"))
    hardware = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']:.0f} GB"
    console.print(f"{hardware}{', ' + machine['gpu'] if machine['gpu'] else ''}; {machine['system']}", style="bold")
    console.print(
        f"stance {result['version']}, torch {machine['torch']}, {encoder['precision']} on {encoder['device']}; "
        f"{result['articles']:,} articles, {result['words'] / result['articles']:,.0f} words each on average\n"
    )
    rows = [
        ("stance --help", f"{result['start']['help']:.2f} s"),
        ("start to first result", f"{result['start']['first_result']:.1f} s"),
        *_speed(f"{engine['workers']} worker{'s' * (engine['workers'] > 1)}, start included", engine),
        *_speed(f"one process, {encoder['threads']} thread" + "s" * (encoder["threads"] > 1), process),
    ]
    rows.append(("  core seconds an article", f"{process['core_seconds_per_article']:.3f}"))
    for name, seconds in process["stages"].items():
        share = seconds / process["seconds"]
        rows.append((f"  {name}", f"{seconds:.2f} s  {share:4.0%}"))
    rows += [
        ("encoders", f"{encoder['seconds']:.2f} s  {encoder['seconds'] / process['seconds']:4.0%}"),
        ("  tokens a second in them", f"{encoder['tokens'] / encoder['seconds']:,.0f}"),
        ("  operations a second", f"{encoder['teraflops']:.2f} T"),
        ("  matrices alone reach", f"{encoder['matrix_teraflops']:.2f} T"),
        ("  share of that", f"{encoder['share']:.0%}"),
    ]
    for name, value in rows:
        console.print(f"{name:<34}{value}", highlight=False)


def _speed(name: str, part: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, f"{part['articles_per_second']:.2f} articles/s  {part['tokens_per_second']:,.0f} tokens/s"),
        ("  peak memory", f"{part['peak_memory_gb']:.2f} GB"),
        ("  with what is shared each time", f"{part['peak_resident_gb']:.2f} GB"),
    ]
