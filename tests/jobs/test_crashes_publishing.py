"""Crash anywhere while documents are written, run again, same documents: for every step there is, as a loop."""

from __future__ import annotations

import functools
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from desks import NOW
from editions import BASE, Edition
from feed_rules import ids, links, proper
from gazette import news
from power_cuts import MOST, crashing
from takedowns import restore, retract

from worker.model import Topic

LATER = NOW + timedelta(hours=1)
STORIES = [news(number, source="Kabar") for number in range(40)]
FERRIES = Topic(name="Ferries", slug="ferries", query="ferry OR bridge OR lamps OR goats OR tower")


def begun(folder: Path) -> Edition:
    """Some documents, and reasons of every kind to write others."""
    made = Edition(folder, settings={"size": 4})
    made.put_in(*STORIES[:8])
    made.follow(FERRIES)
    made.issue()
    retract(made, 2, now=LATER)
    retract(made, 7, now=LATER)
    made.issue(LATER)
    made.put_in(*STORIES[8:13])
    made.put_in(STORIES[13], place=3)
    made.revise(5, "Corrected.", LATER)
    restore(made, 2, LATER)
    retract(made, 9, now=LATER)
    made.follow(Topic(name="Ferries", slug="ferries", query="ferry OR orchard OR map OR letters"))
    (made.public / "feed.rss").unlink()
    return made


def held(edition: Edition) -> set[str]:
    """All that a reader in Atom gets by the links from the head."""
    found, path = set[str](), "feed.atom"
    while path:
        root = proper((edition.public / path).read_bytes())
        found |= set(ids(root))
        path = "".join(link["href"].removeprefix(BASE) for link in links(root, "prev-archive"))
    return found


def documents(edition: Edition) -> dict[str, bytes]:
    return {path: content for path, (content, _) in edition.files().items() if not path.endswith(".tmp")}


@pytest.mark.parametrize(("settings", "every"), [({}, 1), ({"title": "Another wire"}, 7)])
def test_publishing_that_dies_at_any_step(tmp_path: Path, settings: dict[str, str], every: int) -> None:
    """With other settings at every seventh: nothing but more documents are written the same way."""
    before = begun(tmp_path / "before")
    last = held(before)
    with before.store() as db:
        rows = db.conn.execute("select uri from entries").fetchall()
    shutil.copytree(before.folder, tmp_path / "unbroken")
    unbroken = Edition(tmp_path / "unbroken", settings=before.settings | settings)
    unbroken.issue(LATER)
    wanted, at = documents(unbroken), 0
    gone = set(unbroken.uris(7, 9))
    assert set(unbroken.held()) == {uri for (uri,) in rows} - gone
    for at in range(1, 3 * MOST, every):
        folder = tmp_path / "broken"
        shutil.copytree(before.folder, folder)
        edition = Edition(folder, settings=unbroken.settings)
        died = crashing(functools.partial(edition.issue, LATER), at)
        assert last - gone <= held(edition), f"died at step {at}"
        edition.issue(LATER)
        assert documents(edition) == wanted, f"died at step {at}"
        shutil.rmtree(folder)
        if not died:
            break
    assert 100 < at < 3 * MOST - every
