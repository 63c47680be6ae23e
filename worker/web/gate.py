"""The way of a request: who asks, whether they may, and then a document or a page."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from worker.web.access import Access, Keyring
from worker.web.answers import Answer, Headers, dressed
from worker.web.documents import Documents, is_document
from worker.web.proxies import Proxies


class Gate:
    """The whole site, as an ASGI app."""

    def __init__(self, documents: Documents, pages: ASGIApp, keyring: Keyring, proxies: Proxies) -> None:
        self._documents, self._pages, self._keyring, self._proxies = documents, pages, keyring, proxies
        self._access = Access(self._shown, keyring)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http":
            self._proxies.judge(scope)
            await self._access(scope, receive, send)

    def prompt(self, method: bytes, target: bytes, headers: Headers, second: int) -> Answer | None:
        """What can be answered at once: documents at hand, while everybody may read them."""
        return None if self._keyring.now().closed else self._documents.prompt(method, target, headers, second)

    async def _shown(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_document(scope["path"]):
            await self._documents(scope, receive, send)
        else:
            private = scope.get("state", {}).get("private", False)
            await self._pages(scope, receive, dressed(send, private=private))


def serve(documents: Documents, pages: ASGIApp, keyring: Keyring, proxies: Proxies | None = None) -> Gate:
    """The whole site. Documents do not go through the routes of the pages: they are asked for a thousand times as
    often.
    """
    return Gate(documents, pages, keyring, proxies or Proxies())
