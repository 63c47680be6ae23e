"""Real folders: what is complete and new is found, whatever else lies there; nothing is changed."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from seed_folders import look_of, paths, scanned, snapshot, write

from worker.intake import scan
from worker.model import Failure


def known(seeds: Path, *names: str) -> scan.Known:
    remembered = scan.Known()
    for name in names:
        remembered.add(look_of(seeds, name))
    return remembered


def test_every_file_below_is_found_in_the_order_of_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c/deep", "новости.txt", "two words\n.html", "a.txt"):
        write(tmp_path / name)
    (tmp_path / "empty").mkdir()
    found = scanned(tmp_path)
    assert paths(found) == ["a.txt", "a/b/c/deep", "a/z.txt", "b.txt", "two words\n.html", "новости.txt"]
    assert (found.seen, found.growing, found.failures) == (6, (), ())
    assert found.ready[0] == look_of(tmp_path, "a.txt")


def _append(path: Path) -> None:
    write(path, path.read_bytes() + b"More.\n")


def _same_size(path: Path) -> None:
    write(path, path.read_bytes().upper(), mtime=1_790_000_001)


def _touch(path: Path) -> None:
    os.utime(path, (1_790_000_002, 1_790_000_002))


def _back_in_time(path: Path) -> None:
    os.utime(path, (1, 1))


@pytest.mark.parametrize("change", [_append, _same_size, _touch, _back_in_time])
def test_what_changed_since_it_was_read_is_ready_again(tmp_path: Path, change: Callable[[Path], None]) -> None:
    for name in ("a.txt", "sub/b.txt", "sub/c.txt"):
        write(tmp_path / name)
    remembered = known(tmp_path, "a.txt", "sub/b.txt", "sub/c.txt")
    assert (paths(scanned(tmp_path, remembered)), len(remembered)) == ([], 3)
    change(tmp_path / "sub/b.txt")
    found = scanned(tmp_path, remembered)
    assert (paths(found), found.seen) == (["sub/b.txt"], 3)


def test_nothing_new_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    waits: list[float] = []
    scan.scan(tmp_path, known(tmp_path, "a.txt"), settle=0.25, sleep=waits.append)
    assert waits == []
    scan.scan(tmp_path, scan.Known(), settle=0.25, sleep=waits.append)
    assert waits == [0.25]


@pytest.mark.parametrize(
    "name",
    [
        *(".hidden", ".git/config", "page.txt.part", "page.tmp", "page.temp", "page.partial", "page.txt~"),
        *("page.crdownload", "page.download", ".page.txt.swp", "page.swp", "sub.tmp/page.txt"),
    ],
)
def test_what_a_writer_has_not_finished_is_left_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    write(tmp_path / "tmp" / "part.txt")
    assert paths(scanned(tmp_path)) == ["tmp/part.txt"]


# ── Between two looks ───────────────────────────────────────────────────────────────────────────────


def test_a_file_that_grows_between_two_looks_waits_for_a_later_scan(tmp_path: Path) -> None:
    write(tmp_path / "whole.txt")
    growing = write(tmp_path / "growing.txt")
    found = scanned(tmp_path, between=lambda: _append(growing))
    assert (paths(found), found.growing, found.seen) == (["whole.txt"], ("growing.txt",), 2)
    assert paths(scanned(tmp_path, known(tmp_path, "whole.txt"))) == ["growing.txt"]


def test_a_file_rewritten_between_two_looks_is_still_growing(tmp_path: Path) -> None:
    path = write(tmp_path / "same size.txt")
    found = scanned(tmp_path, between=lambda: _same_size(path))
    assert (found.ready, found.growing) == ((), ("same size.txt",))


def test_a_file_that_vanishes_between_two_looks_is_no_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "gone.txt")
    found = scanned(tmp_path, between=path.unlink)
    assert (found.ready, found.growing, found.failures) == ((), (), ())


def test_a_folder_that_vanishes_between_two_looks_is_no_failure(tmp_path: Path) -> None:
    write(tmp_path / "seeds/sub/page.txt")
    found = scanned(tmp_path / "seeds", between=lambda: (tmp_path / "seeds").rename(tmp_path / "away"))
    assert (found.ready, found.growing, found.failures) == ((), (), ())


# ── Links and what is no file ───────────────────────────────────────────────────────────────────────


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "secret/password")
    write(tmp_path / "seeds-old/page.txt")
    seeds = tmp_path / "seeds"
    write(seeds / "page.txt")
    (seeds / "file").symlink_to(tmp_path / "secret/password")
    (seeds / "folder").symlink_to(tmp_path / "secret")
    (seeds / "neighbour").symlink_to("../seeds-old")
    (seeds / "nowhere").symlink_to("not there")
    found = scanned(seeds)
    assert (paths(found), found.seen, found.failures) == (["page.txt"], 1, ())


def test_links_within_the_folder_are_followed(tmp_path: Path) -> None:
    write(tmp_path / "real/page.txt")
    (tmp_path / "a file").symlink_to("real/page.txt")
    (tmp_path / "a folder").symlink_to("real")
    assert paths(scanned(tmp_path)) == ["a file", "a folder/page.txt", "real/page.txt"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real/sub/page.txt")
    (tmp_path / "seeds").symlink_to("real")
    (tmp_path / "real/up").symlink_to("sub/page.txt")
    assert paths(scanned(tmp_path / "seeds")) == ["sub/page.txt", "up"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "a/page.txt")
    write(tmp_path / "b/page.txt")
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "a/self").symlink_to(".")
    (tmp_path / "a/over").symlink_to("../b")
    (tmp_path / "b/back").symlink_to("../a")
    found = scanned(tmp_path)
    assert {"a/page.txt", "b/page.txt"} <= set(paths(found))
    assert found.seen < 10
    assert found.failures == ()


def test_a_link_to_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    write(tmp_path / "page.txt")
    found = scanned(tmp_path)
    assert paths(found) == ["page.txt"]
    assert [failure.path for failure in found.failures] == ["loop"]


def test_pipes_and_sockets_are_no_dumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        found = scanned(tmp_path)
    assert (found.ready, found.growing, found.seen, found.failures) == ((), (), 0, ())


# ── What cannot be walked ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["missing", "file", "loop"])
def test_a_seeds_folder_that_is_none_is_a_failure(tmp_path: Path, kind: str) -> None:
    seeds = tmp_path / "seeds"
    if kind == "file":
        seeds.write_text("a file")
    if kind == "loop":
        seeds.symlink_to("seeds")
    found = scanned(seeds)
    assert (found.ready, found.seen, len(found.failures)) == ((), 0, 1)
    assert found.failures[0].reason


def test_names_that_are_not_utf_8_are_named_in_words_that_can_be_stored(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"\xff\xfe/page.txt"):
        path = Path(os.fsdecode(bytes(tmp_path) + b"/" + name))
        write(path)
    loop = Path(os.fsdecode(bytes(tmp_path) + b"/loop\xe9"))
    loop.symlink_to(loop.name)
    write(tmp_path / "page.txt")
    found = scanned(tmp_path)
    assert paths(found) == ["page.txt"]
    shown = sorted(failure.path for failure in found.failures)
    assert shown == ["\\xff\\xfe/page.txt", "caf\\xe9.txt", "loop\\xe9"]


def test_a_known_file_that_became_a_folder_is_walked(tmp_path: Path) -> None:
    path = write(tmp_path / "page")
    remembered = known(tmp_path, "page")
    path.unlink()
    write(tmp_path / "page/one.txt")
    found = scanned(tmp_path, remembered)
    assert (paths(found), found.seen) == (["page/one.txt"], 1)


def test_a_known_file_that_became_a_link_out_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "secret")
    path = write(tmp_path / "seeds/page.txt")
    remembered = known(tmp_path / "seeds", "page.txt")
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    found = scanned(tmp_path / "seeds", remembered)
    assert (found.ready, found.seen) == ((), 0)


def test_nothing_is_changed(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.html", ".hidden", "half.part"):
        write(tmp_path / name)
    (tmp_path / "link").symlink_to("sub")
    before = snapshot(tmp_path)
    for look in scanned(tmp_path).ready:
        assert not isinstance(scan.read(tmp_path, look, 1 << 30), Failure)
    assert snapshot(tmp_path) == before
