"""Which route a setting stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.errors import SettingsError
from worker.outlet.deliver import MaildirRoute, SmtpRoute, route_for


@pytest.mark.parametrize(
    "url",
    [
        "http://user:secret@example.org",
        "http://user:secret@example.org:25",
        "smtp://user:secret@",
        "smtp://user:sec#secret@example.org",
        "smtp://user:a/secret@example.org",
        "smtp://user:x@secret@[example.org",
        "smtp://user:secret@example.org:port",
        "smtp://user:secret",
        "smtp://user:secret@example.org/path",
        "smtp://user:secret@example.org?starttls=maybe",
        "smtp://user:secret@example.org?tls=1",
        "smtp://user:secretслово@example.org",
        "example.org",
        "smtp://",
    ],
)
def test_a_url_that_cannot_be_used_is_named_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^\[smtp\] url is ") as caught:
        SmtpRoute(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_route_for(tmp_path: Path) -> None:
    assert isinstance(route_for("smtp://example.org", tmp_path), SmtpRoute)
    assert isinstance(route_for(None, tmp_path), MaildirRoute)
    assert isinstance(route_for("", tmp_path), MaildirRoute)
