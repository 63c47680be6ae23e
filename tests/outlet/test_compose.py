"""Mails, byte for byte; and what no text from a page can do to them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mail_digests import (
    CASES,
    HEADERS,
    NOW,
    SUBSCRIPTION,
    body,
    case,
    composed,
    decoded,
    digest,
    entry,
    fields,
    one_line,
    other,
    parsed,
)
from mail_digests import names as cases

from worker.errors import SettingsError, TemplateError
from worker.model import Frequency, Occasion
from worker.outlet.also import names
from worker.outlet.compose import compose
from worker.templating import load


@pytest.mark.parametrize("name", cases())
def test_case(name: str) -> None:
    assert case(name).compose().content == (CASES / name / "message.eml").read_bytes()


@pytest.mark.parametrize("name", cases())
def test_same_arguments_same_bytes(name: str) -> None:
    assert case(name).compose() == case(name).compose()


@pytest.mark.parametrize("name", cases())
def test_shape_of_every_mail(name: str) -> None:
    message = case(name).compose()
    assert [name for name, _ in fields(message)][: len(HEADERS)] == HEADERS
    lines = message.content.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) < 78
    assert message.content.isascii()
    assert not parsed(message).defects


def test_text_comes_first_and_html_only_where_it_is_wanted() -> None:
    both = parsed(composed(digest(entry(1))))
    assert [part.get_content_type() for part in both.iter_parts()] == ["text/plain", "text/html"]
    plain = composed(digest(entry(1), subscription=replace(SUBSCRIPTION, plain=True)))
    assert parsed(plain).get_content_type() == "text/plain"


def test_the_message_id_is_that_of_the_occasion() -> None:
    first = composed(digest(entry(1)))
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", first.message_id)
    assert dict(fields(first))["Message-ID"] == first.message_id
    assert composed(digest(entry(2)), title="Other").message_id == first.message_id
    others = [
        replace(digest(), occasion=Occasion(name="2026-11-14", due=NOW)),
        digest(subscription=replace(SUBSCRIPTION, number=8)),
        digest(subscription=replace(SUBSCRIPTION, email="other@example.org")),
    ]
    ids = {composed(other).message_id for other in others} | {first.message_id}
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("sender", "header", "address"),
    [
        ("wire@example.org", "wire@example.org", "wire@example.org"),
        ("The Wire <wire@example.org>", "The Wire <wire@example.org>", "wire@example.org"),
        ('"Wire, the" <wire@example.org>', '"Wire, the" <wire@example.org>', "wire@example.org"),
        ("Dr. Wire <wire@example.org>", '"Dr. Wire" <wire@example.org>', "wire@example.org"),
        ('A "B" <w@example.org>', r'"A \"B\"" <w@example.org>', "w@example.org"),
        ("Лента <wire@пример.рф>", "Лента <wire@xn--e1afmkfd.xn--p1ai>", "wire@xn--e1afmkfd.xn--p1ai"),
        ("<wire@example.org>", "wire@example.org", "wire@example.org"),
        ("w@straße.example", "w@straße.example", "w@straße.example"),  # not strasse.example, another's
    ],
)
def test_sender(sender: str, header: str, address: str) -> None:
    message = composed(digest(entry(1)), sender=sender)
    assert message.sender == address
    assert decoded(dict(fields(message))["From"]) == header


@pytest.mark.parametrize("sender", ["", "wire", "@example.org", "wire@", "a@b.c, d@e.f", "Wire <a b@c.d>"])
def test_a_sender_that_is_no_address_is_told(sender: str) -> None:
    with pytest.raises(SettingsError, match=r"\[smtp\] from is .*write an address"):
        composed(digest(entry(1)), sender=sender)


def test_the_recipients_domain_becomes_ascii() -> None:
    message = composed(digest(entry(1), subscription=replace(SUBSCRIPTION, email="читатель@пример.рф")))
    assert message.recipient == "читатель@xn--e1afmkfd.xn--p1ai"
    assert dict(fields(message))["To"] == message.recipient


def test_list_headers() -> None:
    values = dict(fields(composed(digest(entry(1)), sender="Wire <wire+news@example.org>")))
    assert values["List-Id"] == "<wire-news.example.org>"
    assert values["List-Unsubscribe"] == "<mailto:wire+news@example.org?subject=unsubscribe>"
    assert values["Date"] == "Fri, 13 Nov 2026 02:30:05 +0000"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120))
@example("Ночной паром возвращается на озеро Берсуат после девяти лет и ещё одна новость")
@example("a\r\nBcc: x@example.org")
@example("one\u2028Bcc: two\u2029\x85three")
@example("=?utf-8?b?aGVsbG8=?=")
@example("x" * 120)
@example("\ud800 lone")
@example("")
def test_any_title_survives_in_the_subject_and_the_sender(title: str) -> None:
    sender = re.sub(r'[<>"\\]', "", title)
    message = composed(digest(), title=title, sender=f"{sender} <wire@example.org>")
    assert [name for name, _ in fields(message)] == HEADERS
    values = {name: decoded(value) for name, value in fields(message)}
    assert values["Subject"] == one_line(f"{one_line(title)}: nothing new")
    name = one_line(sender)
    expected = f"{name} <wire@example.org>" if name else "wire@example.org"
    assert values["From"].replace('"', "") == expected
    assert max(map(len, message.content.split(b"\r\n"))) < 78


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.text(max_size=400))
@example("\ud800", "\udfff")
@example("<script>", "</td></table><script>")
@example(".", ".\r\n.\r\n")
def test_any_entry_can_be_mailed(title: str, text: str) -> None:
    message = composed(digest(entry(1, title, text)))
    assert [name for name, _ in fields(message)] == HEADERS
    assert not parsed(message).defects
    assert "<script" not in body(message, "html")
    assert body(message, "html").endswith("</html>\n")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.none() | st.text(max_size=100), st.none() | st.text(max_size=40)), min_size=1, max_size=9))
@example([("\ud800", "\udfff"), ("a\r\nBcc: x@example.org", "javascript:alert(1)")])
@example([("<script>", "https://<script>/"), ("</bdi></td></table>", None), (".", None), ("\r\n.\r\n", None)])
def test_any_others_can_be_named(others: list[tuple[str | None, str | None]]) -> None:
    told = tuple(other(number, source, link) for number, (source, link) in enumerate(others))
    message = composed(digest(entry(1), also={1: told}))
    assert [name for name, _ in fields(message)] == HEADERS
    assert not parsed(message).defects
    assert max(map(len, message.content.split(b"\r\n"))) < 78
    assert "<script" not in body(message, "html")
    assert body(message, "html").count("<bdi>") == body(message, "html").count("</bdi>") == min(len(names(told)), 6) + 3
    assert "\nalso in " in body(message, "plain")


def test_a_name_is_said_once_and_hundreds_are_counted() -> None:
    told = tuple(other(number, f"Paper {number // 2}", f"https://p{number}.example/") for number in range(600))
    message = composed(digest(entry(2), entry(1), also={2: told}))
    line = "also in Paper 0, Paper 1, Paper 2, Paper 3, Paper 4, Paper 5 and 294 more"
    assert " ".join(body(message, "plain").split()).count(line) == 1
    assert "and 294 more" in body(message, "html")
    assert body(message, "html").count("also in") == 1


def test_what_is_more_is_said_with_a_link() -> None:
    message = composed(digest(entry(2), entry(1), total=31))
    assert "The 2 newest of 31 stories" in body(message, "plain")
    assert "and 29 more: https://wire.example.org/" in body(message, "plain")
    assert '<a class="link" href="https://wire.example.org/"' in body(message, "html")
    assert "and 29 more" in body(message, "html")
    assert "more" not in body(composed(digest(entry(2), entry(1))), "plain")


def test_fifty_long_entries_fit() -> None:
    long = [entry(n, "Ночной паром через озеро " * 7, "Ночной паром снова выйдет " * 30) for n in range(50, 0, -1)]
    html = body(composed(digest(*long)), "html")
    assert html.count("<h2") == 50
    assert len(html.encode()) < 90_000


def test_what_does_not_fit_becomes_more_in_both_parts() -> None:
    huge = [entry(n, "&" * 190 + str(n), "&<>" * 200) for n in range(50, 0, -1)]
    message = composed(digest(*huge, total=60))
    html, shown = body(message, "html"), body(message, "html").count("<h2")
    assert len(html.encode()) <= 90_000
    assert 1 < shown < 50
    assert f"and {60 - shown} more" in html
    assert f"and {60 - shown} more" in body(message, "plain")
    assert html.endswith("</html>\n")


@pytest.mark.parametrize(
    ("frequency", "at", "words"),
    [
        (Frequency.INSTANT, "", "It comes as soon as something is new."),
        (Frequency.HOURLY, "", "It comes at most once an hour,"),
        (Frequency.DAILY, "07:30", "It comes every day at 07:30 (Asia/Almaty),"),
        (Frequency.WEEKDAYS, "07:30", "It comes Monday to Friday at 07:30 (Asia/Almaty),"),
        (Frequency.WEEKLY, "07:30", "It comes every Tuesday at 07:30 (Asia/Almaty),"),
    ],
)
def test_the_footer_says_why_when_and_how_to_stop(frequency: Frequency, at: str, words: str) -> None:
    message = composed(digest(entry(1), subscription=replace(SUBSCRIPTION, frequency=frequency, at=at, weekday=1)))
    for part in ("plain", "html"):
        text = " ".join(re.sub(r"<[^>]*>", "", body(message, part)).split())
        assert "You get this mail because reader@example.org is subscribed to Wire." in text
        assert words in text
        assert "To stop, write to wire@example.org with the subject" in text


def test_the_window_is_in_the_readers_zone() -> None:
    text = body(composed(digest(entry(9), entry(1))), "plain")
    assert "collected 12 November 2026, 05:01 to 13 November 2026, 07:30\n(Asia/Almaty)" in text


def test_a_template_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "digest").mkdir()
    (tmp_path / "digest" / "text.txt").write_text("{{ nosuch }}", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"text\.txt, line 1: 'nosuch' is undefined"):
        compose(
            digest(entry(1)),
            templates=load(tmp_path),
            sender="wire@example.org",
            title="Wire",
            base_url="https://wire.example.org",
            now=NOW,
        )


if __name__ == "__main__":
    for each in cases():
        (CASES / each / "message.eml").write_bytes(case(each).compose().content)
