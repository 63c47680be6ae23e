"""A notice becomes a mail: the operator is told that sources have gone quiet."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment

from worker.model import EVERYTHING, Message, Notice
from worker.outlet import mime
from worker.templating import render

#: Of a mail that tells of many silences, so many are shown; `seedwire status` has them all.
_MOST_SHOWN = 50


def compose_notice(
    notice: Notice, *, templates: Environment, sender: str, title: str, base_url: str, now: datetime
) -> Message:
    """The mail of a notice, text alone. Its Message-ID follows from the silences: sources and their last entries.

    Arguments as those of `compose`. Raises TemplateError, and SettingsError where `sender` is no address.
    """
    author = mime.mailbox(sender)
    recipient = mime.with_ascii_domain(mime.line(notice.recipient))
    told = sorted((one.source, str(one.newest)) for one, _ in notice.silences)
    message_id = f"<{mime.name_of(author.domain, *(part for pair in told for part in pair))}@{author.domain}>"
    data = _data(notice, title=title, base_url=base_url, now=now)
    subject = mime.line(render(templates, "notice/subject.txt", **data))
    headers = {
        "From": author.words,
        "To": [recipient],
        "Subject": mime.unstructured(subject),
        "Date": format_datetime(now.astimezone(UTC)).split(),
        "Message-ID": [message_id],
        "Auto-Submitted": ["auto-generated"],  # RFC 3834 section 5: an autoresponder leaves it alone
        "MIME-Version": ["1.0"],
    }
    body = mime.part("plain", render(templates, "notice/text.txt", subject=subject, **data))
    return Message(message_id=message_id, sender=author.address, recipient=recipient, content=mime.head(headers) + body)


def _data(notice: Notice, *, title: str, base_url: str, now: datetime) -> dict[str, object]:
    """What the templates may use."""
    zone = ZoneInfo(notice.timezone)
    return {
        "title": mime.line(title),
        "base_url": base_url.rstrip("/"),
        "everything": any(one.source == EVERYTHING for one, _ in notice.silences),
        "silences": [
            {
                "name": mime.line(one.name),
                "usual_gap": one.usual_gap,
                "lasted": now - one.last,
                "last": one.last.astimezone(zone),
                "entry": entry,
            }
            for one, entry in sorted(notice.silences, key=lambda pair: pair[0].source != EVERYTHING)[:_MOST_SHOWN]
        ],
        "total": len(notice.silences),
        "multiple": f"{notice.multiple:g}",
        "folder": mime.line(notice.folder),
        "zone": notice.timezone.replace("_", " "),
    }
