"""The site put together: documents, pages, keys."""

from __future__ import annotations

from typing import Protocol

from worker import templating
from worker.cli.wiring import Wiring, clock
from worker.model.keys import Key
from worker.schedule import Schedule
from worker.store import keys
from worker.store.reading import Readers
from worker.web.access import Keyring
from worker.web.app import Site, create_app
from worker.web.documents import Documents
from worker.web.gate import Gate, serve
from worker.web.proxies import Proxies


class Refusing(Protocol):
    """Whoever publishes."""

    refused: int


def site(app: Wiring, schedule: Schedule, publishing: Refusing) -> Gate:
    """What is served over HTTP."""
    with app.store() as db:
        press = app.press(db)
    readers = Readers(app.database)

    def read_keys() -> list[Key]:
        with readers.store() as db:
            return list(keys.every(db))

    documents = Documents(app.public, base_url=press.base_url, max_age=press.max_age, hubs=press.hubs)
    pages = create_app(
        Site(
            press=press,
            templates=app.templates,
            style=templating.asset(app.templates, "web/style.css"),
            store=readers.store,
            clock=clock,
            runs=schedule.runs,
            alive=schedule.alive,
            refused=lambda: publishing.refused,
        )
    )
    return serve(documents, pages, Keyring(read_keys), Proxies(app.settings.server.trusted_proxies))
