"""keys: who may read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from consoles import Console


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def secret(console: Console, *words: str) -> str:
    out = console.call("keys", "add", *words).told()
    assert re.fullmatch(r"[\w-]{43}\n", out)
    return out.strip()


def test_a_key_is_shown_once(console: Console) -> None:
    first, second = secret(console, "ana"), secret(console, "bek", "--operator")
    assert first != second
    listed = console.call("keys", "list").told()
    assert re.fullmatch(r"1  ana  reader  since \S+ \S+\n2  bek  operator  since \S+ \S+\n", listed)
    for path in console.state.rglob("*"):
        assert not path.is_file() or first.encode() not in path.read_bytes()


def test_the_first_key_says_what_it_does(console: Console) -> None:
    assert "every feed and page" in console.call("keys", "add", "ana").err
    assert "every feed and page" not in console.call("keys", "add", "bek").err


def test_revoking(console: Console) -> None:
    secret(console, "ana")
    secret(console, "bek")
    assert "ana" in console.call("keys", "revoke", "ana").told()
    assert "bek" in console.call("keys", "revoke", "2").told()
    assert console.call("keys", "list").told().count("revoked") == 2
    assert "keys list" in console.call("keys", "revoke", "ana").failure()
    secret(console, "ana")


@pytest.mark.parametrize("name", ["", "7", "a\nb", " ana", "a\x1b[2J"])
def test_what_cannot_name_a_key(console: Console, name: str) -> None:
    assert "cannot name" in console.call("keys", "add", name).failure()


def test_nobody_has_two(console: Console) -> None:
    secret(console, "ana")
    assert "revoke it first" in console.call("keys", "add", "ana").failure()


def test_opening_again_is_meant(console: Console) -> None:
    secret(console, "ana")
    assert "--yes" in console.call("keys", "open").failure()
    console.call("keys", "open", "--yes").told()
    assert console.call("keys", "list").told() == ""
    console.call("keys", "open").told()
    secret(console, "ana")
    console.call("keys", "revoke", "ana").told()
    console.call("keys", "open").told()
    assert console.call("keys", "list").told() == ""
