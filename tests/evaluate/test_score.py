"""score: hits, misses and figures, on pages small enough to count by hand."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.errors import GoldError
from worker.evaluate import Counts, Figures, Gold, GoldArticle, load, score
from worker.model import Article, StatedDate

FERRY = "The ferry is back on the lake.\nIt sails at nine in the evening."
GOATS = "Four goats climbed the tower.\nNobody knows how they came down."


def found(text: str = FERRY, **changed: Any) -> Article:
    made = Article(
        text=text,
        title="Ferry is back",
        title_derived=False,
        published=StatedDate.from_iso("2026-11-07T09:40"),
        source="Ministry of Roads",
        language="en",
        link=None,
        start=0,
        end=len(text),
        evidence="made here",
    )
    return replace(made, **changed)


def gold_of(text: str = FERRY, **changed: Any) -> GoldArticle:
    words = text.split()
    values: dict[str, Any] = {
        "title": "Ferry is back",
        "published": "2026-11-07T09:40",
        "source": "Ministry of Roads",
        "first_words": " ".join(words[:4]),
        "last_words": " ".join(words[-4:]),
    }
    return GoldArticle(**(values | changed))


def counted(gold: GoldArticle | tuple[GoldArticle, ...], *articles: Article, chrome: tuple[str, ...] = ()) -> Counts:
    golds = gold if isinstance(gold, tuple) else (gold,)
    return score(Gold(articles=golds, chrome_lines=chrome), articles)[0]


# ── Articles ────────────────────────────────────────────────────────────────────────────────────────


def test_all_is_right() -> None:
    counts, notes = score(Gold(articles=(gold_of(), gold_of(GOATS)), chrome_lines=("Menu",)), [found(), found(GOATS)])
    assert notes == []
    assert counts == Counts(hit=2, exact=2, title=2, titles=2, date=2, source=2, sources=2, chrome_lines=1)
    assert set(asdict(Figures.of(counts)).items()) == {
        *((name, 1.0) for name in ("precision", "recall", "f1", "exact", "title", "date", "source")),
        ("chrome", 0.0),
    }


def test_two_in_one_are_two_misses_and_one_too_many() -> None:
    counts = counted((gold_of(), gold_of(GOATS)), found(FERRY + "\n" + GOATS))
    assert (counts.hit, counts.miss, counts.extra) == (0, 2, 1)
    figures = Figures.of(counts)
    assert (figures.precision, figures.recall, figures.f1) == (0.0, 0.0, 0.0)


def test_a_hit_may_have_other_edges() -> None:
    counts, notes = score(Gold(articles=(gold_of(),)), [found("Menu\n" + FERRY)])
    assert (counts.hit, counts.exact) == (1, 0)
    assert [note.partition(":")[0] for note in notes] == ["edges"]


@pytest.mark.parametrize("text", [FERRY.rpartition("\n")[0], GOATS, ""])
def test_without_its_first_and_last_words_it_is_a_miss_and_one_too_many(text: str) -> None:
    counts = counted(gold_of(), found(text))
    assert (counts.hit, counts.miss, counts.extra) == (0, 1, 1)


def test_other_words_that_are_right_too() -> None:
    other = gold_of(first_words="nowhere", last_words="nowhere", first_words_alt="The ferry", last_words_alt="evening.")
    assert counted(other, found()).exact == 1


def test_teasers_and_articles_without_words_are_not_looked_for_and_must_not_come_out() -> None:
    teaser = GoldArticle(title="Goats climb a tower", teaser=True)
    assert counted((teaser, GoldArticle(title="Elsewhere"))) == Counts()
    assert counted(teaser, found("Goats climb a tower")).extra == 1


def test_an_optional_article_may_stand_alone_or_with_the_one_before() -> None:
    golds = (gold_of(), gold_of(GOATS, optional=True))
    for articles in ([found(), found(GOATS)], [found(FERRY + "\n" + GOATS)], [found()]):
        counts = counted(golds, *articles)
        assert (counts.hit, counts.miss, counts.extra) == (1, 0, 0)


def test_the_same_text_twice_is_two_hits() -> None:
    assert counted((gold_of(), gold_of()), found(), found()).hit == 2
    assert counted((gold_of(), gold_of()), found()).miss == 1


# ── What is said of hits ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gold", "published", "right"),
    [
        ("2026-11-07", "2026-11-07", True),
        ("2026-11-07", "2026-11-07T00:00", True),
        ("2026-11-07", "2026-11-07T09:40", False),
        ("2026-11-07T09:40", "2026-11-07T09:40:12+05:00", True),
        ("2026-11-07T09:40", "2026-11-07", False),
        ("2026-11-07T09:40", None, False),
        (None, None, True),
        (None, "2026-11-07", False),
    ],
)
def test_dates(gold: str | None, published: str | None, right: bool) -> None:
    stated = StatedDate.from_iso(published) if published else None
    assert counted(gold_of(published=gold), found(published=stated)).date == right


@pytest.mark.parametrize(
    ("title", "right"),
    [("Ferry is back", True), ("  «FERRY\nis back» ", True), ("Ferry returns", True), ("Ferry is back again", False)],
)
def test_titles(title: str, right: bool) -> None:
    counts = counted(gold_of(title_alternatives=("Ferry returns",)), found(title=title))
    assert (counts.title, counts.titles) == (right, 1)


def test_where_the_page_gives_no_title_or_source_nothing_is_asked() -> None:
    counts = counted(gold_of(title=None, source=None), found(source=None))
    assert (counts.titles, counts.sources) == (0, 0)
    assert (Figures.of(counts).title, Figures.of(counts).source) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("source", "right"),
    [
        *(("Ministry of Roads", True), ("the ministry of roads and bridges", True), ("Ministry", True)),
        *(("Roads Office", True), ("Lake Authority", False), (None, False), (" ", False)),
    ],
)
def test_sources(source: str | None, right: bool) -> None:
    assert counted(gold_of(source_alt=("Roads Office",)), found(source=source)).source == right


def test_chrome() -> None:
    long = "Reprints are welcome with a link to Steppe Courier"
    text = f"{FERRY} {long}.\nTell a friend\nThe menu is long."
    counts, notes = score(Gold(articles=(), chrome_lines=("Tell  a friend", "menu", long, "Home")), [found(text)])
    assert (counts.chrome, counts.chrome_lines) == (2, 4)
    assert notes[1:] == ["chrome: 'Tell a friend'", f"chrome: {long!r}"]
    assert Figures.of(counts).chrome == 0.5


# ── Bounds ──────────────────────────────────────────────────────────────────────────────────────────

_PARTS = ["The ferry", "is back.", "Goats", "climb a tower.", "Tell a friend", "A bell rang."]
_TEXTS = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=5).map("\n".join)
_GOLDS = st.builds(
    GoldArticle,
    title=st.none() | st.sampled_from(_PARTS),
    published=st.sampled_from([None, "2026-11-07", "2026-11-07T09:40"]),
    source=st.none() | st.sampled_from(["Roads", "Lakes"]),
    first_words=st.none() | st.sampled_from(_PARTS),
    last_words=st.none() | st.sampled_from(_PARTS),
    teaser=st.booleans(),
    optional=st.booleans(),
)


@given(st.lists(_GOLDS, max_size=4), st.lists(_TEXTS.map(found), max_size=4), st.lists(st.sampled_from(_PARTS)))
def test_figures_are_shares_and_counts_add_up(
    golds: list[GoldArticle], articles: list[Article], chrome: list[str]
) -> None:
    counts, notes = score(Gold(articles=tuple(golds), chrome_lines=tuple(chrome)), articles)
    wanted = [one for one in golds if not one.teaser and one.first_words and not one.optional]
    assert counts.hit + counts.miss == len(wanted)
    assert counts.hit + counts.extra <= len(articles)
    assert counts.title <= counts.titles <= counts.hit
    assert counts.source <= counts.sources <= counts.hit
    assert max(counts.exact, counts.date) <= counts.hit
    assert counts.chrome <= counts.chrome_lines == len(chrome)
    figures = asdict(Figures.of(counts))
    assert all(0.0 <= figure <= 1.0 for figure in figures.values())
    assert min(figures["precision"], figures["recall"]) <= figures["f1"] <= max(figures["precision"], figures["recall"])
    wrong = counts.miss + counts.extra + (counts.hit - counts.exact) + (counts.titles - counts.title)
    assert len(notes) == wrong + (counts.hit - counts.date) + (counts.sources - counts.source) + counts.chrome
    assert counts + Counts() == counts


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"chrome_lines": []}', "`articles`"),
        (b'{"articles": [{"title": 7}]}', "$.articles[0].title"),
        (b'{"articles": [{}, {"published": "yesterday"}]}', "$.articles[1].published"),
        (b'{"articles": [{"published": "2026-13-01"}]}', "$.articles[0].published"),
        (b"[]", "object"),
        (b"{", "truncated"),
        (b"\xff", "byte"),
        (b"", "truncated"),
    ],
)
def test_a_bad_gold_file_is_named_with_its_field(content: bytes, says: str) -> None:
    with pytest.raises(GoldError) as error:
        load(content, "gold/a.json")
    assert "gold/a.json" in str(error.value)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_notes_of_people_are_welcome() -> None:
    content = {"articles": [{"title": "Goats", "views": 7}], "site": "aksary.example", "notes": ["any", 1]}
    assert load(msgspec.json.encode(content), "a.json").articles[0].name == "Goats"
