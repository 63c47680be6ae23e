"""A mailbox that takes everything, and the port of its server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mail_servers import Mailbox, serving


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox) -> Iterator[int]:
    with serving(mailbox) as number:
        yield number
