"""The sections of the settings file with their defaults, and what is made of them."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Literal, get_type_hints

import msgspec

from worker.model import Limits, Site, Topic, slug_of
from worker.model.calls import Webhook, shown

#: Storing is one process's work, and takes as long as reading: more than a few readers would have nothing to do.
_MOST_READERS = 4


class Seeds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[seeds]`: the folder that is watched."""

    directory: str = "seeds"
    every: timedelta = timedelta(seconds=60)  #: between full scans; events wake it earlier
    settle: timedelta = timedelta(milliseconds=100)  #: between the two looks that must agree
    timezone: str = "UTC"  #: of dates that state no offset
    readers: int | str = "auto"  #: processes that read pages beside the main one


class LimitSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[limits]`: how much of a dump is read; what goes beyond is a rejected piece with its reason."""

    bytes: int = Limits().bytes  #: of a dump as it lies there
    page_bytes: int = Limits().page_bytes  #: of one page, unpacked
    expansion: int = Limits().expansion  #: times its own size that a packed dump may unpack to
    pages: int = Limits().pages  #: of a dump
    pieces: int = Limits().pieces  #: of a page


class Stories(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[stories]`: which tellings are the same news."""

    window: int = 250_000  #: of the newest entries that a new article is compared with


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[feed]`: what is published."""

    base_url: str = ""  #: the public address; that of `[server] listen` unless set
    title: str = "seedwire"
    size: int = 50  #: entries in the head of a feed
    bytes: int = 512 << 10  #: of the head of a feed at the most
    content: Literal["full", "summary"] = "full"  #: whole texts, or how they begin
    hubs: tuple[str, ...] = ()  #: WebSub hubs that are told of changes
    authority: str = "seedwire.invalid,2026"  #: of tag URIs (RFC 4151): a domain and a year you owned it in


class Server(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[server]`: where HTTP is served."""

    listen: str = "127.0.0.1:8470"
    trusted_proxies: tuple[str, ...] = ()  #: addresses and networks whose X-Forwarded-… headers are believed


class Smtp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """`[smtp]`: how mail leaves; without a url it goes into the Maildir `mail/` of the state directory."""

    url: str = ""
    sender: str = "seedwire@localhost"


class DigestSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[digest]`: mail to subscribers."""

    late: timedelta = timedelta(hours=12)  #: a digest later than this goes into the next


class Operator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[operator]`: who is told when something needs a person."""

    email: str = ""  #: nobody gets such mail unless set
    quiet: float = 5.0  #: a source is quiet after so many of its usual gaps without an article; 0: never


class Templates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[templates]`: the operator's own; what is not there is taken from the shipped ones."""

    directory: str = ""


class SiteSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[sites]]`: what is known better of some pages."""

    name: str
    match: str  #: glob over the page's address, or the dump's path where it has none
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    date_format: str | None = None
    timezone: str | None = None


class TopicSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[topics]]`: a saved search."""

    name: str
    query: str  #: of FTS5, over title, text and source


class WebhookSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[webhooks]]`: who is told of each new entry over HTTP."""

    url: str
    secret: str  #: what calls are signed with
    topics: tuple[str, ...] = ()  #: by name; none: all entries

    def __repr__(self) -> str:
        """Without the secret: settings may come to be printed."""
        return f"WebhookSettings(url={shown(self.url)!r}, topics={self.topics!r})"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything an operator can set."""

    seeds: Seeds = Seeds()
    limits: LimitSettings = LimitSettings()
    stories: Stories = Stories()
    feed: Feed = Feed()
    server: Server = Server()
    smtp: Smtp = Smtp()
    digest: DigestSettings = DigestSettings()
    operator: Operator = Operator()
    templates: Templates = Templates()
    sites: tuple[SiteSettings, ...] = ()
    topics: tuple[TopicSettings, ...] = ()
    webhooks: tuple[WebhookSettings, ...] = ()

    @property
    def dump_limits(self) -> Limits:
        """How much of a dump is read."""
        return Limits(**msgspec.structs.asdict(self.limits))

    @property
    def readers(self) -> int:
        """How many processes read pages beside the main one: one for each core that it leaves, unless told."""
        told = self.seeds.readers
        return min(usable_cores() - 1, _MOST_READERS) if told == "auto" else int(told)

    @property
    def site_profiles(self) -> tuple[Site, ...]:
        """In the order of the file: the first one that matches a page is its profile."""
        return tuple(Site(**msgspec.structs.asdict(site)) for site in self.sites)

    @property
    def topic_searches(self) -> tuple[Topic, ...]:
        """In the order of the file."""
        return tuple(Topic(name=one.name, slug=slug_of(one.name), query=one.query) for one in self.topics)

    @property
    def webhook_targets(self) -> tuple[Webhook, ...]:
        """In the order of the file."""
        return tuple(
            Webhook(url=one.url, secret=one.secret, topics=tuple(dict.fromkeys(slug_of(name) for name in one.topics)))
            for one in self.webhooks
        )

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end."""
        return (self.feed.base_url or f"http://{self.server.listen}").rstrip("/")

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.server.listen.rpartition(":")
        return host.strip("[]"), int(port)


def usable_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sections() -> dict[str, type[msgspec.Struct]]:
    """The tables of single keys; site profiles, topics and webhooks are none."""
    return {name: kind for name, kind in get_type_hints(Settings).items() if isinstance(kind, type)}


def keys() -> dict[str, object]:
    """Every key as `section.key` with its default: for the table in the documentation."""
    return {
        f"{section}.{field.encode_name}": field.default
        for section, kind in sections().items()
        for field in msgspec.structs.fields(kind)
    }


def allowed(section: str | None = None) -> str:
    """What one may set, in words: of a section, else which sections there are."""
    names = sorted(key for key in keys() if not section or key.startswith(section + "."))
    if section and names:
        return "allowed are " + ", ".join(name.partition(".")[2] for name in names)
    return "sections are " + ", ".join(f"[{name}]" for name in sections()) + ", [[sites]], [[topics]], [[webhooks]]"
