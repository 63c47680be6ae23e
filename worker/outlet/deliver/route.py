"""What every way out has in common."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from worker.model import Message, Reply


class Route(Protocol):
    """A way for messages to leave. Used from one thread."""

    def send(self, message: Message, *, before_dot: Callable[[], None]) -> Reply:
        """Hands a message over and returns the answer: 2yz taken, 4yz refused for now, 5yz refused for good.

        `before_dot` is called once, right before the message can become real; refused earlier, it is not
        called, and what it raises ends the try with nothing sent. Code 0 is our own: the final dot went out
        and no answer came back, so nobody can say. Raises DeliveryError where the route is out of order;
        then nothing was sent.
        """
        ...

    def holds(self, message: Message) -> bool | None:
        """Whether the receiving side has it; None where that cannot be known."""
        ...

    def check(self) -> str:
        """Go as far as one can without sending; what there is to say. Raises DeliveryError."""
        ...

    def close(self) -> None:
        """Ends connections. The route can be used again."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
