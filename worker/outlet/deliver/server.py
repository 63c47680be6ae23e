"""Which SMTP server, as its URL says, and what to tell an operator when it does not work."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from worker.errors import SettingsError

#: The first that fits; smtplib's errors and those of ssl are all OSErrors.
_CURES = (
    (
        smtplib.SMTPAuthenticationError,
        "does not let us in",
        "check user, password and starttls in [smtp] url",
    ),
    (
        smtplib.SMTPNotSupportedError,
        "lacks what [smtp] url asks for",
        "use smtps://, leave the user out, or add ?starttls=never if the network may see everything",
    ),
    (smtplib.SMTPServerDisconnected, "closed the connection", "see its log; the mail will be tried again"),
    (smtplib.SMTPException, "does not work for us now", "see what it says, or ask its postmaster"),
    (
        ssl.SSLCertVerificationError,
        "has a certificate that cannot be verified",
        "name the host as the certificate does, or install its authority on this machine",
    ),
    (ssl.SSLError, "does not agree on TLS", "smtps:// is for TLS from the start, smtp:// for STARTTLS"),
    (OSError, "cannot be reached", "check that it runs, and host and port in [smtp] url"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What an SMTP URL says."""

    host: str
    port: int
    implicit_tls: bool
    starttls: str  #: offered (used where the server has it), required or never
    user: str | None
    password: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether what goes there in clear stays on this machine."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    def complaint(self, error: OSError) -> str:
        """One line: which server, what happened, what to do. The password is not in it, even if echoed."""
        detail = one_line(str(error).encode(errors="replace"))
        if isinstance(error, smtplib.SMTPResponseException):
            text = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
            detail = f"{error.smtp_code} {one_line(text)}"
        if self.password:
            detail = detail.replace(self.password, "…")
        what, cure = next((what, cure) for kind, what, cure in _CURES if isinstance(error, kind))
        return f"mail server {self} {what} ({detail}): {cure}"


def one_line(text: bytes) -> str:
    """What a server said, on one line."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text.decode(errors="replace")).split())


def parse(url: str) -> Server:
    """Raises SettingsError, naming the URL without its password."""
    pattern, mask = (r"(?s)//.*@", "//…@") if "@" in url else (r"(?s)(//[^/]*?:)(?!\d+\b).*", r"\1…")
    shown = re.sub(pattern, mask, url)
    shape = "write smtp://[user:password@]host[:port][?starttls=required|never] or smtps://…"
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        host = (parts.hostname or "").encode("idna").decode()
        usual = {"smtp": 25, "smtps": 465}[parts.scheme]
        port = parts.port or usual
    except (ValueError, KeyError):  # what they say may hold the password
        raise SettingsError(f"[smtp] url is {shown}: {shape}; escape odd letters of a password as %XX") from None
    starttls = options.pop("starttls", "offered")
    user = None if parts.username is None else unquote(parts.username)
    password = unquote(parts.password or "")
    sound = host and not options and not parts.fragment and parts.path in ("", "/")
    if not sound or starttls not in ("offered", "required", "never"):
        raise SettingsError(f"[smtp] url is {shown}: {shape}")
    if not f"{user}{password}".isascii():
        raise SettingsError(f"[smtp] url is {shown}: user and password must be ASCII")
    implicit = parts.scheme == "smtps"
    return Server(host=host, port=port, implicit_tls=implicit, starttls=starttls, user=user, password=password)
