"""[[webhooks]]: what can be set, and what is said of what cannot, without ever saying a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.errors import SettingsError
from worker.model.calls import Webhook, shown
from worker.settings import Settings, load

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="
TOPICS = "[[topics]]\nname = 'Roads & Ferries'\nquery = 'ferr*'\n[[topics]]\nname = 'Вода'\nquery = 'вода'\n"
HOOK = f"[[webhooks]]\nurl = 'https://hooks.example.org/news?token=hush-hush'\nsecret = '{SECRET}'\n"


def read(tmp_path: Path, toml: str, **environment: str) -> Settings:
    path = tmp_path / "seedwire.toml"
    path.write_text(toml, encoding="utf-8")
    return load(path, required=True, environment=environment)


def refused(tmp_path: Path, toml: str, **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, toml, **environment)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_webhooks(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        TOPICS
        + HOOK
        + """[[webhooks]]
        url = "http://127.0.0.1:9000/"
        secret = "a plain secret of words"
        topics = ["Вода", "roads & ferries", "Roads & Ferries"]""",
    )
    assert found.webhook_targets == (
        Webhook(url="https://hooks.example.org/news?token=hush-hush", secret=SECRET),
        Webhook(url="http://127.0.0.1:9000/", secret="a plain secret of words", topics=("вода", "roads-ferries")),
    )
    assert read(tmp_path, "").webhook_targets == ()


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("webhooks = 5", ["[[webhooks]]"]),
        ("[webhooks]\nurl = 'https://a.example'", ["[[webhooks]]"]),
        ("webhooks = ['a']", ["[[webhooks]] number 1", "url, secret, topics"]),
        ("[[webhooks]]\nurl = 'https://a.example'", ["[[webhooks]] number 1", "secret"]),
        (f"[[webhooks]]\nsecret = '{SECRET}'", ["[[webhooks]] number 1", "url"]),
        (HOOK + "topic = ['a']", ["[[webhooks]] number 1", "`topic`", "url, secret, topics"]),
        (HOOK + "topics = 'Roads'", ["[[webhooks]] number 1 topics", "array"]),
        (HOOK + "topics = [5]", ["[[webhooks]] number 1 topics", "int"]),
        (HOOK + "topics = ['Roads']", ["[[webhooks]] number 1 topics", "'Roads'", "none"]),
        (TOPICS + HOOK + "topics = ['Roads']", ["number 1 topics", "'Roads'", "'Roads & Ferries', 'Вода'"]),
        (HOOK + HOOK, ["[[webhooks]] number 2 url", "'https://hooks.example.org/news?…'", "number 1"]),
        ("[[webhooks]]\nurl = 'https://a.example'\nsecret = 1234567890123456", ["number 1 secret", "str"]),
        ("[[webhooks]]\nurl = 'https://a.example'\nsecret = ''", ["number 1 secret", "16 characters", "whsec_"]),
        ("[[webhooks]]\nurl = 'https://a.example'\nsecret = 'hush-hush'", ["number 1 secret", "16 characters"]),
        ("[[webhooks]]\nurl = 'https://a.example'\nsecret = 'whsec_hush-hush'", ["number 1 secret", "base64"]),
        (HOOK + f"[[webhooks]]\nurl = 'ftp://x:hush-hush@a.example/'\nsecret = '{SECRET}'", ["number 2 url", "ftp:"]),
        (f"[[webhooks]]\nurl = 'a.example?hush-hush'\nsecret = '{SECRET}'", ["number 1 url", "'a.example?…'"]),
        (f"[[webhooks]]\nurl = 'https://a.example:70000/'\nsecret = '{SECRET}'", ["number 1 url", "70000"]),
        (f"[[webhooks]]\nurl = 'https://[::1'\nsecret = '{SECRET}'", ["number 1 url"]),
        (f"[[webhooks]]\nurl = 'https://a.example/#b'\nsecret = '{SECRET}'", ["number 1 url"]),
        (f"[[webhook]]\nurl = 'https://a.example'\nsecret = '{SECRET}'", ["webhook", "[[webhooks]]"]),
    ],
)
def test_what_cannot_be_is_named_and_no_secret_is_told(tmp_path: Path, toml: str, words: list[str]) -> None:
    line = refused(tmp_path, toml)
    assert [word for word in words if word not in line] == []
    assert [secret for secret in (SECRET, SECRET[6:], "hush-hush", "1234567890123456") if secret in line] == []


def test_not_by_the_environment(tmp_path: Path) -> None:
    line = refused(tmp_path, "", SEEDWIRE_WEBHOOKS_SECRET="hush-hush")
    assert "[[webhooks]]" in line
    assert "hush" not in line


def test_settings_that_are_printed_hold_no_secret_of_a_webhook(tmp_path: Path) -> None:
    found = read(tmp_path, HOOK)
    assert SECRET not in repr(found) + str(found) + repr(found.webhook_targets)
    assert "hooks.example.org" in repr(found)


@pytest.mark.parametrize(
    ("url", "to"),
    [
        ("https://a.example/b", "https://a.example/b"),
        ("https://me:hush@a.example:81/b?c=hush", "https://a.example:81/b?…"),
        ("https://me:hu@sh@a.example/", "https://a.example/"),
        ("http://[half", "…"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, to: str) -> None:
    assert shown(url) == to
