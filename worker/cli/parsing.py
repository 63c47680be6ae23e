"""parse: how pages are split, as a picture, as JSON, or as gold to correct by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from worker import evaluate, jobs
from worker.cli.picture import picture
from worker.cli.show import as_json_option, legible, print_json, say
from worker.cli.wiring import Wiring, wiring
from worker.errors import SeedwireError
from worker.model import Article


@click.command(epilog="Example:  seedwire parse --json dumps/*.txt")
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--full", is_flag=True, help="Show paragraphs whole, not shortened to a line.")
@click.option("--gold", is_flag=True, help="Print gold files to correct by hand, for `seedwire evaluate`.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write gold files there.")
@as_json_option
def parse(pages: tuple[Path, ...], *, full: bool, gold: bool, out: Path | None, as_json: bool) -> None:
    """Show how PAGES (files or folders) are split: each line, what became of it, and why. Touches no store."""
    if gold + full + as_json > 1 or (out and not gold):
        raise click.UsageError("--json, --full and --gold exclude each other; --out DIR goes with --gold")
    app = wiring()
    for path in files(pages):
        readings = read(app, path)
        if gold:
            _gold(path, readings, out)
        else:
            for reading in readings:
                (_parse_json if as_json else _parse_text)(path, reading, full)


def files(pages: Iterable[Path]) -> Iterator[Path]:
    """Files as they are named, and of folders all that lie beneath, by name, without hidden ones."""
    for path in pages:
        if path.is_dir():
            yield from (one for one in sorted(path.rglob("*")) if one.is_file() and not one.name.startswith("."))
        else:
            yield path


def read(app: Wiring, path: Path) -> Iterator[jobs.Reading]:
    """The pages of a file, each read when it is asked for. Raises SeedwireError where the file cannot be read."""
    try:
        with path.open("rb") as dump:
            latest = jobs.day_of(path.stat().st_mtime_ns)
            yield from app.reader.pages(dump, app.in_seeds(path), latest=latest)
    except OSError as error:
        raise SeedwireError(f"cannot read {path} ({error.strerror}): name a file that exists") from error


def _parse_text(path: Path, reading: jobs.Reading, full: bool) -> None:
    name = str(path) if reading.page.number == 1 else f"{path} page {reading.page.number}"
    for line in picture(reading, legible(name), shutil.get_terminal_size().columns, full=full):
        click.echo(line)


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────


def _parse_json(path: Path, reading: jobs.Reading, _full: bool) -> None:
    page, split = reading.page, reading.split
    print_json(
        {
            "path": str(path),
            "page": page.number,
            "url": page.url,
            "charset": page.charset,
            "charset_reason": page.charset_reason,
            "captured": (page.captured or reading.latest).isoformat(),
            "captured_by": "page" if page.captured else "file",
            "verdict": split.verdict.value,
            "articles": [_article_json(found[0]) for found in reading.articles if found],
            "pieces": [
                {"start": piece.start, "end": piece.end, "kind": piece.kind.value, "reason": piece.reason}
                for piece in split.pieces
            ],
        }
    )


def _article_json(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "title_derived": article.title_derived,
        "published": article.published.iso() if article.published else None,
        "dated": article.dated,
        "source": article.source,
        "language": article.language,
        "link": article.link,
        "text": article.text,
        "start": article.start,
        "end": article.end,
    }


# ── Gold ────────────────────────────────────────────────────────────────────────────────────────────


def _gold(path: Path, readings: Iterator[jobs.Reading], out: Path | None) -> None:
    told = ((one.page, one.split, [found[0] for found in one.articles if found]) for one in readings)
    content = evaluate.written(evaluate.draft(told))
    if out is None:
        click.echo(content.decode(), nl=False)
        return
    target = out / f"{path.name}.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        say(f"{target} is there already, and stays as it is", err=True)
    else:
        say(f"written: {target}", err=True)


COMMANDS = (parse,)
