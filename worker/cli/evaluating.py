"""evaluate: how well an operator's own pages are split, against what a person says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from worker import evaluate as measures
from worker.cli.parsing import files, read
from worker.cli.show import as_json_option, print_json, say
from worker.cli.wiring import wiring
from worker.errors import GoldError, SeedwireError
from worker.evaluate import Counts, Figures, Gold

_ASKED = ("precision", "recall", "f1", "exact", "title", "date", "source")
_SAYS = {
    "precision": "of the articles found, those that are articles: {0.hit} of {found}",
    "recall": "of the articles there are, those that were found: {0.hit} of {wanted}",
    "f1": "both in one (their harmonic mean)",
    "exact": "of those, begin and end just where they should: {0.exact} of {0.hit}",
    "title": "have the right title, where the page gives one: {0.title} of {0.titles}",
    "date": "have the right date, or none where there is none: {0.date} of {0.hit}",
    "source": "have the right source, where the page gives one: {0.source} of {0.sources}",
    "chrome": "lines of chrome that got into a text: {0.chrome} of {0.chrome_lines}",
}


def _limits(command: Callable[..., None]) -> Callable[..., None]:
    share = click.FloatRange(0, 1)
    for name in reversed(_ASKED):
        command = click.option(f"--min-{name}", type=share, metavar="X", help=f"Fail if {name} is less.")(command)
    return click.option("--max-chrome", type=share, metavar="X", help="Fail if chrome is more.")(command)


@click.command(epilog="Example:  seedwire evaluate gold/ dumps/ --min-f1 0.95")
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--verbose", is_flag=True, help="Tell of each page what is not as its gold has it.")
@as_json_option
@_limits
def evaluate(gold: Path, pages: tuple[Path, ...], *, verbose: bool, as_json: bool, **limits: float | None) -> None:
    """Measure how PAGES (files or folders) are split against GOLD, a folder of NAME.json or NAME.txt.json.

    All figures are shares from 0 to 1. Make gold files with `parse --gold --out DIR`, and correct them by hand.
    """
    golds = _golds(gold)
    places, without = _places(golds, pages)
    counts, notes = _measured(golds, places)
    figures = Figures.of(counts)
    absent = sorted(name for name in golds if name not in places)
    if as_json:
        told = {"pages": len(golds), "without_gold": without, "without_page": absent}
        print_json(told | asdict(figures) | {"counts": asdict(counts), "notes": notes})
    else:
        _text(figures, counts, notes if verbose else {})
        say(f"pages      {len(golds)} with gold; {without} without were left out")
        for name in absent:
            say(f"there is no page for {name}: all of it counts as missed", err=True)
    _enforce(figures, limits)


def _golds(folder: Path) -> dict[str, Gold]:
    """Gold by the name of its file without ".json"."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise GoldError(f"{folder} holds no gold (NAME.json): make some with `seedwire parse --gold --out {folder}`")
    return {path.stem: measures.load(path.read_bytes(), str(path)) for path in paths}


def _places(golds: dict[str, Gold], pages: tuple[Path, ...]) -> tuple[dict[str, Path], int]:
    """The page of each gold, and how many pages have none. "a.txt.json" is of a.txt; "a.json" of a.txt or any a.*"""
    found: dict[str, Path] = {}
    without = 0
    for path in files(pages):
        name = path.name if path.name in golds else path.stem
        if name not in golds:
            without += 1
            continue
        if found.setdefault(name, path).resolve() != path.resolve():
            raise SeedwireError(
                f"both {found[name]} and {path} may be what {name}.json tells of: name only one of them"
            )
    return found, without


def _measured(golds: dict[str, Gold], places: dict[str, Path]) -> tuple[Counts, dict[str, list[str]]]:
    app, counts, notes = wiring(), Counts(), {}
    for name, gold in golds.items():
        readings = read(app, places[name]) if name in places else ()
        found = [one[0] for reading in readings for one in reading.articles if one]
        more, told = measures.score(gold, found)
        counts += more
        if told:
            notes[str(places.get(name, name))] = told
    return counts, notes


def _text(figures: Figures, counts: Counts, notes: dict[str, list[str]]) -> None:
    for name, lines in notes.items():
        say(name, bold=True)
        for line in lines:
            say(f"    {line}")
    wanted, found = counts.hit + counts.miss, counts.hit + counts.extra
    for name, says in _SAYS.items():
        told = says.format(counts, wanted=wanted, found=found)
        say(f"{name:<11}{getattr(figures, name):.3f}  {told}")


def _enforce(figures: Figures, limits: dict[str, Any]) -> None:
    """Raises SeedwireError where a figure is not what was asked for."""
    asked = {name: limits[f"min_{name}"] for name in _ASKED if limits[f"min_{name}"] is not None}
    short = [
        f"{name} is {getattr(figures, name):.4f}, less than {least}"
        for name, least in asked.items()
        if getattr(figures, name) < least
    ]
    most = limits["max_chrome"]
    if most is not None and figures.chrome > most:
        short.append(f"chrome is {figures.chrome:.4f}, more than {most}")
    if short:
        raise SeedwireError("; ".join(short) + ": see --verbose for what is wrong")


COMMANDS = (evaluate,)
