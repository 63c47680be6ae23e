"""parse, ledger, explain, search, status, once: what one sees of the archive."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from consoles import EXAMPLES, Console, article
from dump_makers import gz, record


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Console:
    """The example pages, read once; tests here only look."""
    made = Console(tmp_path_factory.mktemp("reading"))
    made.call("--seeds", EXAMPLES, "subscribers", "add", "ana@example.org", "--daily", "07:30").told()
    made.call("--seeds", EXAMPLES, "once").told()
    return made


# ── once ────────────────────────────────────────────────────────────────────────────────────────────


def test_once_reads_publishes_and_ends(console: Console) -> None:
    assert b"Night Ferry Returns" in console.feed.read_bytes()
    before = (console.feed.stat().st_mtime_ns, console.feed.read_bytes())
    done = console.run("once", "--seeds", EXAMPLES)
    assert (done.code, done.out) == (0, "")
    assert (console.feed.stat().st_mtime_ns, console.feed.read_bytes()) == before


def test_once_in_json_lines(tmp_path: Path) -> None:
    console = Console(tmp_path)
    console.drop("a.txt", "Goats climb a tower")
    events = [json.loads(line) for line in console.run("once", "--log", "json").err.splitlines()]
    assert {event["event"] for event in events} == {"scanned", "published"}
    assert [event["stored"] for event in events if event["event"] == "scanned"] == [1]
    assert all(set(event) >= {"time", "level", "event"} for event in events)


# ── parse ───────────────────────────────────────────────────────────────────────────────────────────


def test_parse_json_is_the_page(tmp_path: Path) -> None:
    console, text = Console(tmp_path), article("Goats climb a tower")
    console.drop("a.txt", "Goats climb a tower")
    (told,) = console.call("parse", "--json", "seeds/a.txt").objects()
    assert (told["path"], told["page"], told["charset"]) == ("seeds/a.txt", 1, "utf-8")
    assert (told["captured"], told["captured_by"]) == ("2026-11-10", "page")
    assert told["verdict"] == "article"
    (found,) = told["articles"]
    assert set(found) >= {"title", "title_derived", "published", "source", "language", "link", "text", "start", "end"}
    assert (found["title"], found["title_derived"]) == ("Goats climb a tower", False)
    assert (found["published"], found["language"]) == ("2026-11-07T09:40", "en")
    assert text[found["start"] : found["end"]] == found["text"]
    spans = [(piece["start"], piece["end"]) for piece in told["pieces"]]
    assert (spans[0][0], spans[-1][1]) == (0, len(text))
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert all(set(piece) >= {"start", "end", "kind", "reason"} for piece in told["pieces"])
    assert not console.state.exists()


def test_parse_of_all_examples(console: Console) -> None:
    pages = sorted(EXAMPLES.rglob("*.txt"))
    told = console.call("parse", "--json", *pages).objects()
    assert [one["path"] for one in told] == [str(page) for page in pages]
    assert {one["verdict"] for one in told} >= {"article", "listing", "no-article"}
    assert {one["charset"] for one in told} == {"utf-8", "windows-1251"}
    assert "Night Ferry Returns" in console.call("parse", *pages).told()


def test_parse_tells_each_page_of_a_dump(tmp_path: Path) -> None:
    console = Console(tmp_path)
    path = tmp_path / "crawl.wet.gz"
    records = (record("conversion", article(f"Goats {n}").encode(), url=f"https://x.example/{n}") for n in (1, 2))
    path.write_bytes(gz(b"".join(records)))
    told = console.call("parse", "--json", path).objects()
    assert [(one["page"], one["url"]) for one in told] == [(1, "https://x.example/1"), (2, "https://x.example/2")]
    assert f"{path} page 2" in console.call("parse", path).told()
    console.call("parse", "--gold", "--out", "gold", path).told()
    (figures,) = console.call("evaluate", "gold", path, "--json").objects()
    assert (figures["f1"], figures["counts"]["hit"], figures["notes"]) == (1.0, 2, {})


def test_parse_keeps_to_the_limits_that_are_set(tmp_path: Path) -> None:
    console = Console(tmp_path)
    (tmp_path / "seedwire.toml").write_text("[limits]\npieces = 10\n")
    (told,) = console.call("parse", "--json", EXAMPLES / "listing_with_most_viewed.txt").objects()
    assert told["pieces"][-1]["kind"] == "rejected"
    assert "raise [limits] pieces" in told["pieces"][-1]["reason"]


def test_parse_says_of_a_day_of_capture_that_it_is_that_of_the_file(tmp_path: Path) -> None:
    console = Console(tmp_path)
    path = console.drop("a.txt", "Goats climb a tower")
    path.write_text(path.read_text().removeprefix(" date 2026-11-10 "))
    os.utime(path, (1_795_435_200, 1_795_435_200))
    (told,) = console.call("parse", "--json", path).objects()
    assert (told["captured"], told["captured_by"]) == ("2026-11-23", "file")
    assert "captured 2026-11-23 (day of the file; none stated)" in " ".join(console.call("parse", path).told().split())


def test_parse_takes_folders_as_evaluate_does(tmp_path: Path) -> None:
    console = Console(tmp_path)
    for name in ("b.txt", "a.txt", ".hidden"):
        console.drop(name, "Goats climb a tower")
    (console.folder / "seeds" / "deeper").mkdir()
    console.drop("c.txt", "A ferry returns").rename(console.folder / "seeds" / "deeper" / "c.txt")
    told = console.call("parse", "--json", "seeds").objects()
    assert [one["path"] for one in told] == ["seeds/a.txt", "seeds/b.txt", "seeds/deeper/c.txt"]


def test_parse_of_a_page_that_is_not_there(console: Console) -> None:
    assert "none.txt" in console.call("parse", "none.txt").failure()


def test_parse_goes_by_the_site_profiles(tmp_path: Path) -> None:
    console = Console(tmp_path)
    console.drop("a.txt", "Goats climb a tower")
    page = console.folder / "seeds" / "a.txt"
    profile = '[[sites]]\nname = "wire"\nmatch = "{}"\ndrop = ["Goats*"]\n'
    for match, title in (("a.txt", None), ("seeds/*", "Goats climb a tower"), ("*.html", "Goats climb a tower")):
        console.settings(profile.format(match))
        for path in ("seeds/a.txt", page):
            (told,) = console.call("parse", "--json", path).objects()
            assert title is None or told["articles"][0]["title"] == title
            dropped = "site profile wire: drop 'Goats*'" in [piece["reason"] for piece in told["pieces"]]
            assert dropped is (title is None)
    console.settings('[[sites]]\nname = "wire"')
    assert "match" in console.call("parse", "seeds/a.txt").failure()


# ── ledger, explain, search ─────────────────────────────────────────────────────────────────────────


def test_ledger_json_accounts_for_everything(console: Console) -> None:
    lines = console.call("ledger", "--json").objects()
    fields = {"path", "page", "start", "end", "outcome", "entry", "story", "first_words", "reason"}
    assert all(set(line) >= fields for line in lines)
    assert {line["path"] for line in lines} == {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.txt")}
    for one, other in pairwise(lines):
        assert other["start"] == (one["end"] if other["path"] == one["path"] else 0)
    outcomes = [line["outcome"] for line in lines]
    assert outcomes.count("duplicate") >= 1
    assert all(bool(line["entry"]) == (line["outcome"] in ("stored", "duplicate")) for line in lines)
    told = console.call("ledger").told().splitlines()
    assert len(told) == len(lines) + 1
    characters = sum(line["end"] - line["start"] for line in lines)
    assert told[-1] == f"{characters} characters, {characters} in pieces"


def test_no_command_lets_a_page_command_the_terminal(tmp_path: Path) -> None:
    console = Console(tmp_path)
    console.drop("a\x1b[2J.txt", "Bridge \x1b]0;owned\x07 reopens \x9b31m\x7f\u202e")
    console.call("once").told()
    (hit,) = console.call("search", "--json", "Bridge").objects()
    with closing(sqlite3.connect(console.database)) as db, db:
        db.execute("update entries set text = 'Tell ' || char(27) || 'c' || text")
        db.execute("insert into entries_fts (entries_fts) values ('rebuild')")
    calls = [["ledger"], ["explain", hit["entry"]], ["search", "Bridge"], ["status"], ["parse", "seeds"]]
    calls += [["replay", "--diff"], ["ledger", "--json"], ["parse", "--json", "seeds"]]
    for words in calls:
        lines = console.call(*words).told().split("\n")
        assert [line for line in lines if not line.isprintable() and "\u202e" not in line] == [], words
        assert "--json" in words or not any("\u202e" in line for line in lines)
    assert "a�[2J.txt" in console.call("ledger").told()
    assert "\x1b" not in console.call("parse", "no\x1bne").failure()


def test_explain_tells_where_an_entry_was_seen(console: Console) -> None:
    (hit,) = console.call("search", "--json", "Karlygash").objects()
    for name in (hit["entry"], hit["entry"].upper()):
        told = console.call("explain", name).told()
        assert "Night Ferry Returns to Lake Bersuat After Nine Years" in told
        assert told.count("seen on") == 2
        assert "ferry_seen_again.txt" in told
        assert "listing_with_most_viewed.txt" in told
        assert told.count("dated by: date line at 17-40; no offset stated, UTC assumed") == 2
        assert "feed.atom" in told
    assert "zzz" in console.call("explain", "zzz").failure()


def test_explain_shows_what_was_left_out_and_why(tmp_path: Path) -> None:
    console = Console(tmp_path)
    for number in range(18):
        console.drop(f"{number:02}.txt", f"Ferry {number} returns")
        page = console.folder / "seeds" / f"{number:02}.txt"
        more = f"voice of the valley\n\nThe {chr(97 + number) * 9} is new to everybody here.\n"
        page.write_text(f"{page.read_text().rstrip()}\n\n{more}")
    console.call("once").told()
    (hit,) = console.call("search", "--json", "title:17").objects()
    told = console.call("explain", hit["entry"]).told().splitlines()
    left_out = [line.strip() for line in told if "left out: " in line]
    assert left_out == [
        "left out: date 2026-11-10  [the crawler's own header]",
        "left out: Tell a friend  [share link]",
        "left out: voice of the valley  [seen on 16 pages]",
    ]
    (status,) = console.call("status", "--json").objects()
    assert status["frames"]["pages"] == 16
    assert status["frames"]["recurring"] >= 2
    assert "frames " in console.call("status").told()


def test_search(console: Console) -> None:
    told = console.call("search", "--json", "чайники").objects()
    assert [one["title"] for one in told] == ["В Сарыбеле открыли мастерскую по ремонту всего"]
    assert set(told[0]) >= {"entry", "title", "published", "source", "snippet"}
    assert len(console.call("search", "--json", "the", "--limit", "2").objects()) == 2
    assert console.call("search", "zzzzz").told() == ""
    for query in ('foo"bar', "AND", "a-b", "x' OR", "--", "(", ""):
        assert console.call("search", "--", query).code == 0
    assert console.call("search", "x", "--limit", "0").code == 2


# ── status ──────────────────────────────────────────────────────────────────────────────────────────


def test_status_json(console: Console) -> None:
    (told,) = console.call("status", "--json").objects()
    totals = told["totals"]
    assert totals["characters"] == totals["characters_in_pieces"] > 0
    assert (totals["dumps"], totals["subscriptions"]) == (len(list(EXAMPLES.rglob("*.txt"))), 1)
    assert totals["entries"] == told["outcomes"]["stored"]
    assert {job["job"]: job["error"] for job in told["jobs"]} == dict.fromkeys(
        ("scan", "publish", "call", "quiet", "post")
    )
    assert (told["unreadable"], told["mail"], told["outbox"]) == ([], {}, [])
    text = console.call("status").told()
    assert "scan" in text
    assert f"entries {totals['entries']}" in text


def test_status_of_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    console = Console(tmp_path)
    console.call("once", "--seeds", "nowhere")
    (told,) = console.call("status", "--json").objects()
    assert [one["reason"] for one in told["unreadable"]] == ["No such file or directory"]
    (error,) = (job["error"] for job in told["jobs"] if job["error"])
    assert "nowhere" in error
    assert "\n" not in error
