"""Templates: what is wrong with one is found at load and told with file and line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.errors import TemplateError
from worker.model import Entry, StatedDate
from worker.templating import load, render

NOON = datetime(2026, 11, 13, 12, tzinfo=UTC)


def entry(title: str, text: str) -> Entry:
    return Entry(
        number=1,
        key="e1",
        uri="tag:wire.example.org,2026:1",
        title=title,
        title_derived=False,
        published=None,
        source=None,
        language=None,
        link=None,
        text=text,
        stored=NOON,
        updated=NOON,
    )


def write(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def filtered(expression: str, **data: object) -> str:
    return load(None).from_string("{{ " + expression + " }}").render(data)


def test_an_override_stands_before_the_shipped_one_and_the_others_stay(tmp_path: Path) -> None:
    write(tmp_path, "digest/subject.txt", "{{ title }} today")
    templates = load(tmp_path)
    assert render(templates, "digest/subject.txt", title="Wire") == "Wire today"
    shipped = load(None).get_template("digest/html.html")
    assert templates.get_template("digest/html.html").filename == shipped.filename


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("digest/text.txt", "one\n{% if %}\n", 2, "Expected an expression"),
        ("digest/html.html", "{{ title|nosuch }}", 1, "nosuch"),
        ("digest/subject.txt", "\n\n{% include 'digest/gone.txt' %}", 3, "digest/gone.txt"),
    ],
)
def test_what_cannot_be_compiled_is_told_with_file_and_line(
    tmp_path: Path, name: str, text: str, line: int, words: str
) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(TemplateError) as caught:
        load(tmp_path)
    message = str(caught.value)
    assert f"{path}, line {line}" in message
    assert words in message
    assert "\n" not in message


def test_a_template_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    write(tmp_path, "digest/subject.txt", "").write_bytes("Новости".encode("windows-1251"))
    with pytest.raises(TemplateError, match=r"digest/subject\.txt cannot be read.*UTF-8"):
        load(tmp_path)


def test_an_include_that_may_be_missing_may_be_missing(tmp_path: Path) -> None:
    write(tmp_path, "digest/subject.txt", "a{% include 'gone.txt' ignore missing %}b")
    assert render(load(tmp_path), "digest/subject.txt") == "ab"


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"gone does not exist: create it"):
        load(tmp_path / "gone")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ nosuch }}", "'nosuch' is undefined"),
        ("{{ 1 // 0 }}", "division"),
        ("{{ title.__class__.__mro__ }}", "unsafe"),
        ("{{ items.append(1) }}", "unsafe|not safely callable"),
        ("{{ lipsum() }}", "'lipsum' is undefined"),
    ],
)
def test_what_fails_while_it_runs_is_told_with_file_and_line(tmp_path: Path, line: str, words: str) -> None:
    path = write(tmp_path, "digest/subject.txt", "first\n" + line)
    with pytest.raises(TemplateError, match=words) as caught:
        render(load(tmp_path), "digest/subject.txt", title="Wire", items=[])
    assert f"{path}, line 2" in str(caught.value)


def test_a_failure_in_an_included_template_names_that_one(tmp_path: Path) -> None:
    write(tmp_path, "digest/subject.txt", "{% include 'digest/part.txt' %}")
    part = write(tmp_path, "digest/part.txt", "\n\n{{ nosuch }}")
    with pytest.raises(TemplateError) as caught:
        render(load(tmp_path), "digest/subject.txt")
    assert f"{part}, line 3" in str(caught.value)


def test_html_is_escaped_and_text_is_not(tmp_path: Path) -> None:
    write(tmp_path, "a.html", "{{ title }}")
    write(tmp_path, "a.txt", "{{ title }}")
    templates = load(tmp_path)
    assert render(templates, "a.html", title="<b> & c") == "&lt;b&gt; &amp; c"
    assert render(templates, "a.txt", title="<b> & c") == "<b> & c"


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("2026-11-07", "7 November 2026"),
        ("2026-11-07T09:05", "7 November 2026, 09:05"),
        ("2026-11-07T09:05:30", "7 November 2026, 09:05"),
        ("2026-11-07T09:05+05:00", "7 November 2026, 09:05 (UTC+05:00)"),
        ("2026-11-07T09:05-03:30", "7 November 2026, 09:05 (UTC-03:30)"),
        ("2026-11-07T09:05+00:00", "7 November 2026, 09:05 (UTC)"),
    ],
)
def test_a_date_is_shown_as_far_as_its_page_goes(stated: str, shown: str) -> None:
    assert filtered("date|day", date=StatedDate.from_iso(stated)) == shown


@pytest.mark.parametrize(
    ("length", "told", "every"),
    [
        (timedelta(days=9), "9 days", "every 9 days"),
        (timedelta(days=15, hours=11), "15 days", "every 15 days"),
        (timedelta(hours=36), "1.5 days", "every 1.5 days"),
        (timedelta(days=1), "1 day", "every day"),
        (timedelta(hours=23, minutes=40), "1 day", "every day"),  # a nightly batch takes a while
        (timedelta(hours=20), "20 hours", "every 20 hours"),
        (timedelta(hours=1), "1 hour", "every hour"),
        (timedelta(minutes=30), "30 minutes", "every 30 minutes"),
        (timedelta(seconds=59), "1 minute", "every minute"),
        (timedelta(seconds=1), "1 second", "every second"),
        (timedelta(seconds=0), "0 seconds", "every 0 seconds"),
    ],
)
def test_a_length_of_time_as_one_says_it(length: timedelta, told: str, every: str) -> None:
    assert filtered("length|duration", length=length) == told
    assert filtered("length|every", length=length) == every


def test_no_date_is_nothing() -> None:
    assert filtered("date|day", date=None) == ""


def test_a_lead_ends_at_a_word() -> None:
    lead = filtered("entry|lead(20)", entry=entry("Title", "The night ferry,\nafter nine years, sails."))
    assert lead == "The night ferry…"


def test_a_lead_without_spaces_is_cut_all_the_same() -> None:
    assert filtered("entry|lead(5)", entry=entry("Title", "一二三四五六七")) == "一二三四…"


@pytest.mark.parametrize(
    ("title", "text", "lead"),
    [
        ("Ferry returns", "Ferry returns. It sails at nine.", "It sails at nine."),
        ("Ferry returns", "Ferry  returns\nIt sails at nine.", "It sails at nine."),
        ("Ferry returns", "Ferry returns to the lake.", "Ferry returns to the lake."),
        ("Ferry returns.", "Ferry returns.", ""),
        ("Ferry returns…", "Ferry returns to the lake.", "Ferry returns to the lake."),
        ("", "It sails.", "It sails."),
    ],
)
def test_a_lead_does_not_say_the_title_again(title: str, text: str, lead: str) -> None:
    assert filtered("entry|lead", entry=entry(title, text)) == lead


def test_paragraphs_are_escaped() -> None:
    text = "One <script>\n\n  \nTwo & three"
    assert (
        filtered("text|paragraphs", text=text)
        == '<p dir="auto">One &lt;script&gt;</p>\n<p dir="auto">Two &amp; three</p>'
    )


def test_wrap_keeps_links_whole() -> None:
    link = "https://wire.example.org/" + "a-b" * 40
    assert filtered("text|wrap(20, indent=2)", text=f"See {link} now").splitlines() == [
        "  See",
        f"  {link}",
        "  now",
    ]
