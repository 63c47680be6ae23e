"""Real readers over HTTP: each sees every entry once, a revision as a change, and nothing where nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from consoles import serving
from counter import Counter, counting
from gazette import HOSTILE, News, news
from newsstand import Newsstand, newsstand
from shelves import SHELVES, Held, Lemon24, Shelf, plain

TOLD = [*(news(number) for number in range(19)), news(19, title=HOSTILE)]
READERS = [(shelf, document) for shelf in SHELVES for document in shelf.formats]


@dataclass
class Kiosk:
    """A newsstand, who counts what it is asked, and news that nobody has revised yet."""

    stand: Newsstand
    counter: Counter
    fresh: Iterator[int] = field(default_factory=count)

    def subscribed(self, shelf: type[Shelf], folder: Path, document: str) -> Shelf:
        """A reader that has read once."""
        url = f"{self.counter.url}/{document}"
        assert self.stand.get(document).status_code == 200, f"/{document}"
        self.counter.clear()
        reader = shelf(folder, url)
        reader.poll()
        return reader

    def revise(self) -> News:
        told = TOLD[next(self.fresh)]
        self.stand.revise(told)
        return told


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    console = serving(tmp_path_factory.mktemp("kiosk"))
    with counting() as counter:
        counter.target = int(console.set["SEEDWIRE_SERVER_LISTEN"].rpartition(":")[2])
        with newsstand(console, *TOLD, base=counter.url) as stand:
            yield Kiosk(stand, counter)


def ids(held: list[Held]) -> list[str]:
    return sorted(one.id for one in held)


@pytest.mark.parametrize(("shelf", "document"), READERS)
def test_a_reader(kiosk: Kiosk, tmp_path: Path, shelf: type[Shelf], document: str) -> None:
    reader = kiosk.subscribed(shelf, tmp_path, document)

    every = sorted(kiosk.stand.ids())
    assert len(every) == len(TOLD)
    held = reader.held()
    assert ids(held) == every, "every entry, and each once"
    wanted = HOSTILE if document != "feed.rss" else "🐐 at the café"  # what RSS titles are made of, readers disagree
    assert any(wanted in " ".join(one.title.split()) for one in held)
    words = [plain(one.text.replace("\\n", "\n")) for one in held]
    assert all(any(plain(news.sentences[0]) in text for text in words) for news in TOLD), "the whole text"

    for _ in range(reader.first_unconditional):
        reader.poll()
    assert reader.held() == held
    asked = kiosk.counter.statuses(f"/{document}")
    assert set(asked[reader.first_unconditional :]) <= {304}, "nothing has changed"

    revised = kiosk.revise()
    reader.poll()
    after = reader.held()
    assert ids(after) == every, "a revision is no new entry"
    if reader.knows_changes:
        assert revised.changed in " ".join(plain(one.text) for one in after)
        changed = {one.id for one in after} - {one.id for one in set(after) & set(held)}
        assert len(changed) == 1, "and nothing else is told again"

    reader.poll()
    assert reader.held() == after
    for _ in range(reader.first_unconditional):
        reader.poll()
    assert kiosk.counter.statuses(f"/{document}")[-1] == 304


def test_lemon24_reader_does_not_even_ask(kiosk: Kiosk, tmp_path: Path) -> None:
    reader = kiosk.subscribed(Lemon24, tmp_path, "feed.atom")
    assert isinstance(reader, Lemon24)
    kiosk.counter.clear()
    reader.poll(scheduled=True)
    assert kiosk.counter.asked == []


@pytest.mark.filterwarnings("ignore::bs4.GuessedAtParserWarning")
def test_lemon24_reader_finds_words(kiosk: Kiosk, tmp_path: Path) -> None:
    reader = kiosk.subscribed(Lemon24, tmp_path, "feed.atom")
    assert isinstance(reader, Lemon24)
    assert len(reader.found("goats café")) == 1


def test_no_reader_is_sent_elsewhere_or_given_a_cookie(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.subscribed(Lemon24, tmp_path, "feed.atom").poll()
    assert {one.status for one in kiosk.counter.asked} <= {200, 304}
    assert not any("set-cookie" in one.answered for one in kiosk.counter.asked)


def test_no_reader_is_harmed_by_a_tombstone(tmp_path: Path) -> None:
    """RFC 6721: what was taken down is told as deleted; readers keep what they have, and read on."""
    with newsstand(serving(tmp_path / "stand"), *TOLD[:5]) as stand:
        readers = []
        for shelf in SHELVES:
            if not shelf.missing():
                (tmp_path / shelf.__name__).mkdir()
                readers.append(shelf(tmp_path / shelf.__name__, f"{stand.base}/feed.atom"))
        for reader in readers:
            reader.poll()
        before = stand.ids()
        key = before[0].rpartition("/")[2]
        done = stand.console.run("entries", "retract", key, "--reason", "It was not so")
        assert done.code == 0, "entries retract"
        stand.daemon.until(lambda: "deleted-entry" in stand.daemon.feed().text)
        assert stand.ids() == before[1:]
        stand.put(news(77))
        stand.daemon.until(lambda: len(stand.ids()) == len(before))
        for reader in readers:
            for _ in range(reader.first_unconditional):
                reader.poll()
            assert set(stand.ids()) <= set(ids(reader.held()))
            assert len(ids(reader.held())) == len(set(ids(reader.held())))
