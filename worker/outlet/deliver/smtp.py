"""SMTP with its DATA split in two, so that something can be done right before the final dot (RFC 5321)."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from worker.errors import DeliveryError
from worker.model import Message, Reply
from worker.outlet.deliver.route import Route
from worker.outlet.deliver.server import one_line, parse

_GO_AHEAD = 354
#: Answers to MAIL about the route and not the message: log in, encrypt first (RFC 4954 section 6, RFC 3207).
_ROUTE_REFUSED = (530, 534, 535, 538)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait, after RFC 5321 section 4.5.3.2."""

    greeting: float = 60  #: for the connection and the server's first words
    command: float = 300
    dot: float = 600  #: ten minutes: giving up earlier makes copies


class SmtpRoute(Route):
    """One connection to one server, opened when needed, used again for the next message.

    `url` is `smtp://[user:password@]host[:port][?starttls=required|never]` or `smtps://…` (TLS from the
    start). Certificates are verified. Raises SettingsError for any other URL.
    """

    def __init__(self, url: str, *, timeouts: Timeouts | None = None, context: ssl.SSLContext | None = None) -> None:
        self._server = parse(url)
        self._timeouts = timeouts or Timeouts()
        self._context = context
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: Message, *, before_dot: Callable[[], None]) -> Reply:
        """See Route. Addresses beyond ASCII need a server with SMTPUTF8 (RFC 6531), else it is 553."""
        if re.search(r"[\x00-\x20\x7f<>\ud800-\udfff]", message.sender + message.recipient):
            return Reply(code=553, text="an address holds spaces, controls or angle brackets; not tried")
        try:
            return self._transfer(message, before_dot)
        except BaseException:
            self._drop()  # what has no dot yet must be forgotten, and a QUIT must not become part of it
            raise

    def holds(self, message: Message) -> bool | None:  # noqa: ARG002 - see Route
        """SMTP has no question for that."""
        return None

    def check(self) -> str:
        """Connect, encrypt and log in as for a message."""
        try:
            extensions = self._connection().esmtp_features
        except OSError as error:
            raise DeliveryError(self._server.complaint(error)) from error
        self.close()
        return f"{self} answers, offers {', '.join(sorted(extensions)) or 'no extensions'}"

    def __str__(self) -> str:
        return f"mail server {self._server}"

    def close(self) -> None:
        """Says QUIT to an open connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError):
                if smtp.sock is not None:
                    smtp.sock.settimeout(5)  # nothing hangs on the answer
                smtp.quit()
            smtp.close()

    def _transfer(self, message: Message, before_dot: Callable[[], None]) -> Reply:
        try:
            smtp, reply = self._offer(message)
        except OSError as error:  # smtplib's own errors are OSErrors too
            raise DeliveryError(self._server.complaint(error)) from error
        if reply.code != _GO_AHEAD:
            self._reset(smtp)
            return reply
        before_dot()
        return self._end(smtp)

    def _offer(self, message: Message) -> tuple[smtplib.SMTP, Reply]:
        """Everything but the dot, with 354 as the answer, or the refusal that came before."""
        idle = self._smtp is not None
        try:
            smtp = self._connection()
            reply = _mail(smtp, message)
        except smtplib.SMTPServerDisconnected:
            if not idle:
                raise
            self._drop()  # the server had closed the idle connection; no message has begun
            smtp = self._connection()
            reply = _mail(smtp, message)
        if reply.code // 100 == 2:
            reply = _reply(*smtp.rcpt(message.recipient))
        if reply.code // 100 == 2:
            reply = _reply(*smtp.docmd("DATA"))
        if reply.code == _GO_AHEAD:
            smtp.send(_stuffed(message.content))
        elif reply.code // 100 not in (4, 5):
            raise smtplib.SMTPResponseException(reply.code, reply.text)
        return smtp, reply

    def _end(self, smtp: smtplib.SMTP) -> Reply:
        """The dot, and the answer to it. Nothing is raised here: it would look as if nothing was sent."""
        try:
            assert smtp.sock is not None
            smtp.sock.settimeout(self._timeouts.dot)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
            smtp.sock.settimeout(self._timeouts.command)
        except OSError as error:
            code, text = -1, str(error).encode(errors="replace")
        if code // 100 not in (2, 4, 5):
            self._drop()
            why = f"{self._server} gave no reply after the final dot ({one_line(text)}); it may have arrived"
            return Reply(code=0, text=why)
        if code == 421:
            self._drop()
        return Reply(code=code, text=one_line(text))

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            if smtp.rset()[0] != 250:
                self._drop()
        except OSError:
            self._drop()  # the refusal is known; the next message opens a new connection

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._open()
        return self._smtp

    def _open(self) -> smtplib.SMTP:
        server, context = self._server, self._context or ssl.create_default_context()
        wait = self._timeouts.greeting
        if server.implicit_tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=wait, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=wait)
        try:
            assert smtp.sock is not None
            # Body and dot are two writes, and Nagle would hold the dot back for 40 ms.
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.sock.settimeout(self._timeouts.command)
            smtp.ehlo_or_helo_if_needed()
            self._secure(smtp, context)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _secure(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server = self._server
        if not server.implicit_tls and server.starttls != "never":
            if smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo_or_helo_if_needed()
            elif server.starttls == "required" or (server.user is not None and not server.is_local):
                raise smtplib.SMTPNotSupportedError("no STARTTLS is offered")
        if server.user is not None:
            smtp.login(server.user, server.password)


def _mail(smtp: smtplib.SMTP, message: Message) -> Reply:
    """MAIL, or our own 553 where the server cannot write the address."""
    options = [f"SIZE={len(message.content)}"] if smtp.has_extn("size") else []
    if not (message.sender + message.recipient).isascii():
        if not smtp.has_extn("smtputf8"):
            return Reply(code=553, text="the server has no SMTPUTF8, which this address needs; not tried")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    reply = _reply(*smtp.mail(message.sender, options))
    if reply.code in _ROUTE_REFUSED:
        raise smtplib.SMTPAuthenticationError(reply.code, reply.text)
    return reply


def _reply(code: int, text: bytes) -> Reply:
    """RFC 5321 section 3.8: 421 at any time means that the server closes the connection."""
    if code == 421:
        raise smtplib.SMTPServerDisconnected(f"421 {one_line(text)}")
    return Reply(code=code, text=one_line(text))


def _stuffed(content: bytes) -> bytes:
    """RFC 5321 section 4.5.2. A bare CR or LF is made whole: some servers see the end of the mail in one."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    dotted = re.sub(rb"(?m)^\.", b"..", lines)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"
