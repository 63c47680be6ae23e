"""Whatever happens to entries and topics, feeds tell each of them, and nothing that readers go by moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from desks import NOW
from editions import Edition, graves
from feed_rules import ATOM, ids, links
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from takedowns import restore, retract
from tellings import Wire

from worker import jobs
from worker.errors import StoryError
from worker.model import Page, Topic
from worker.store.retractions import NOT_RETRACTED

_TOPICS = (
    Topic(name="Ferries", slug="ferries", query="ferry OR ferries"),
    Topic(name="Ferries", slug="ferries", query="bridge"),
    Topic(name="Ships", slug="ships", query="ferry OR ferries"),
    Topic(name="Goats", slug="goats", query="goat OR orchard"),
)
_WHAT = (*("read",) * 5, "miss", "miss", *("publish",) * 4, "revise", "retract", "retract", "restore", "split", "join",
         "replay", "topics", "lose")  # fmt: skip
_ACTS = st.tuples(st.sampled_from(_WHAT), st.integers(0, 1 << 20), st.integers(0, 1 << 20))


class Hasty(jobs.Reader):
    """Overlooks some articles, which a replay finds."""

    def page(self, page: Page, path: str, *, latest: date) -> jobs.Reading:
        reading = jobs.Reader.page(self, page, path, latest=latest)
        return replace(
            reading, articles=tuple(one if one and len(one[0].text) % 3 else None for one in reading.articles)
        )


class History:
    """A wire on which everything happens, and what its readers have got so far."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.room, self.wire, self.now = Edition(folder, settings={"size": 4}), Wire(seed), NOW
        self.known: dict[str, tuple[str, str, str, int]] = {}  #: page, updated, text and revisions, by id
        self.published: dict[str, str] = {}
        self.closed: dict[str, tuple[bytes, int]] = {}
        self.excused = False  #: what is closed may be other now

    def act(self, what: str, one: int, other: int) -> None:
        self.now += timedelta(minutes=5)
        match what:
            case "read" | "miss":
                self.read(jobs.Reader() if what == "read" else Hasty(), 1 + one % 4)
            case "replay":
                self.room.replay(self.now)
            case "topics":
                self.room.follow(*{topic.slug: topic for topic in (_TOPICS[one % 4], _TOPICS[other % 4])}.values())
                self.excused = True
            case "lose":
                files = [path for path in self.room.public.rglob("*") if path.is_file()]
                for path in files[one % 7 :: 7]:
                    path.unlink()
                self.excused = True
            case "publish":
                self.publish()
            case _:
                self.place(what, one, other)

    def read(self, reader: jobs.Reader, count: int) -> None:
        self.room.read(now=self.now)  # so that there are seeds
        assert self.room.kept is not None
        self.room.kept = replace(self.room.kept, reader=reader)
        self.room.read(*self.wire.pages(count), now=self.now)

    def place(self, what: str, one: int, other: int) -> None:
        numbers = sorted(self.room.led())
        if not numbers:
            return
        number, to = numbers[one % len(numbers)], numbers[other % len(numbers)]
        try:
            match what:
                case "retract":
                    retract(self.room, number, f"reason {other}", self.now)
                    self.excused = True
                case "restore":
                    restore(self.room, number, self.now)
                    self.excused = True
                case "split":
                    self.room.split(number, self.now)
                case "join":
                    self.room.join(number, to, now=self.now)
                case "revise":
                    self.room.revise(number, f"Text {one} of {number}, as it is {other} now.", self.now)
        except StoryError:
            return

    # ── What must be true ───────────────────────────────────────────────────────────────────────────

    def publish(self) -> None:
        self.room.issue(self.now)
        self.nothing_closed_is_other()
        told: list[tuple[str, str]] = [("", "select number from entries")]
        with self.room.store() as db:
            slugs = [(slug, topic) for slug, topic in db.conn.execute("select slug, id from topics")]
            told += [(f"topics/{slug}/", f"select entry from entry_topics where topic = {id_}") for slug, id_ in slugs]
            for folder, which in told:
                rows = db.conn.execute(
                    f"select uri, story is null, {NOT_RETRACTED} from entries where number in ({which})"
                ).fetchall()
                self.all_is_told(folder, {u for u, leads, seen in rows if leads and seen}, {u for u, _, s in rows if s})
            sources = [slug for (slug,) in db.conn.execute("select slug from channels where kind = 'source'")]
        for slug in sources:
            self.nothing_moves(self.room.head(f"sources/{slug}/"))
        assert self.room.issue(self.now).changed == []

    def all_is_told(self, folder: str, leading: set[str], seen: set[str]) -> None:
        """What was closed in and leads no more is there still, and nothing that was taken down."""
        head = self.room.head(folder)
        assert set(ids(head)) <= leading
        self.nothing_moves(head)
        nodes = [head, *self.room.archives(folder)]
        held = {uri for node in nodes for uri in ids(node)}
        assert leading <= held <= seen
        for node in nodes:
            assert not set(graves(node)) & seen
            for entry in node.iterfind(f"{ATOM}entry"):
                uri = str(entry.findtext(f"{ATOM}id"))
                stated = entry.findtext(f"{ATOM}published")
                assert self.published.setdefault(uri, stated) == stated if stated else True

    def nothing_moves(self, head: etree._Element) -> None:
        with self.room.store() as db:
            sql = "select uri, count(evidence) from entries left join revisions on entry = entries.number group by uri"
            revised: dict[str, int] = dict(db.conn.execute(sql).fetchall())
        for entry in head.iterfind(f"{ATOM}entry"):
            uri, page = str(entry.findtext(f"{ATOM}id")), links(entry, "alternate")[0]["href"]
            text = str(entry.findtext(f"{ATOM}content")).partition("<p>Also in: ")[0]
            now = (page, str(entry.findtext(f"{ATOM}updated")), text, revised[uri])
            before = self.known.get(uri, now)
            assert before[0] == page
            assert before[1] <= now[1]
            assert before[2] == now[2] or before[1] < now[1]
            assert before[1] == now[1] or before[2] != now[2] or before[3] < now[3], "lit up for no reason"
            self.known[uri] = now
            stated = entry.findtext(f"{ATOM}published")
            assert uri not in self.published or self.published[uri] == stated
            if stated:
                self.published[uri] = stated

    def nothing_closed_is_other(self) -> None:
        closed = {path: held for path, held in self.room.files().items() if "archive/" in path}
        if not self.excused:
            assert {path: closed[path] for path in self.closed} == self.closed
        self.closed, self.excused = closed, False


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1 << 16), st.lists(_ACTS, min_size=8, max_size=24))
def test_feeds_tell_everything_and_nothing_moves(seed: int, acts: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        history = History(Path(folder), seed)
        for act in (("read", 3, 0), *acts, ("publish", 0, 0)):
            history.act(*act)
