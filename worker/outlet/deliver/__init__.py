"""A message goes out, over SMTP or into a Maildir, and the receiving side's answer comes back.

Over SMTP nobody can promise "exactly once" (RFC 1047): a connection lost behind the final dot leaves it open
whether the message arrived. So the intent is recorded right before the dot, everything before it may safely
be tried again, and what is lost behind it is answered with code 0: nobody can say.
"""

from pathlib import Path

from worker.outlet.deliver.maildir import MaildirRoute
from worker.outlet.deliver.route import Route
from worker.outlet.deliver.smtp import SmtpRoute, Timeouts

__all__ = ["MaildirRoute", "Route", "SmtpRoute", "Timeouts", "route_for"]


def route_for(url: str | None, maildir: Path) -> Route:
    """SMTP where there is a URL, else the Maildir. Raises SettingsError for a URL that cannot be used."""
    return SmtpRoute(url) if url else MaildirRoute(maildir)
