"""What two tellings state of themselves: whether outlet, title and time are the same, as far as both say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from worker.intake.relate.facts import same_name
from worker.intake.relate.wording import plain
from worker.model import Precision, StatedDate, host_of


class Telling(Protocol):
    """An article or an entry."""

    @property
    def title(self) -> str: ...
    @property
    def title_derived(self) -> bool: ...
    @property
    def published(self) -> StatedDate | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def link(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What agrees: True or False where both tellings state it, None where one of them does not."""

    source: bool | None
    title: bool | None
    day: bool | None
    minute: bool | None  #: None also where one of them states a day only
    link: bool | None
    apart: int | None  #: days between their dates

    @property
    def identified(self) -> bool:
        """Whether this is the same article by all that it states: its title, with its address, or with source and time
        as far as they are stated.
        """
        if not self.title or self.link:
            return bool(self.title)
        return (bool(self.source) or bool(self.day)) and not self.denied

    @property
    def denied(self) -> bool:
        """Whether anything that both state says that these are two articles."""
        return False in {self.source, self.title, self.day, self.minute}


def agreement(one: Telling, other: Telling) -> Agreement:
    """What two tellings state, held against each other."""
    day, minute, apart = _times(one.published, other.published)
    titled = not (one.title_derived or other.title_derived)
    return Agreement(
        source=same_source(one.source, other.source),
        title=_same_title(one.title, other.title) if titled else None,
        day=day,
        minute=minute,
        link=None if one.link is None or other.link is None else one.link == other.link,
        apart=apart,
    )


def other_outlet(one: Telling, other: Telling) -> bool:
    """Whether the same text stands with two outlets: by the hosts of their links, else by the sources they name."""
    hosts = host_of(one.link), host_of(other.link)
    if all(hosts):
        shorter, longer = sorted(hosts, key=len)
        return not (longer == shorter or longer.endswith("." + shorter))
    return same_source(one.source, other.source) is False


def same_source(one: str | None, other: str | None) -> bool | None:
    """Whether two names of a source mean the same; "Kabar" and "Kabar News Agency" do.

    Words with capitals tell, where both have some.
    """
    if one is None or other is None:
        return None
    mine, theirs = _proper(one), _proper(other)
    if not (mine and theirs):
        mine, theirs = _words(one), _words(other)
    return mine <= theirs or theirs <= mine


def _proper(name: str) -> frozenset[str]:
    return frozenset(plain(word) for word in name.split() if word[:1].isupper())


def _same_title(one: str, other: str) -> bool:
    """Whether two titles have the same words, spelling aside."""
    mine, theirs = ([bare for word in title.split() if (bare := plain(word))] for title in (one, other))
    return len(mine) == len(theirs) and all(map(same_name, mine, theirs))


def _words(name: str) -> frozenset[str]:
    return frozenset(filter(None, map(plain, name.split())))


def _times(one: StatedDate | None, other: StatedDate | None) -> tuple[bool | None, bool | None, int | None]:
    if one is None or other is None:
        return None, None, None
    mine, theirs = _comparable(one, other), _comparable(other, one)
    apart = abs((mine.date() - theirs.date()).days)
    if Precision.DAY in {one.precision, other.precision}:
        return apart == 0, None, apart
    same = mine.replace(second=0) == theirs.replace(second=0)
    return same, same, apart


def _comparable(date: StatedDate, other: StatedDate) -> datetime:
    """The wall clock, in UTC where both tell their offset."""
    return date.wall if date.offset is None or other.offset is None else date.wall - date.offset
