"""Notices, byte for byte; a case is a folder with notice.json and message.eml."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_digests import TEMPLATES, body, fields, parsed

from worker.errors import TemplateError
from worker.model import EVERYTHING, Entry, Message, Notice, Silence
from worker.outlet.notice import compose_notice
from worker.templating import load

Told = tuple[Silence, Entry | None]
CASES = Path(__file__).parent / "notice" / "cases"
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
SILENCE = Silence(
    source="ministry of roads",
    name="Ministry of Roads",
    last=datetime(2026, 11, 15, 3, tzinfo=UTC),
    newest=17,
    usual_gap=timedelta(days=1.5),
    since=datetime(2026, 11, 22, 15, tzinfo=UTC),
)
NOTICE = Notice(
    silences=((SILENCE, None),),
    recipient="desk@example.org",
    multiple=5,
    folder="/srv/dumps",
    timezone="Asia/Almaty",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What notice.json holds."""

    sender: str
    title: str
    base_url: str
    now: datetime
    notice: Notice

    def compose(self) -> Message:
        return compose_notice(
            self.notice,
            templates=TEMPLATES,
            sender=self.sender,
            title=self.title,
            base_url=self.base_url,
            now=self.now,
        )


def case(name: str) -> Case:
    return msgspec.json.decode((CASES / name / "notice.json").read_bytes(), type=Case)


def names() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/notice.json"))


def composed(notice: Notice, templates: Path | None = None) -> Message:
    return compose_notice(
        notice,
        templates=load(templates) if templates else TEMPLATES,
        sender="Wire <wire@example.org>",
        title="Wire",
        base_url="https://wire.example.org/",
        now=NOW,
    )


@pytest.mark.parametrize("name", names())
def test_case(name: str) -> None:
    message = case(name).compose()
    assert message.content == (CASES / name / "message.eml").read_bytes()
    lines = message.content.split(b"\r\n")
    assert max(map(len, lines)) < 78
    assert message.content.isascii()
    assert not parsed(message).defects


def test_there_are_cases() -> None:
    assert names() == ["everything", "one", "several"]


def test_what_a_mail_program_is_told() -> None:
    told = dict(fields(composed(NOTICE)))
    assert told["Subject"] == "Quiet: Ministry of Roads, nothing for 9.1 days (usually every 1.5 days)"
    assert told["Auto-Submitted"] == "auto-generated"
    assert not {"List-Id", "List-Unsubscribe", "Precedence"} & told.keys()


def test_the_message_id_is_that_of_the_silences() -> None:
    other = replace(SILENCE, source="ferry gazette")
    first = composed(NOTICE)
    assert composed(replace(NOTICE, multiple=9, folder="/elsewhere")).message_id == first.message_id
    both = [composed(replace(NOTICE, silences=pair)) for pair in _orders((SILENCE, None), (other, None))]
    assert both[0].message_id == both[1].message_id
    ids = {
        first.message_id,
        both[0].message_id,
        composed(replace(NOTICE, silences=((replace(SILENCE, newest=18), None),))).message_id,
        composed(replace(NOTICE, silences=((other, None),))).message_id,
    }
    assert len(ids) == 4


def _orders(one: Told, other: Told) -> list[tuple[Told, Told]]:
    return [(one, other), (other, one)]


def test_many_silences_are_counted() -> None:
    many = tuple((replace(SILENCE, source=f"s{n}", name=f"Source {n}", newest=n), None) for n in range(70))
    message = composed(replace(NOTICE, silences=many))
    assert dict(fields(message))["Subject"] == "Quiet: Source 0 and 69 more sources"
    assert "and 20 more: `seedwire status` shows all" in body(message, "plain")


def test_everything_comes_first() -> None:
    everything = replace(SILENCE, source=EVERYTHING, name="all sources")
    message = composed(replace(NOTICE, silences=((SILENCE, None), (everything, None))))
    assert dict(fields(message))["Subject"].startswith("Quiet: nothing at all for 9.1 days")
    text = body(message, "plain")
    assert text.index("all sources") < text.index("Ministry of Roads")


def test_an_operators_own_template(tmp_path: Path) -> None:
    (tmp_path / "notice").mkdir()
    (tmp_path / "notice" / "subject.txt").write_text("{{ silences[0].name }} schweigt", encoding="utf-8")
    assert dict(fields(composed(NOTICE, tmp_path)))["Subject"] == "Ministry of Roads schweigt"
    (tmp_path / "notice" / "text.txt").write_text("{{ nobody }}", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"notice/text\.txt, line 1: 'nobody' is undefined"):
        composed(NOTICE, tmp_path)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=100))
def test_no_name_makes_another_header(name: str, folder: str) -> None:
    message = composed(replace(NOTICE, silences=((replace(SILENCE, name=name), None),), folder=folder))
    told = [field for field, _ in fields(message)]
    assert told[:7] == ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"]
    assert message.content.isascii()


if __name__ == "__main__":
    for each in names():
        (CASES / each / "message.eml").write_bytes(case(each).compose().content)
