"""What a browser is shown: some weeks of invented news, with all that can happen to news; and every kind of page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from unittest.mock import patch

from consoles import EXAMPLES, Console, running, serving
from gazette import HOSTILE, OUTLETS, TOPICS, News, news
from lxml import etree
from newsstand import ATOM, Newsstand, drop

from worker.model import slug_of

DAYS = 5  #: of news, unless told otherwise
FURTHER = ("Kokdala Evening Post", "Mountain Radio", "Aksary Times", "Sarybel Observer", "Agency West")
FADED = {"Aksary Evening": 6, "Voice of the Upper Valleys and of the Province Beyond Them": 9}  #: days since
WORD = "ferry"  #: to be searched for
LONG = "Verkehrsinfrastrukturfinanzierungsgesellschaftsgründungsversammlung: " + "the council met and met again, " * 8
MANY = "The lighthouse keeper of Sarybel has kept a light for fifty years"  #: told by many, and corrected
TAKEN = "A story that should not have been told"
TOML = TOPICS + '\n[feed]\ntitle = "Lakeside wire"\n'

#: Every kind of page, and with which status it is answered.
KINDS = {
    "front": 200,
    "topics": 200,
    "topic": 200,
    "sources": 200,
    "source": 200,
    "entry": 200,
    "archive": 200,
    "month": 200,
    "search": 200,
    "found": 200,
    "found-none": 200,
    "status": 200,
    "lost": 404,
    "gone": 410,
}


@dataclass
class Edition:
    """A running site with all these pages."""

    stand: Newsstand
    last: datetime  #: the last day of news
    entry: str  #: path of the page of the story told by many
    gone: str  #: path of one that was taken down; empty where none can be

    def path(self, kind: str) -> str:
        """Where a page of that kind is."""
        return {
            "front": "/",
            "topics": "/topics/",
            "topic": f"/topics/{slug_of('Roads and ferries')}/",
            "sources": "/sources/",
            "source": f"/sources/{slug_of(OUTLETS[0])}/",
            "entry": self.entry,
            "archive": "/archive/",
            "month": f"/archive/{self.last:%Y-%m}/",
            "search": "/search",
            "found": f"/search?q={WORD}",
            "found-none": "/search?q=zeppelin",
            "status": "/status",
            "lost": "/nowhere",
            "gone": self.gone,
        }[kind]

    def there(self, kind: str) -> bool:
        """Whether that page is served as it should."""
        path = self.path(kind)
        return bool(path) and self.stand.get(path[1:]).status_code == KINDS[kind]


@contextmanager
def edition(folder: Path, days: int = DAYS) -> Iterator[Edition]:
    """News of so many days up to yesterday, read day by day; then the site of today."""
    console = serving(folder)
    console.settings(TOML)
    last = datetime.combine(datetime.now(UTC).date() - timedelta(days=1), time(18), UTC)
    for back in reversed(range(days)):
        day = last - timedelta(days=back)
        for told in (*ordinary(days - back, day), *fading(back, day), *(special(day) if not back else ())):
            _drop(console, told, day)
        if not back:
            _examples(console, day)
        with patch("worker.cli.daemon.clock", lambda day=day: day):
            console.call("once").told()
    _drop(console, _many(last).revised(), last + timedelta(hours=2))
    with patch("worker.cli.daemon.clock", lambda: last + timedelta(hours=3)):
        console.call("once").told()
    entry, taken = _page_of(console, MANY), _page_of(console, TAKEN)
    retracted = console.run("entries", "retract", taken.rpartition("/")[2], "--reason", "The council asked for it")
    with running(console) as daemon:
        stand = Newsstand(console, daemon, daemon.url)
        daemon.until(lambda: daemon.feed().status_code == 200)
        yield Edition(stand, last, entry, "" if retracted.code else taken)
        daemon.stop()


def ordinary(number: int, day: datetime) -> Iterator[News]:
    """The news of a day: some told by others, some corrected the day after."""
    for at in range(2 + number * 5 % 4):
        outlet = (number + at) % len(OUTLETS)
        told = news(
            number * 10 + at, source=OUTLETS[outlet], stated=day - timedelta(hours=2 + at), length=6 + 3 * (at % 3)
        )
        yield told
        if at == 1:
            yield told.told_by(OUTLETS[outlet - 1], title=f"{told.title}, we hear")
        if at == 2:
            yield told.revised()


def fading(back: int, day: datetime) -> Iterator[News]:
    """Two that told something every day, until one day they did not."""
    for number, (name, since) in enumerate(FADED.items()):
        if back > since:
            yield news(6000 + 100 * number + back, source=name, stated=day - timedelta(hours=3), length=4)


def special(day: datetime) -> Iterator[News]:
    """What pages find hard to show."""
    yield _many(day)
    for outlet in (*OUTLETS[1:], *FURTHER):
        yield _many(day).told_by(outlet, title=f"Fifty years of light, as {outlet} tells it")
    yield news(5001, title=HOSTILE, source="<b>Bold & Sons</b>", stated=day)
    yield news(5002, title=LONG, stated=day)
    yield news(5003, title=TAKEN, stated=day)


def _many(day: datetime) -> News:
    return news(5000, title=MANY, source=OUTLETS[0], stated=day - timedelta(hours=5))


def _drop(console: Console, told: News, when: datetime) -> None:
    path = drop(console, told)
    os.utime(path, (when.timestamp(), when.timestamp()))


def _examples(console: Console, when: datetime) -> None:
    """The example pages, and two dumps that cannot be read."""
    shutil.copytree(EXAMPLES, console.folder / "seeds" / "examples")
    seeds = console.folder / "seeds"
    (seeds / "broken.txt").write_bytes(bytes(range(256)) * 20)
    (seeds / "empty.txt").write_bytes(b"\n\n")
    for path in (*(seeds / "examples").rglob("*.txt"), seeds / "broken.txt", seeds / "empty.txt"):
        os.utime(path, (when.timestamp(), when.timestamp()))


def _page_of(console: Console, title: str) -> str:
    """The path of the page of the entry with that title."""
    for one in etree.fromstring(console.feed.read_bytes()).findall(f"{ATOM}entry"):
        if one.findtext(f"{ATOM}title") == title:
            links = one.findall(f"{ATOM}link")
            (page,) = (str(link.get("href")) for link in links if link.get("rel", "alternate") == "alternate")
            return f"/entries/{page.rpartition('/')[2]}"
    raise AssertionError(f"{title!r} is not in the feed")
