"""Lock files: everything pinned and hashed, nothing said of where it came from, and nothing without need."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_LOCKS = sorted(path.name for path in _ROOT.glob("*.lock"))
_INPUTS = sorted(path.name for path in _ROOT.glob("requirements*.in"))
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,]+\])?==(\S+?)(?:\s*;\s*([^\\]+?))?\s*(?:\\|$)")
#: Hosts and addresses, and the options by which pip is told of them.
_WHEREABOUTS = re.compile(
    r"http|file:|index|find-links|trusted|://|@|/simple|\b(?:\d{1,3}\.){3}\d{1,3}(?=[:/])", re.IGNORECASE
)


def requirements(name: str) -> list[str]:
    """Each requirement of a lock file on one line, its hashes behind it."""
    return (_ROOT / name).read_text(encoding="utf-8").replace("\\\n", "\\ ").splitlines()


def pinned(name: str) -> dict[str, set[str]]:
    """Package → versions (several where they depend on the platform)."""
    found: dict[str, set[str]] = {}
    for row in requirements(name):
        match = _PIN.match(row)
        assert match, f"{name}: {row[:60]}"
        found.setdefault(plain(match[1]), set()).add(match[2])
    return found


def wanted(name: str) -> list[str]:
    """The requirements of an .in file, options left out."""
    rows = (_ROOT / name).read_text(encoding="utf-8").splitlines()
    return [row for row in map(str.strip, rows) if row and not row.startswith(("#", "-"))]


def plain(requirement: str) -> str:
    """The normalised name in "Jinja2>=3,<4"."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]).lower()


def project() -> list[str]:
    found: list[str] = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return found


def test_every_input_has_its_lock() -> None:
    assert [name.removesuffix(".in") + ".lock" for name in _INPUTS] == _LOCKS
    assert "requirements.lock" in _LOCKS


@pytest.mark.parametrize("name", _LOCKS)
def test_everything_is_pinned_and_hashed(name: str) -> None:
    for row in requirements(name):
        assert _PIN.match(row), row[:60]
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})(?:\s|$)", row)
        assert hashes, row[:60]
        assert row.count("--hash=") == len(hashes)


@pytest.mark.parametrize("name", _LOCKS + _INPUTS)
def test_nothing_tells_where_packages_come_from(name: str) -> None:
    for number, row in enumerate((_ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
        bare = re.sub(r"^(?:httptools|[\w-]*http[\w-]*)(?===|[<>])", "", row)  # a package may be called so
        assert not _WHEREABOUTS.search(bare), f"{name}:{number}: {row}"


@pytest.mark.parametrize("name", _INPUTS)
def test_a_lock_holds_what_its_input_wants(name: str) -> None:
    missing = {plain(row) for row in wanted(name)} - set(pinned(name.removesuffix(".in") + ".lock"))
    assert not missing


def test_locks_agree() -> None:
    """They are installed into one environment, one after the other."""
    versions: dict[str, set[str]] = {}
    for name in _LOCKS:
        for package, found in pinned(name).items():
            assert versions.setdefault(package, found) == found, package


def test_project_and_input_want_the_same() -> None:
    assert project() == wanted("requirements.in")


def test_build_needs_are_locked() -> None:
    build = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert {plain(row) for row in build} <= set(pinned("requirements-build.lock"))


def imported() -> Iterator[str]:
    """The top-level modules that the program imports."""
    for path in (_ROOT / "worker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def explained() -> set[str]:
    """The packages in the first column of a table of ARCHITECTURE.md."""
    rows = re.findall(r"^\| ([^|]+) \|", (_ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {plain(name.strip("` ")) for row in rows for name in row.split(",")}


@pytest.mark.parametrize("requirement", project())
def test_a_dependency_is_used_or_explained(requirement: str) -> None:
    homes = packages_distributions()
    used = {plain(home) for module in set(imported()) for home in homes.get(module, [])}
    assert plain(requirement) in used | explained()


def test_what_is_imported_is_declared() -> None:
    """What comes along with something else may go with it as well."""
    homes = packages_distributions()
    used = {plain(home) for module in set(imported()) for home in homes.get(module, [])} - {"seedwire"}
    declared = {plain(row) for row in project()}
    along = {"markupsafe"}  # of jinja2, whose documented way to mark text as safe it is
    assert used <= declared | along
