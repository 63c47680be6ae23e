"""Last-Modified beside Date: hardly later, never the same for two versions, never the reason of a wrong 304."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import sleep, time

import pytest
from wires import SINCE, Wire, wired

from worker.web.documents import AHEAD

FEED = b"<feed>" + b"The ferry returns. " * 200 + b"</feed>"


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Wire]:
    with wired(tmp_path) as site:
        yield site


def moment(header: str) -> int:
    return int(parsedate_to_datetime(header).timestamp())


def latest(headers: dict[str, str]) -> int:
    """Versions of one second are told a moment ahead."""
    return moment(headers["date"]) + AHEAD


@pytest.mark.parametrize("ahead", [0.99, 3600])
def test_last_modified_is_hardly_later_than_date(press: Wire, ahead: float) -> None:
    """Whether a document changes again within the second, or the clock was set back by an hour."""
    sleep(1 - time() % 1)  # so that the second lasts
    now = time()
    first, again = int(now - SINCE), int(now - SINCE + ahead) + (ahead < 1)
    press.publish(FEED, seconds=first)
    before = press.get("/feed.atom").headers
    press.publish(FEED + b"\n", seconds=again)
    for _ in range(2):  # read, and at hand
        answer = press.get("/feed.atom")
        assert (answer.status, answer.body) == (200, FEED + b"\n")
        assert moment(answer.headers["last-modified"]) <= latest(answer.headers)
        head = press.get("/feed.atom", "HEAD").headers
        assert moment(head["last-modified"]) <= latest(head)
        assert answer.headers["last-modified"] != before["last-modified"]
        # Whoever has the version before is never told that nothing changed.
        assert press.get("/feed.atom", if_modified_since=before["last-modified"]).status == 200
        unchanged = press.get("/feed.atom", if_none_match=answer.headers["etag"])
        assert unchanged.status == 304
        assert moment(unchanged.headers["last-modified"]) <= latest(unchanged.headers)
    if ahead < 1:
        sleep(1)
        settled = press.get("/feed.atom").headers["last-modified"]
        assert moment(settled) == SINCE + again
        assert press.get("/feed.atom", if_modified_since=settled).status == 304


def test_a_document_of_this_moment_is_no_younger_than_its_answer(press: Wire) -> None:
    """The date of an answer is that of its second, however often it is asked for."""
    for turn in range(12):
        press.publish(b"%d" % turn, seconds=int(time()) - SINCE)
        for path in ("/feed.atom", "/feed.atom?x"):
            headers = press.get(path).headers
            assert moment(headers["last-modified"]) <= latest(headers)
        sleep(0.1)
