"""Real dumps, where there are any: SEEDTEST_DIR names a folder that holds `seeds/` and `gold/seeds/`.

Nothing of them is part of the project. SEEDTEST_SCORE may name a script that scores what came out; it is
called with the folder of the gold and a file of pages, one JSON object a line.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from page_readings import articles_of, differences, gold, lawful

from worker.intake import decode
from worker.model import Article

_PLACE = os.environ.get("SEEDTEST_DIR", "")
_SCORE = os.environ.get("SEEDTEST_SCORE", "")
pytestmark = pytest.mark.skipif(not _PLACE, reason="SEEDTEST_DIR names no folder of real dumps")


def _dumps() -> list[Path]:
    return sorted(path for path in Path(_PLACE, "seeds").glob("*") if path.is_file()) if _PLACE else []


def _articles(dump: Path) -> list[Article]:
    pages = tuple(decode.decode(dump.read_bytes()))
    for page in pages:
        lawful(page)
    return [article for page in pages for article in articles_of(page)]


def test_there_are_dumps() -> None:
    assert _dumps(), f"no files in {Path(_PLACE, 'seeds')}"


@pytest.mark.parametrize("dump", _dumps(), ids=lambda dump: dump.name)
def test_every_dump_is_cut_as_a_person_would(dump: Path) -> None:
    wanted = gold(Path(_PLACE, "gold", "seeds", dump.name + ".json"))
    assert differences(wanted, _articles(dump)) == set()


@pytest.mark.skipif(not _SCORE, reason="SEEDTEST_SCORE names no script")
def test_the_score_is_full(tmp_path: Path) -> None:
    parsed = tmp_path / "pages.jsonl"
    parsed.write_bytes(b"".join(msgspec.json.encode(_page(dump)) + b"\n" for dump in _dumps()))
    figures = [f"--min-{figure}=1.0" for figure in ("f1", "exact", "title", "date", "source")]
    place = str(Path(_PLACE, "gold", "seeds"))
    command = [sys.executable, _SCORE, place, str(parsed), *figures, "--max-chrome=0.0", "--verbose"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "f1 1.000" in done.stdout
    assert "chrome 0/" in done.stdout


def _page(dump: Path) -> dict[str, object]:
    articles = [
        {
            "title": article.title,
            "published": article.published.iso() if article.published else None,
            "source": article.source,
            "text": article.text,
            "start": article.start,
            "end": article.end,
        }
        for article in _articles(dump)
    ]
    return {"path": dump.name, "articles": articles}
