"""Topics as an operator sees them: settings, topics, explain, search --topic, status, doctor."""

from __future__ import annotations

from pathlib import Path

import pytest
from consoles import Console

_TOPICS = """
[[topics]]
name = "Ferries"
query = 'title: ferry OR title: ferries'
[[topics]]
name = "Climbing goats"
query = "title: goats AND climb*"
"""


@pytest.fixture
def console(tmp_path: Path) -> Console:
    made = Console(tmp_path)
    for name, title in {
        "a": "A ferry returns",
        "b": "Goats climb a tower",
        "c": "Goats board ferries, climbing",
    }.items():
        made.drop(f"{name}.txt", title)
    return made


def counts(console: Console) -> dict[str, tuple[int, bool]]:
    return {one["name"]: (one["entries"], one["complete"]) for one in console.call("topics", "--json").objects()}


def test_topics_of_what_comes_in(console: Console) -> None:
    console.settings(_TOPICS)
    assert counts(console) == {"Ferries": (0, False), "Climbing goats": (0, False)}
    assert "new: matched" in console.call("topics").told()
    assert "topics: 2 valid searches, 2 of them not yet" in console.call("doctor").told()
    console.call("once").told()
    assert counts(console) == {"Ferries": (2, True), "Climbing goats": (2, True)}
    told = console.call("topics").told()
    assert "ferries · title: ferry OR title: ferries" in told
    assert "2 entries" in told
    (first, _) = console.call("topics", "--json").objects()
    assert first["slug"] == "ferries"
    assert first["newest"]["title"] == "Goats board ferries, climbing"
    assert "topics: 2 valid searches\n" in console.call("doctor").told()
    (status,) = console.call("status", "--json").objects()
    assert status["topics"] == {"topics": 2, "entries": 3, "pending": 0}
    assert "topics     topics 2, entries 3" in console.call("status").told()
    key = first["newest"]["entry"]
    assert "topics     Climbing goats, Ferries\n" in console.call("explain", key).told()


def test_topics_of_what_was_there(console: Console) -> None:
    console.call("once").told()
    assert "topics     none\n" in console.call("explain", "1").told()
    assert "topics: none set" in console.call("doctor").told()
    console.settings(_TOPICS)
    console.call("once").told()
    assert counts(console) == {"Ferries": (2, True), "Climbing goats": (2, True)}
    console.settings("[[topics]]\nname = 'Boats'\nquery = 'title: ferry OR title: ferries'")
    done = console.call("topics")
    assert "until the next `run` or `once`: Climbing goats, Ferries" in done.err
    console.call("once").told()
    assert counts(console) == {"Boats": (2, True)}
    assert console.call("topics").err == ""


def test_a_run_with_the_same_topics_writes_nothing(console: Console) -> None:
    console.settings(_TOPICS)
    console.call("once").told()
    before = console.database.read_bytes()
    console.call("once").told()
    assert console.database.read_bytes() == before


def test_search_within_a_topic(console: Console) -> None:
    console.settings(_TOPICS)
    console.call("once").told()

    def titles(*words: str) -> list[str]:
        return [one["title"] for one in console.call("search", "--json", *words).objects()]

    assert len(titles("goats")) == 2
    assert titles("goats", "--topic", "FERRIES") == ["Goats board ferries, climbing"]
    assert titles("title: tower", "--topic", "Climbing goats") == ["Goats climb a tower"]
    assert titles('tower "', "--topic", "climbing-goats") == ["Goats climb a tower"]
    line = console.call("search", "goats", "--topic", "boats").failure()
    assert "'boats'" in line
    assert "ferries, climbing-goats" in line


@pytest.mark.parametrize("command", ["once", "run", "status", "doctor", "topics", "search x"])
def test_a_bad_query_ends_every_command(console: Console, command: str) -> None:
    console.settings("[[topics]]\nname = 'Roads'\nquery = 'author: ana'")
    line = console.call(*command.split()).failure()
    assert "[[topics]] 'Roads' query = 'author: ana': no such column: author: want FTS5" in line
    assert not console.state.exists()
