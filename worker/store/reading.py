"""Reading while others write: a connection for each thread that asks, opened once, which cannot change anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local

from sqlite_utils import Database

from worker.store.database import store_error

#: KB of a connection's cache: about what a page of a large archive touches.
_CACHE = 4000


class Readers:
    """Connections that only read, one a thread; it ends with its thread.

    Opening and checking the schema anew for each request costs a hundred times what a small query does.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._own = path, local()

    @contextmanager
    def store(self) -> Iterator[Database]:
        """The connection of this thread; what is read within sees the store as it was at the first read.

        Raises StoreError.
        """
        try:
            db = self._connection()
            db.conn.execute("begin")
            try:
                yield db
            finally:
                db.conn.execute("rollback")
        except sqlite3.Error as error:
            self._own.db = None  # whatever happened to the file, the next one opens it again
            raise store_error(error, self._path) from error

    def _connection(self) -> Database:
        found: Database | None = getattr(self._own, "db", None)
        if found is None:
            uri = f"{self._path.absolute().as_uri()}?mode=rw"  # with mode=ro nobody could make the index of the log
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            connection.execute("pragma query_only = on")
            connection.execute(f"pragma cache_size = -{_CACHE}")
            found = self._own.db = Database(connection)
        return found
