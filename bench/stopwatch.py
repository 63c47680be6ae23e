"""Where the time of a call goes: functions of other modules and classes, wrapped for as long as it is measured."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter
from typing import Any

#: By label: modules or classes, each with the name of a function in it.
Places = dict[str, list[tuple[object, str]]]


class Stopwatch:
    """Seconds by label. A label's time excludes that of labels within it, so the sum is the whole."""

    def __init__(self, rest: str) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()  #: how often a label began
        self._stack = [rest]
        self._since = perf_counter()

    @contextmanager
    def under(self, label: str) -> Iterator[None]:
        """What happens in here is booked to `label`."""
        self.book()
        self.calls[label] += 1
        self._stack.append(label)
        try:
            yield
        finally:
            self.book()
            self._stack.pop()

    def book(self) -> None:
        """Bring the current label up to date."""
        now = perf_counter()
        self.seconds[self._stack[-1]] += now - self._since
        self._since = now


@contextmanager
def watched(watch: Stopwatch, places: Places) -> Iterator[None]:
    """Book every call of these functions to their label, and the blocks of those that make context managers; they
    are put back afterwards.
    """
    before = [(module, name, getattr(module, name)) for found in places.values() for module, name in found]
    try:
        for label, found in places.items():
            for module, name in found:
                setattr(module, name, _booked(watch, label, getattr(module, name)))
        yield
    finally:
        for module, name, function in before:
            setattr(module, name, function)


def _booked(watch: Stopwatch, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        with watch.under(label):
            result = function(*args, **options)
        if isinstance(result, Iterator):
            return _each(watch, label, result)
        return _around(watch, label, result) if isinstance(result, AbstractContextManager) else result

    return call


def _each(watch: Stopwatch, label: str, items: Iterator[Any]) -> Iterator[Any]:
    """Items of a generator, whose making is booked, and not what is done with them."""
    while True:
        with watch.under(label):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


@contextmanager
def _around(watch: Stopwatch, label: str, manager: AbstractContextManager[Any]) -> Iterator[Any]:
    """A context manager whose whole block is booked, its end included."""
    with watch.under(label), manager as value:
        yield value
