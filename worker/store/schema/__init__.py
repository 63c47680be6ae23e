"""The tables, as migrations in order, each with its reason. A migration that has been released never changes.

founding  dumps, pages, pieces, entries, people, mail, stories, topics     feeds  what feeds are made of
access    who may read                                                     calls  hubs and webhooks
charts    what is counted by day                                       pages  what pages are found by

They are applied in the order in which these modules are imported.
"""

# isort: off
from worker.store.schema import founding  # noqa: F401
from worker.store.schema import feeds  # noqa: F401
from worker.store.schema import access  # noqa: F401
from worker.store.schema import calls  # noqa: F401
from worker.store.schema import charts  # noqa: F401
from worker.store.schema import pages  # noqa: F401

# isort: on
from worker.store.schema.steps import migrations

__all__ = ["migrations"]
