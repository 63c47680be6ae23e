"""The pages of a mail (RFC 5322, MIME): its text, the texts attached to it, and the mails within it."""

from __future__ import annotations

import email
import email.header
import email.policy
import email.utils
from collections.abc import Iterator
from datetime import date, datetime
from email.message import Message

from worker.intake.decode.parts import Part, Refused
from worker.intake.shapes import legible
from worker.model import Stated

_DEPTH = 10  #: mails and multiparts within each other; people reach four
_MOST_HEADER = 2000  #: characters that are decoded; the library takes a time that grows with their square
_TEXTS = ("text/plain", "text/html")


def texts(content: bytes) -> Iterator[Part | Refused]:
    """Every text of a mail, the body first."""
    if content.startswith(b"From "):  # as mailboxes divide mails
        content = content.partition(b"\n")[2]
    try:
        # The modern policies parse every header as it is read, and fail on some that are broken.
        found = list(_within(email.message_from_bytes(content, policy=email.policy.compat32), _DEPTH))
    except Exception as error:  # the parser promises to take anything, and does not quite
        found = [Refused(f"a mail that cannot be parsed ({type(error).__name__})")]
    yield from found or [Refused("a mail without any text")]


def _within(mail: Message, depth: int) -> Iterator[Part | Refused]:
    stated, sent = _stated(mail)
    for part in _leaves(mail, depth):
        if isinstance(part, Refused):
            yield part
        elif part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            for one in inner if isinstance(inner, list) else []:
                if isinstance(one, Message):
                    yield from _within(one, depth - 2)
        else:
            yield _part(part, stated, sent)


def _leaves(mail: Message, depth: int) -> Iterator[Message | Refused]:
    """The parts that matter, in their order: of alternatives the last that can be read (RFC 2046, 5.1.4)."""
    kind = mail.get_content_type()
    if depth <= 0:
        yield Refused("a mail whose parts lie too deep within each other")
    elif kind in _TEXTS or kind == "message/rfc822":
        yield mail
    elif mail.is_multipart():
        within = [part for part in mail.get_payload() if isinstance(part, Message)]
        found = [list(_leaves(part, depth - 1)) for part in within]
        if kind == "multipart/alternative":
            found = [parts for parts in found if parts][-1:]
        for parts in found:
            yield from parts


def _part(part: Message, stated: Stated | None, sent: date | None) -> Part:
    payload = part.get_payload(decode=True)
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        charset = None
    return Part(
        content=payload if isinstance(payload, bytes) else b"",
        charset=charset,
        html=part.get_content_type() == "text/html",
        captured=sent,
        stated=stated,
    )


def _stated(mail: Message) -> tuple[Stated | None, date | None]:
    """What the head says: the subject as title, and when it was sent."""
    subject = _readable(mail.get("Subject"))
    sent = _sent(mail.get("Date"))
    if not subject and sent is None:
        return None, None
    return Stated(title=subject, published=sent.isoformat() if sent else None), sent.date() if sent else None


def _sent(told: object) -> datetime | None:
    try:
        return email.utils.parsedate_to_datetime(str(told or "")[:100])
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _readable(told: object) -> str | None:
    """A header in one line, fit to be shown, without its encoded words (RFC 2047)."""
    raw = str(told or "")[:_MOST_HEADER]
    try:
        text = str(email.header.make_header(email.header.decode_header(raw)))
    except (ValueError, LookupError, UnicodeError, email.errors.MessageError):
        text = raw
    return legible.tidy(text) or None
