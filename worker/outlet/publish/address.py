"""Where a feed and its page are found, and by what id and title readers know it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from worker.model import Channel, Press
from worker.outlet.wording import line


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a feed says of itself. URLs are whole."""

    uri: str  #: its id, the same in all documents of a channel; never changes
    title: str
    page: str  #: what shows the same to people
    atom: str  #: the head
    rss: str = ""
    json: str = ""
    archives: str = ""  #: what the numbers of archive documents are put behind
    hubs: tuple[str, ...] = ()  #: of WebSub, that are told when it changes

    def archive(self, number: int) -> str:
        """The URL of an archive document."""
        return f"{self.archives}{number}.atom"


def addressed(press: Press, channel: Channel) -> Address:
    """The address of a channel."""
    slug = quote(channel.slug, safe="")
    kind = channel.kind.value
    page = f"{press.base_url}/{kind}s/{slug}/" if slug else f"{press.base_url}/"
    title = line(press.title) or "seedwire"
    return Address(
        uri=f"tag:{press.authority}:{kind}" + (f"/{quote(channel.named or channel.slug, safe='')}" if slug else ""),
        title=f"{line(channel.name)} – {title}" if channel.name else title,
        page=page,
        atom=page + "feed.atom",
        rss=page + "feed.rss",
        json=page + "feed.json",
        archives=page + "archive/",
        hubs=press.hubs,
    )
