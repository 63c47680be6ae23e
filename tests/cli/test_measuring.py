"""parse --gold and evaluate: an operator measures on pages of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from consoles import EXAMPLES, Console

PAGES = sorted(EXAMPLES.rglob("*.txt"))
_PLACE, _SCORE = os.environ.get("SEEDTEST_DIR", ""), os.environ.get("SEEDTEST_SCORE", "")


@pytest.fixture
def console(tmp_path: Path) -> Console:
    made = Console(tmp_path)
    made.call("parse", "--gold", "--out", "gold", *PAGES).told()
    return made


def corrected(console: Console, name: str, **article: object) -> None:
    """Gold of a page after somebody has corrected its first article."""
    path = console.folder / "gold" / f"{name}.json"
    gold = json.loads(path.read_text())
    gold["articles"][0] |= article
    path.write_text(json.dumps(gold))


def figures(console: Console, *words: object) -> dict[str, object]:
    (told,) = console.call("evaluate", "gold", EXAMPLES, "--json", *words).objects()
    return dict(told)


# ── parse --gold ────────────────────────────────────────────────────────────────────────────────────


def test_gold_that_nobody_has_corrected_agrees_in_everything(console: Console) -> None:
    told = figures(console)
    asked = ("precision", "recall", "f1", "exact", "title", "date", "source")
    assert ({told[name] for name in asked}, told["chrome"], told["notes"]) == ({1.0}, 0.0, {})
    assert (told["pages"], told["without_gold"], told["without_page"]) == (len(PAGES), 0, [])


def test_gold_on_paper(console: Console) -> None:
    told = console.call("parse", "--gold", PAGES[0]).told()
    assert json.loads(told) == json.loads((console.folder / "gold" / f"{PAGES[0].name}.json").read_text())
    (first, *_) = json.loads(told)["articles"]
    assert set(first) >= {"title", "published", "source", "first_words", "last_words", "teaser"}
    assert not console.state.exists()


def test_what_somebody_has_corrected_is_not_overwritten(console: Console) -> None:
    corrected(console, PAGES[0].name, title="Corrected")
    done = console.call("parse", "--gold", "--out", "gold", *PAGES)
    assert done.code == 0
    assert done.err.count("is there already") == len(PAGES)
    assert "Corrected" in (console.folder / "gold" / f"{PAGES[0].name}.json").read_text()


def test_options_that_exclude_each_other(console: Console) -> None:
    for words in (("--gold", "--json"), ("--full", "--json"), ("--out", "x")):
        assert console.call("parse", *words, PAGES[0]).code == 2


# ── evaluate ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_wrong_is_told_page_by_page(console: Console) -> None:
    corrected(console, "listing_with_most_viewed.txt", title="Another title", published="2026-11-01")
    told = figures(console)
    assert told["f1"] == 1.0
    assert isinstance(told["title"], float)
    assert told["title"] < 1.0
    text = console.call("evaluate", "gold", EXAMPLES, "--verbose").told()
    assert "listing_with_most_viewed.txt" in text
    assert "title: 'Night Ferry Returns to Lake Bersuat After Nine Years' for 'Another title'" in text
    assert "date: 2026-11-07T09:40 for 2026-11-01" in text
    assert re.search(r"^f1 +1\.000 ", text, re.MULTILINE)
    assert "Another title" not in console.call("evaluate", "gold", EXAMPLES).told()


def test_a_figure_that_is_less_than_asked_for_is_code_1(console: Console) -> None:
    corrected(console, "listing_with_most_viewed.txt", first_words="nowhere at all")
    assert console.call("evaluate", "gold", EXAMPLES).code == 0
    assert console.call("evaluate", "gold", EXAMPLES, "--min-f1", "0.5", "--max-chrome", "0").code == 0
    done = console.call("evaluate", "gold", EXAMPLES, "--min-f1", "0.99", "--min-title", "0.5")
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert line.startswith("seedwire: f1 is 0.9")
    assert "f1" in done.out


def test_files_are_found_by_their_names(console: Console) -> None:
    gold = console.folder / "gold"
    (gold / "ferry_seen_again.txt.json").rename(gold / "ferry_seen_again.json")
    (gold / "russian_listing.txt.json").unlink()
    (gold / "nowhere.json").write_text('{"articles": []}')
    told = figures(console)
    assert (told["f1"], told["without_gold"], told["without_page"]) == (1.0, 1, ["nowhere"])
    page = console.folder / "ferry_seen_again.html"
    page.write_text("<p>Goats")
    assert "ferry_seen_again.html" in console.call("evaluate", "gold", EXAMPLES, page).failure()


def test_gold_that_is_no_gold(console: Console) -> None:
    (console.folder / "gold" / "bad.json").write_text('{"articles": [{"published": 7}]}')
    told = console.call("evaluate", "gold", EXAMPLES).failure()
    assert "bad.json" in told
    assert "$.articles[0].published" in told
    (console.folder / "empty").mkdir()
    assert "empty" in console.call("evaluate", "empty", EXAMPLES).failure()
    assert console.call("evaluate", "nowhere", EXAMPLES).code == 2


def test_site_profiles_count_in_figures_as_they_do_in_ingest(console: Console) -> None:
    (console.folder / "seedwire.toml").write_text(
        '[[sites]]\nname = "ferries"\nmatch = "ferry_*"\ndrop = ["The night ferry between*"]\n'
    )
    assert figures(console, "--seeds", EXAMPLES)["f1"] != 1.0
    assert figures(console, "--seeds", "elsewhere")["f1"] == 1.0


# ── Real dumps, where there are any ─────────────────────────────────────────────────────────────────


def _sets() -> list[tuple[Path, Path]]:
    pairs = ((Path(_PLACE, "gold", name), Path(_PLACE, name)) for name in ("seeds", "pages"))
    return [(gold, pages) for gold, pages in pairs if _PLACE and gold.is_dir() and pages.is_dir()]


@pytest.mark.skipif(not (_PLACE and _SCORE), reason="SEEDTEST_DIR and SEEDTEST_SCORE name no dumps and no script")
@pytest.mark.parametrize("set_", range(2))
def test_the_figures_are_those_of_the_score(tmp_path: Path, set_: int) -> None:
    gold, pages = _sets()[set_]
    console = Console(tmp_path)
    parsed = tmp_path / "pages.jsonl"
    parsed.write_text(console.call("parse", "--json", *sorted(pages.iterdir())).told())
    command = [sys.executable, _SCORE, str(gold), str(parsed)]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (told,) = console.call("evaluate", gold, pages, "--json").objects()
    ours = [f"{name} {told[name]:.3f}" for name in ("f1", "exact", "title", "date", "source")]
    counts = told["counts"]
    ours += [f"hit {counts['hit']} miss {counts['miss']} extra {counts['extra']}"]
    ours += [f"chrome {counts['chrome']}/{counts['chrome_lines']}"]
    assert [one for one in ours if one not in theirs] == [], theirs
