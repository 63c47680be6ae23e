"""A daemon that serves invented news on this machine: what real readers and a real browser are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from consoles import Console, Daemon, running
from gazette import TOPICS, News
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Newsstand:
    """A running daemon and its folder."""

    console: Console
    daemon: Daemon
    base: str  #: where readers are told to look

    def get(self, path: str) -> requests.Response:
        """What is served there; `path` without the slash before it."""
        return requests.get(f"{self.daemon.url}/{path}", timeout=10, allow_redirects=False)

    def put(self, *told: News) -> None:
        """Drop pages. A revision is a page of its own, beside the one before."""
        for one in told:
            drop(self.console, one)

    def ids(self) -> list[str]:
        """Of the entries in the head of the wire, the newest turn first."""
        return [one.findtext(f"{ATOM}id") or "" for one in self.entries()]

    def entries(self) -> list[etree._Element]:
        return etree.fromstring(self.daemon.feed().content).findall(f"{ATOM}entry")

    def revise(self, told: News) -> None:
        """Correct a text that was told, and wait until the feed says so."""
        self.put(told.revised())
        self.daemon.shows(told.changed)


def drop(console: Console, told: News) -> Path:
    """Lay a page into the folder; what is dropped later is read later."""
    return console.put(f"{len(list((console.folder / 'seeds').iterdir())):05}.txt", told.page)


@contextmanager
def newsstand(console: Console, *told: News, base: str = "", toml: str = TOPICS) -> Iterator[Newsstand]:
    """A daemon whose feed has all of this news before anybody looks.

    It is read before the daemon starts, so that all of it comes in one batch.
    """
    console.settings(toml)
    if base:
        console.set["SEEDWIRE_FEED_BASE_URL"] = base
    for one in told:
        drop(console, one)
    console.run("once").told()
    with running(console) as daemon:
        stand = Newsstand(console, daemon, base or daemon.url)
        daemon.until(lambda: daemon.feed().status_code == 200)
        yield stand
        daemon.stop()
