"""What is said between the main process and a hand comes as it was sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from invented import body

from worker import hand, jobs
from worker.intake.stages import Read, Stages
from worker.jobs import pool
from worker.model import (
    Article,
    Cut,
    Fingerprint,
    Kind,
    Mark,
    Markup,
    Page,
    Piece,
    Precision,
    Site,
    Span,
    Split,
    Stated,
    StatedDate,
    Verdict,
)


def test_what_is_sent_is_what_comes() -> None:
    stated = Stated(title="Ж", published="2026-11-07")
    marks = (Mark(0, 1, Markup.HEADING, "1"), Mark(1, 2, Markup.LINK, "x"))
    plain = Page(number=1, text="a\x00\u2028🐐", charset="utf-8", charset_reason="r", captured=date(2026, 11, 9))
    full = Page(
        number=2,
        text="b",
        charset="x",
        charset_reason="r",
        header=1,
        rejected="no",
        url="u",
        marks=marks,
        stated=stated,
    )
    places = [(plain, "p", date(9999, 1, 1)), (full, "q", date(1, 1, 1))]
    assert hand._asked.decode(hand.asked(places)) == places
    site = Site(name="n", match="*", drop=("a*",), date_format="%d", timezone="Asia/Almaty")
    stages = Stages(sites=(site,), frames={"": {"Menu": 3}}, timezone="Asia/Almaty", pieces=7)
    assert hand._asked.decode(hand.told(stages)) == stages
    with pytest.raises(ValueError, match="surrogates"):
        hand.asked([(Page(number=1, text="\udcff", charset="x", charset_reason="r"), "p", date(2026, 1, 1))])


@pytest.mark.parametrize("offset", [None, timedelta(0), timedelta(hours=-5, minutes=-30), timedelta(hours=14)])
@pytest.mark.parametrize("wall", ["0001-01-01", "2026-11-07T09:40:05.123456", "9999-12-31T23:59:59"])
def test_what_is_answered_is_what_was_read(offset: timedelta | None, wall: str) -> None:
    stated = StatedDate(wall=datetime.fromisoformat(wall), precision=Precision.MINUTE, offset=offset)
    article = Article(
        text="t\nu", title="T", title_derived=True, published=stated, source=None, language="kk", link="l",
        start=1, end=2, evidence="e", dated="d",
    )  # fmt: skip
    cut = Cut(body=(Span(0, 1), Span(2, 3)), title=Span(0, 1), sole=True, evidence="e")
    split = Split(verdict=Verdict.LISTING, pieces=(Piece(0, 3, Kind.ARTICLE, "r"),), cuts=(cut, cut))
    reads = [Read(split, ((article, Fingerprint(recipe=1, digest=b"\x00\xff")), None))]
    assert hand.answered(hand._encode(reads)) == reads
    assert hand.answered(hand._encode(None)) is None


def test_damaged_text_is_read_here() -> None:
    damaged = Page(number=1, text=body(1) + "\udcff", charset="utf-8", charset_reason="r")
    some = list(pool.chunks(((damaged, "p", date(2026, 1, 1)) for _ in range(3)), jobs.Reader()))
    with pool.Pool(1) as one:
        one.put(some)
        one.finish(some)
        assert one.lost == 0
    assert [len(chunk.readings or ()) for chunk in some] == [3]
