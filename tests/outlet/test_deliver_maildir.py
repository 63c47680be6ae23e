"""Maildir: a message is one file, whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from mail_servers import MESSAGE, OTHER, Dots

from worker.errors import DeliveryError
from worker.model import Reply
from worker.outlet.deliver import MaildirRoute


def files(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


def test_maildir_twice_is_one_file(tmp_path: Path) -> None:
    dots = Dots()
    with MaildirRoute(tmp_path / "mail") as out:
        assert out.holds(MESSAGE) is False
        first = out.send(MESSAGE, before_dot=dots)
        assert out.holds(MESSAGE) is True
        assert out.send(MESSAGE, before_dot=dots) == first
    assert dots.count == 2
    (name,) = files(tmp_path / "mail")
    assert first == Reply(code=250, text=f"stored as {name}")
    assert (tmp_path / "mail" / name).read_bytes() == MESSAGE.content


def test_what_a_reader_moved_is_held(tmp_path: Path) -> None:
    with MaildirRoute(tmp_path) as out:
        out.send(MESSAGE, before_dot=Dots())
        (name,) = files(tmp_path)
        (tmp_path / name).rename(tmp_path / "cur" / (Path(name).name + ":2,RS"))
        assert out.holds(MESSAGE) is True
        assert out.holds(OTHER) is False
        assert out.send(MESSAGE, before_dot=Dots()).code == 250
    assert files(tmp_path) == [f"cur/{Path(name).name}:2,RS"]


def test_nothing_is_in_new_before_the_dot(tmp_path: Path) -> None:
    def look() -> None:
        assert [name.split("/")[0] for name in files(tmp_path)] == ["tmp"]
        raise KeyboardInterrupt

    with MaildirRoute(tmp_path) as out:
        with pytest.raises(KeyboardInterrupt):
            out.send(MESSAGE, before_dot=look)
        assert out.holds(MESSAGE) is False
        out.send(MESSAGE, before_dot=Dots())
    assert [name.split("/")[0] for name in files(tmp_path)] == ["new"]


def test_a_crash_between_link_and_unlink_is_mended(tmp_path: Path) -> None:
    with MaildirRoute(tmp_path) as out:
        out.send(MESSAGE, before_dot=Dots())
        (name,) = files(tmp_path)
        (tmp_path / "tmp" / Path(name).name).hardlink_to(tmp_path / name)
        assert out.send(MESSAGE, before_dot=Dots()).code == 250
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == MESSAGE.content


@pytest.mark.parametrize("place", ["", "new", "tmp"])
def test_a_maildir_that_cannot_be_used_is_named(tmp_path: Path, place: str) -> None:
    directory = tmp_path / "mail"
    blocked = directory / place
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file")
    dots = Dots()
    with MaildirRoute(directory) as out, pytest.raises(DeliveryError) as caught:
        out.send(MESSAGE, before_dot=dots)
    assert str(directory) in str(caught.value)
    assert "make it a directory" in str(caught.value)
    assert dots.count == 0
