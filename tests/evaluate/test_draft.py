"""draft: a gold file of what was found agrees with it in everything."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import body

from worker import jobs
from worker.evaluate import Counts, Figures, Gold, draft, load, score, written
from worker.model import Article

PAGES = sorted((Path(__file__).parents[2] / "examples" / "pages").rglob("*.txt"))
LATEST = date(2027, 1, 1)


def drafted(content: bytes) -> tuple[Gold, list[Article]]:
    read = [
        (one.page, one.split, [found[0] for found in one.articles if found])
        for one in jobs.Reader().pages(content, "a.txt", latest=LATEST)
    ]
    return load(written(draft(read)), "a.json"), [article for _, _, found in read for article in found]


def whole(counts: Counts) -> bool:
    figures = Figures.of(counts)
    return figures == Figures(precision=1.0, recall=1.0, f1=1.0, exact=1.0, title=1.0, date=1.0, source=1.0, chrome=0.0)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_round_trip_of_the_examples(path: Path) -> None:
    gold, found = drafted(path.read_bytes())
    counts, notes = score(gold, found)
    assert (notes, whole(counts), counts.hit) == ([], True, len(found))


_PARTS = st.one_of(
    st.integers(0, 3).map(body),
    st.sampled_from(["07.11.2026, 09:40 318", "Ferry returns to the lake", "Tell a friend", "Most viewed", "\u200b"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS, max_size=8).map("\n\n".join))
def test_round_trip_of_whatever(text: str) -> None:
    gold, found = drafted(text.encode())
    texts = [" ".join(article.text.split()) for article in found]
    if any(one in other for one in texts for other in texts if one != other):
        return  # what holds the whole of another article cannot be told from two in one
    counts, notes = score(gold, found)
    assert (notes, whole(counts)) == ([], True)


def test_what_a_draft_holds() -> None:
    (path,) = (path for path in PAGES if path.name == "listing_with_most_viewed.txt")
    gold, found = drafted(path.read_bytes())
    assert (gold.kind, gold.crawl_date, len(found)) == ("listing", "2026-11-09", 6)
    assert [article.title for article in gold.articles if not article.teaser] == [article.title for article in found]
    assert any(article.teaser for article in gold.articles)
    assert "Tell a friend" in gold.chrome_lines
    assert not any(line.startswith("date ") for line in gold.chrome_lines), "the crawler's words are not the site's"


def test_a_derived_title_is_none_in_gold() -> None:
    (path,) = (path for path in PAGES if path.name == "single_with_credit.txt")
    gold, _ = drafted(path.read_bytes())
    assert [article.title for article in gold.articles] == [None]


def test_articles_that_begin_alike_are_told_apart() -> None:
    text = (
        "07.11.2026, 09:40\n\nFerry returns\n\nThe ferry is back on the lake of Bersuat since today, says one.\n\n"
        "07.11.2026, 10:40\n\nGoats return\n\nThe ferry is back on the lake of Bersuat since today, say four goats.\n"
    )
    gold, found = drafted(text.encode())
    assert len(found) == 2
    assert whole(score(gold, found)[0])
    assert gold.articles[0].first_words != gold.articles[1].first_words
