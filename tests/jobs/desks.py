"""A press desk in a folder: dumps of invented news go in, a feed and mail come out; and what became of them."""

from __future__ import annotations

import email
import email.policy
import os
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from invented import body, reader
from sqlite_utils import Database

from worker import jobs, templating
from worker.model import DeliveryState, Entry, Press, Subscription
from worker.outlet.deliver import MaildirRoute, Route, SmtpRoute, Timeouts
from worker.store import entries, outbox, runs, subscribers
from worker.store.database import open_database

EXAMPLES = Path(__file__).parents[2] / "examples" / "pages"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATE = timedelta(hours=12)
TEMPLATES = templating.load(None)


def page(number: int, *, title: str | None = None, stated: str = "07.11.2026, 09:40") -> str:
    """A page with one article, titled and dated, in the layout of a news site."""
    return f" date 2026-11-10 {stated}\n\n{title or f'Ferry {number} returns'}\n\nTell a friend\n\n{body(number)}"


def title(number: int) -> str:
    return f"Ferry {number} returns"


@dataclass
class Desk:
    """Folders, and the three jobs upon them."""

    folder: Path
    rim: jobs.Rim = field(default_factory=lambda: jobs.Rim(sleep=lambda _seconds: None))

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    @property
    def feed(self) -> Path:
        return self.folder / "public" / "feed.atom"

    @property
    def maildir(self) -> MaildirRoute:
        return MaildirRoute(self.folder / "mail")

    @contextmanager
    def store(self) -> Iterator[Database]:
        with closing(open_database(self.folder / "seedwire.db")) as db:
            yield db

    def drop(self, name: str, text: str | bytes) -> Path:
        path = self.seeds / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        return path

    def ingest(self, db: Database, now: datetime = NOW) -> jobs.Ingested:
        self.seeds.mkdir(parents=True, exist_ok=True)
        seeds = jobs.Seeds.remembered(db, self.seeds, settle=0, authority="example.org,2026")
        return jobs.ingest(db, seeds, self.rim, now=now)

    @property
    def press(self) -> Press:
        return Press(
            title="Wire", base_url="https://wire.example.org", authority="example.org,2026", zone=UTC, since=NOW
        )

    def publish(self, db: Database, now: datetime = NOW, press: Press | None = None) -> bool:
        """Whether any document changed; none may be refused."""
        pressing = jobs.Pressing(public=self.feed.parent, press=press or self.press, now=now)
        done = jobs.publish(db, pressing)
        assert not done.refused, done.refused
        return bool(done.changed)

    def post(self, db: Database, now: datetime, route: Route | None = None) -> Counter[DeliveryState]:
        post = jobs.Post(
            route=route or self.maildir,
            templates=TEMPLATES,
            sender="Wire <wire@example.org>",
            title="Wire",
            base_url="https://wire.example.org",
            late=LATE,
        )
        return jobs.post_digests(db, post, self.rim, now=now)

    def news(self, db: Database, *numbers: int, now: datetime = NOW) -> None:
        """Drop and read one dump a number."""
        for number in numbers:
            self.drop(f"{number}.txt", page(number))
        self.ingest(db, now)

    def mails(self) -> list[EmailMessage]:
        """What lies in the Maildir, in the order of its dates."""
        found = [_parsed(path.read_bytes()) for path in (self.folder / "mail" / "new").glob("*")]
        return sorted(found, key=lambda mail: email.utils.parsedate_to_datetime(mail["date"]))


def subscribe(db: Database, email_: str = "ana@example.org", **changed: Any) -> Subscription:
    """Daily at 07:30 in Almaty, since a week ago, unless told otherwise."""
    subscribers.add(db, reader(email_, **({"created": NOW - timedelta(days=7)} | changed)))
    found = subscribers.of(db, email_)
    assert found is not None
    return found


def states(db: Database) -> dict[str, int]:
    return outbox.counts(db)


def all_entries(db: Database) -> list[Entry]:
    return entries.newest(db, 10_000)[::-1]


def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def told(mail: EmailMessage) -> str:
    """The text part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that the store remembers, but for the full-text index, what tells of runs, and what is yet to be written."""
    names = [
        name
        for (name,) in db.conn.execute("select name from sqlite_master where type = 'table' order by name")
        if not name.startswith(("entries_fts", "_sqlite", "jobs", "sqlite_stat", "stale", "presses"))
    ]
    return {name: db.conn.execute(f"select * from {name} order by 1, 2").fetchall() for name in names}


def lawful(db: Database) -> None:
    """The law of conservation: the pieces of each page are the page; the totals say so too."""
    totals = runs.totals(db)
    assert totals["characters"] == totals["characters_in_pieces"]
    for page_, length in db.conn.execute("select id, length from pages"):
        spans = db.conn.execute("select start, end from pieces where page = ? order by start", (page_,)).fetchall()
        assert spans or not length
        if spans:
            assert (spans[0][0], spans[-1][1]) == (0, length)
            assert all(one[1] == other[0] for one, other in pairwise(spans))
    wrong = "select count(*) from pieces where (kind = 'article') <> (outcome is not null)"
    assert db.conn.execute(wrong).fetchone() == (0,)
    homeless = "select count(*) from pieces where outcome <> 'rejected' and entry is null"
    assert db.conn.execute(homeless).fetchone() == (0,)


class Mailbox:
    """What aiosmtpd asks: keeps the mail that it takes; answers with `data` where that is set."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: list[str] = []  #: to the next dots; "250 OK" when used up

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(_parsed(envelope.content))
        return answer


@contextmanager
def serving(mailbox: Mailbox, port: int = 0) -> Iterator[int]:
    """A real SMTP server on this machine."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def smtp(port: int) -> SmtpRoute:
    return SmtpRoute(f"smtp://127.0.0.1:{port}", timeouts=Timeouts(greeting=5, command=5, dot=5))
