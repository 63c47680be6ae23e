"""parse: how pages are split, as a picture or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from worker import jobs
from worker.cli.show import as_json_option, print_json
from worker.errors import SeedwireError
from worker.model import Article, Kind, Piece


@click.command(epilog="Example:  seedwire parse --json dumps/*.txt")
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@as_json_option
def parse(pages: tuple[Path, ...], *, as_json: bool) -> None:
    """Show how PAGES are split. Touches no store."""
    for path in pages:
        for reading, latest in _readings(path):
            (_parse_json if as_json else _parse_text)(path, reading, latest)


def _readings(path: Path) -> Iterator[tuple[jobs.Reading, date]]:
    try:
        with path.open("rb") as dump:
            latest = jobs.day_of(path.stat().st_mtime_ns)
            for reading in jobs.Reader().pages(dump, str(path), latest=latest):
                yield reading, latest
    except OSError as error:
        raise SeedwireError(f"cannot read {path} ({error.strerror}): name a file that exists") from error


def _parse_json(path: Path, reading: jobs.Reading, latest: date) -> None:
    page, split = reading.page, reading.split
    print_json(
        {
            "path": str(path),
            "page": page.number,
            "charset": page.charset,
            "captured": (page.captured or latest).isoformat(),
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
        "source": article.source,
        "language": article.language,
        "link": article.link,
        "text": article.text,
        "start": article.start,
        "end": article.end,
    }


_COLOURS = {Kind.ARTICLE: "green", Kind.CONTINUATION: "green", Kind.TITLE: "cyan", Kind.DATE: "yellow"}


def _parse_text(path: Path, reading: jobs.Reading, _latest: date) -> None:
    page, split = reading.page, reading.split
    click.secho(f"{path} page {page.number}: {split.verdict.value}", bold=True, nl=False)
    click.echo(f"  ({page.charset}: {page.charset_reason})")
    articles = iter(reading.articles)
    for piece in split.pieces:
        if piece.kind is Kind.ARTICLE and (found := next(articles)):
            article = found[0]
            told = [
                article.published.iso() if article.published else "no date",
                article.source or "no source",
            ]
            click.secho(f"  ── {article.title}", bold=True)
            click.echo(f"     {' · '.join(told)}" + (" · title derived" if article.title_derived else ""))
        _piece_text(page.text, piece)
    click.echo()


def _piece_text(text: str, piece: Piece) -> None:
    words = " ".join(text[piece.start : piece.end].split())
    shown = words if len(words) <= 100 else f"{words[:60]} … {words[-35:]}"
    click.secho(f"  {piece.kind.value:<13}", fg=_COLOURS.get(piece.kind, "bright_black"), nl=False)
    click.echo(f"{shown}  [{piece.reason}]")


COMMANDS = (parse,)
