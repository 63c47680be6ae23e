"""subscribers, digest: who gets what, and seeing or sending it."""

from __future__ import annotations

from pathlib import Path

import pytest
from consoles import Console

EMAIL = "ana@example.org"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def mails(console: Console) -> list[bytes]:
    return [path.read_bytes() for path in sorted((console.state / "mail" / "new").glob("*"))]


# ── subscribers ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        ("", "daily at 07:30 UTC"),
        ("--daily 06:15 --timezone Asia/Almaty --plain", "daily at 06:15 Asia/Almaty  plain"),
        ("--weekdays 08:00", "weekdays at 08:00 UTC"),
        ("--weekly friday 17:00", "weekly on friday at 17:00 UTC"),
        ("--weekly SUNDAY 17:00", "weekly on sunday at 17:00 UTC"),
        ("--hourly", "hourly"),
        ("--instant", "instant"),
    ],
)
def test_add_and_list(console: Console, words: str, listed: str) -> None:
    assert EMAIL in console.call("subscribers", "add", EMAIL, *words.split()).told()
    assert console.call("subscribers", "list").told() == f"{EMAIL}  {listed}\n"
    assert mails(console) == []


@pytest.mark.parametrize("email", ["ana", "a b@example.org", "@example.org", "ana@", "a@b\nBcc: c@d", "<a@b.example>"])
def test_an_address_that_is_none(console: Console, email: str) -> None:
    assert "ana@example.org" in console.call("subscribers", "add", email).failure()


def test_a_zone_that_is_none(console: Console) -> None:
    assert "Mars" in console.call("subscribers", "add", EMAIL, "--timezone", "Mars").failure()


def test_nobody_subscribes_twice_or_leaves_twice(console: Console) -> None:
    console.call("subscribers", "add", EMAIL).told()
    assert "already" in console.call("subscribers", "add", EMAIL.upper(), "--hourly").failure()
    assert EMAIL in console.call("subscribers", "remove", EMAIL).told()
    assert "not subscribed" in console.call("subscribers", "remove", EMAIL).failure()
    assert console.call("subscribers", "list").told() == ""


def test_what_is_exported_can_be_imported(console: Console) -> None:
    for number, words in enumerate(("", "--weekly friday 17:00 --plain", "--instant", "--weekdays 05:45")):
        zone = ("--timezone", "Asia/Almaty")
        console.call("subscribers", "add", f"reader{number}@example.org", *words.split(), *zone).told()
    exported = console.call("subscribers", "export").told()
    (console.folder / "people.csv").write_text(exported)
    other = ("--state", "other")
    assert console.call(*other, "subscribers", "import", "people.csv").told() == "4 subscribed, 0 refused\n"
    assert console.call(*other, "subscribers", "export").told() == exported
    assert console.call(*other, "subscribers", "list").told() == console.call("subscribers", "list").told()


def test_an_import_takes_what_it_can_and_tells_of_the_rest(console: Console) -> None:
    rows = [
        "email,frequency,at,weekday,timezone,extra",
        "one@example.org,,,,,x",
        "two@example.org,weekly,17:00,4,Asia/Almaty",
        "nobody,daily,07:30,0,UTC",
        "three@example.org,sometimes,07:30,0,UTC",
        "four@example.org,daily,7.30,0,UTC",
        "five@example.org,weekly,07:30,12,UTC",
        "six@example.org,daily,07:30,0,Mars",
        "one@example.org,hourly,,,",
        ",daily,07:30,0,UTC",
        "seven@example.org,hourly",
    ]
    (console.folder / "people.csv").write_bytes(("\ufeff" + "\r\n".join(rows)).encode())
    done = console.call("subscribers", "import", "people.csv")
    assert (done.code, done.out) == (1, "3 subscribed, 7 refused\n")
    assert [line.partition(":")[0] for line in done.err.splitlines()[:-1]] == [
        f"line {number}" for number in range(4, 11)
    ]
    assert console.call("subscribers", "list").told().splitlines() == [
        "one@example.org  daily at 07:30 UTC",
        "two@example.org  weekly on friday at 17:00 Asia/Almaty",
        "seven@example.org  hourly",
    ]


@pytest.mark.parametrize("content", ["email\nана@example.org".encode("cp1251"), b"email\n" + b"x" * 200_000])
def test_a_file_that_is_no_csv_changes_nothing(console: Console, content: bytes) -> None:
    (console.folder / "people.csv").write_bytes(content)
    assert "people.csv" in console.call("subscribers", "import", "people.csv").failure()
    assert console.call("subscribers", "list").told() == ""


# ── digest ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def due(console: Console) -> Console:
    """A reader since 2020, and one page of news."""
    console.call("subscribers", "add", EMAIL, "--daily", "07:30", "--timezone", "Asia/Almaty").told()
    console.drop("a.txt", "Goats climb a tower")
    console.call("once").told()
    return console


AT = ("--at", "2036-11-24T07:30+05:00")


def test_preview_shows_and_changes_nothing(due: Console) -> None:
    status = due.call("status", "--json").objects()[0]
    for _ in range(2):
        done = due.call("digest", "preview", EMAIL, *AT)
        assert done.told().startswith("Subject: ")
        assert "Goats climb a tower" in done.out
    assert (mails(due), due.call("status", "--json").objects()[0]["totals"]) == ([], status["totals"])
    mail, page = (due.state / "preview" / f"{EMAIL}.{kind}" for kind in ("eml", "html"))
    assert b"To: ana@example.org" in mail.read_bytes()
    assert "Goats climb a tower" in page.read_text(encoding="utf-8")


def test_send_sends_what_is_due_once(due: Console) -> None:
    preview = due.call("digest", "preview", EMAIL, *AT).told()
    assert due.call("digest", "send", "--at", "2036-11-24T07:29+05:00").told() == "nothing is due\n"
    assert due.call("digest", "send", *AT).told() == "sent 1\n"
    assert due.call("digest", "send", *AT).told() == "nothing is due\n"
    (mail,) = mails(due)
    assert mail == (due.state / "preview" / f"{EMAIL}.eml").read_bytes()
    assert preview.partition("\n")[0].removeprefix("Subject: ").encode() in mail
    assert "sent" in due.call("explain", "1").told().partition("mail ")[2]
    assert "nothing new" in due.call("digest", "preview", EMAIL, "--at", "2036-11-25T08:00").told()


def test_send_with_a_clock_that_goes_back(due: Console) -> None:
    due.call("digest", "send", *AT).told()
    due.drop("b.txt", "Ferry returns")
    due.call("once").told()
    assert due.call("digest", "send", "--at", "2036-11-25T07:30+05:00").told() == "sent 1\n"
    due.drop("c.txt", "Melon train leaves early")
    due.call("once").told()
    assert due.call("digest", "send", *AT).told() == "nothing is due\n"
    assert len(mails(due)) == 2


def test_a_preview_for_nobody(due: Console) -> None:
    assert "bo@example.org" in due.call("digest", "preview", "bo@example.org").failure()


def test_mail_waits_for_a_server_that_is_down(due: Console) -> None:
    due.set["SEEDWIRE_SMTP_URL"] = "smtp://127.0.0.1:9"
    assert "127.0.0.1:9" in due.call("digest", "send", *AT).failure()
    (told,) = due.call("status", "--json").objects()
    assert [(one["to"], one["state"]) for one in told["outbox"]] == [(EMAIL, "queued")]
    assert "2036-11-24" in due.call("digest", "preview", EMAIL, *AT).told()
    del due.set["SEEDWIRE_SMTP_URL"]
    assert due.call("digest", "send", *AT).told() == "sent 1\n"
