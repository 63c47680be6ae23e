"""Reading a dump that was found; permissions; and any tree of names against a slow reference."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seed_folders import look_of, paths, scanned, unprivileged, write

from worker.intake import scan
from worker.model import Dump, Failure

MOST = 4 << 30  #: bytes

# ── read ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("content", [b"", b"A ferry.\r\n", bytes(range(256)) * 4096, bytes(range(256)) * 8192])
def test_a_dump_has_all_its_bytes(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "sub/page.txt", content)
    look = look_of(tmp_path, "sub/page.txt")
    opened = scan.read(tmp_path, look, MOST)
    assert isinstance(opened, scan.Opened)
    with opened.file:
        assert opened.dump == Dump(look=look, checksum=hashlib.sha256(content).digest())
        assert opened.file.read() == content
        assert opened.unchanged()


def test_a_dump_that_changed_since_the_look_waits(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt", b"A ferry.")
    look = look_of(tmp_path, "page.txt")
    write(path, b"A ferry has come.")
    assert scan.read(tmp_path, look, MOST) is None
    write(path, b"A barge.", mtime=1_790_000_009)
    assert scan.read(tmp_path, look, MOST) is None
    write(path, b"A ferry.")
    assert isinstance(scan.read(tmp_path, look, MOST), scan.Opened)


def test_a_dump_that_has_gone_is_no_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "sub/page.txt")
    look = look_of(tmp_path, "sub/page.txt")
    path.unlink()
    assert scan.read(tmp_path, look, MOST) is None
    path.parent.rmdir()
    assert scan.read(tmp_path, look, MOST) is None
    path.parent.write_text("a file where the folder was")
    assert scan.read(tmp_path, look, MOST) is None


def test_a_folder_in_the_place_of_a_dump_is_a_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt")
    look = look_of(tmp_path, "page.txt")
    path.unlink()
    path.mkdir()
    assert scan.read(tmp_path, look, MOST) == Failure(path="page.txt", reason="Is a directory")


def test_a_pipe_in_the_place_of_a_dump_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt")
    look = look_of(tmp_path, "page.txt")
    path.unlink()
    os.mkfifo(path)
    read: list[object] = []
    reading = Thread(target=lambda: read.append(scan.read(tmp_path, look, MOST)), daemon=True)
    reading.start()
    reading.join(10)
    assert read == [None]


# ── Permissions ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach; pytest's own are closed to all but theirs."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_file_that_may_not_be_read_is_a_failure_when_it_is_read(open_folder: Path) -> None:
    write(open_folder / "open.txt")
    write(open_folder / "closed.txt").chmod(0)
    with unprivileged(open_folder):
        found = scanned(open_folder)
        dumps = [scan.read(open_folder, look, MOST) for look in found.ready]
    assert paths(found) == ["closed.txt", "open.txt"]
    assert dumps[0] == Failure(path="closed.txt", reason="Permission denied")
    assert isinstance(dumps[1], scan.Opened)


@pytest.mark.parametrize("mode", [0o000, 0o300, 0o400])
def test_a_folder_that_may_not_be_walked_hides_no_other(open_folder: Path, mode: int) -> None:
    write(open_folder / "open/page.txt")
    closed = write(open_folder / os.fsdecode(b"closed\xe9") / "page.txt").parent
    if os.geteuid() == 0:
        os.chown(closed, 65534, 65534)
    closed.chmod(mode)
    try:
        with unprivileged(open_folder):
            found = scanned(open_folder)
    finally:
        closed.chmod(0o700)
    assert paths(found) == ["open/page.txt"]
    (failure,) = found.failures
    assert failure.path.startswith("closed\\xe9")
    assert failure.reason == "Permission denied"


def test_a_seeds_folder_that_may_not_be_walked_is_a_failure(open_folder: Path) -> None:
    seeds = open_folder / "seeds"
    write(seeds / "page.txt")
    seeds.chmod(0)
    with unprivileged(open_folder):
        found = scanned(seeds)
    assert (found.ready, [failure.reason for failure in found.failures]) == ((), ["Permission denied"])


# ── Any tree ────────────────────────────────────────────────────────────────────────────────────────

Tree = dict[str, "Tree | None"]
_UNFINISHED = (".part", ".tmp", ".temp", ".partial", ".crdownload", ".download", ".swp", "~")
_NAMES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", ".", "-", "é", "а"]),
    st.text("ab \n.~%", min_size=1, max_size=3),
    st.sampled_from(["", "", ".txt", *_UNFINISHED]),
).filter(lambda name: name not in {".", ".."})
_TREES: st.SearchStrategy[Tree] = st.recursive(
    st.dictionaries(_NAMES, st.none(), max_size=4),
    lambda trees: st.dictionaries(_NAMES, st.none() | trees, max_size=4),
    max_leaves=12,
)


def _plant(folder: Path, tree: Tree) -> None:
    for name, below in tree.items():
        if below is None:
            write(folder / name)
        else:
            (folder / name).mkdir()
            _plant(folder / name, below)


def _counted(name: str) -> bool:
    return not name.startswith(".") and not any(name.endswith(ending) for ending in _UNFINISHED)


def _slowly(seeds: Path) -> list[str]:
    found = []
    for above, folders, files in os.walk(seeds):
        folders[:] = filter(_counted, folders)
        found += [str((Path(above) / name).relative_to(seeds)) for name in files if _counted(name)]
    return sorted(found)


@settings(max_examples=80, deadline=None)
@given(_TREES)
def test_any_tree_is_found_as_a_slow_walk_finds_it(tree: Tree) -> None:
    with tempfile.TemporaryDirectory() as name:
        seeds = Path(name)
        _plant(seeds, tree)
        found = scanned(seeds)
        assert paths(found) == _slowly(seeds)
        assert found.seen == len(found.ready)
        remembered = scan.Known()
        for look in found.ready:
            remembered.add(look)
        again = scanned(seeds, remembered)
        assert (again.ready, again.seen, len(remembered)) == ((), found.seen, found.seen)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(300 << 30)  # sparse: it takes no room
    look = scan.scan(tmp_path, scan.Known(), settle=0, sleep=lambda _: None).ready[0]
    refused = scan.read(tmp_path, look, MOST)
    assert isinstance(refused, Failure)
    assert str(300 << 30) in refused.reason


def test_our_own_state_is_not_read(tmp_path: Path) -> None:
    for name in ("a.txt", "state/public/feed.atom", "state/seedwire.lock", "below/state/b.txt"):
        write(tmp_path / name)
    (tmp_path / "linked").symlink_to(tmp_path / "state" / "public")
    found = scan.scan(tmp_path, scan.Known(), settle=0, sleep=lambda _: None, apart=tmp_path / "state")
    assert [look.path for look in found.ready] == ["a.txt", "below/state/b.txt"]
