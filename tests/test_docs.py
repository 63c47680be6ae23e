"""README, ARCHITECTURE and CHANGELOG say what the code does."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import command_lines
import pytest

import worker
from worker import settings

_ROOT = Path(__file__).parent.parent
_DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")
_README, _ARCHITECTURE, _CHANGELOG = _DOCUMENTS
_LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")


def text(name: str) -> str:
    return (_ROOT / name).read_text(encoding="utf-8")


def headings(name: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", text(name), flags=re.MULTILINE | re.DOTALL)
    return [found.strip("` ") for found in re.findall(r"^#+ +(.+)$", prose, flags=re.MULTILINE)]


def stages() -> list[str]:
    """The stages, as the program draws the road in its own words."""
    road = [row for row in (worker.__doc__ or "").splitlines() if "→" in row]
    assert road
    return re.findall(r"[a-z]+", " ".join(road))


# ── Commands ────────────────────────────────────────────────────────────────────────────────────────


def test_readme_tells_every_command() -> None:
    told = {command_lines.called(words) for words in command_lines.lines(text(_README))}
    missing = [" ".join(command) for command in command_lines.leaves() if command not in told]
    assert not missing


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_documents_tell_no_other_command_or_option(name: str) -> None:
    for words in command_lines.lines(text(name)):
        command_lines.called(words)


def test_readme_names_real_make_targets() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), flags=re.MULTILINE))
    code = re.findall(r"`([^`\n]+)`", text(_README)) + re.findall(r"^(make .*)$", text(_README), flags=re.MULTILINE)
    named = {found[1] for line in code if (found := re.match(r"make ([a-z]+)", line))}
    assert {"run", "test"} <= named
    assert named <= targets


# ── Settings ────────────────────────────────────────────────────────────────────────────────────────


def table() -> dict[str, str]:
    """The settings table of README: key → default, as it stands there.

    A row is "| `[seeds] every` | `60s` | what it means |". The default is written as one would set it in the
    environment, in backticks; a default that is empty is told in parentheses: "(none)", "(from `listen`)".
    """
    rows = re.findall(r"^\| `\[(\w+)\] (\w+)` \| (?:`([^`]*)`|\([^|]+\)) \|.+\|$", text(_README), flags=re.MULTILINE)
    return {f"{section}.{key}": default for section, key, default in rows}


def test_readme_has_every_setting_and_no_other() -> None:
    assert list(table()) == list(settings.keys())


@pytest.mark.parametrize("key", settings.keys())
def test_readme_tells_the_default(key: str) -> None:
    name = "SEEDWIRE_" + key.upper().replace(".", "_")
    told = settings.load(Path("none.toml"), required=False, environment={name: table()[key]})
    assert told == settings.Settings()


def test_documents_name_no_variable_that_is_no_setting() -> None:
    names = {"SEEDWIRE_" + key.upper().replace(".", "_") for key in dict(settings.keys())}
    for document in _DOCUMENTS:
        assert set(re.findall(r"SEEDWIRE_[A-Z_]*[A-Z]\b(?!_?<)", text(document))) <= names


# ── The road ────────────────────────────────────────────────────────────────────────────────────────


def test_the_road_is_whole() -> None:
    assert stages()[0] == "scan"
    assert stages()[-1] == "deliver"
    assert len(stages()) == 12


@pytest.mark.parametrize("stage", stages())
def test_a_stage_is_a_heading_and_a_module(stage: str) -> None:
    assert stage in headings(_ARCHITECTURE)
    package = _ROOT / "worker"
    places = [folder / stage for folder in (package, package / "intake", package / "outlet")]
    assert any(place.with_suffix(".py").is_file() or (place / "__init__.py").is_file() for place in places)


def test_architecture_names_real_modules() -> None:
    for path in re.findall(
        r"`((?:worker|intake|store|outlet|web|jobs|cli|shapes)/[\w/]*(?:\.py)?)`", text(_ARCHITECTURE)
    ):
        places = (_ROOT / path, _ROOT / "worker" / path, _ROOT / "worker" / "intake" / path)
        assert any(place.exists() for place in places), path


# ── Links, versions ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_links_lead_to_files(name: str) -> None:
    for target in _LINK.findall(text(name)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, fragment = target.partition("#")
        assert not path or (_ROOT / path).exists(), target
        if fragment and (not path or path.endswith(".md")):
            assert fragment in map(_anchor, headings(path or name)), target


def _anchor(heading: str) -> str:
    """The fragment that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_one_version() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", text(_CHANGELOG), flags=re.MULTILINE)
    assert newest is not None
    assert project["version"] == worker.__version__ == newest[1]


# ── What must not be in here ────────────────────────────────────────────────────────────────────────

#: Put together, so that this file does not hold them itself: folders of the machines that this was made on,
#: hosts of package and image registries, and words that are about making this and not about what it is.
_FORBIDDEN = {
    *("/" + name + "/" for name in ("work", "root", "Users")),
    *("/home" + "/", "/tmp" + "/bash"),
    *(name + ".org" for name in ("py" + "pi", "python" + "hosted", "conda-" + "forge")),
    *("files.python" + "hosted", "gh" + "cr.io", "docker" + ".io", "qu" + "ay.io", "registry" + ".npm"),
    *("sub" + "agent", "sibling " + "issue", "co-author" + "ed-by", "language " + "model", "arti" + "factory"),
    *("Clau" + "de", "Anthro" + "pic", "Open" + "AI", "Chat" + "GPT", "../sha" + "red"),
}


def files_under_git() -> list[Path]:
    """What git keeps, and what it would take with the next `git add`."""
    if shutil.which("git") is None or not (_ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=_ROOT, capture_output=True, check=True).stdout
    return [path for name in told.decode().split("\0") if name and (path := _ROOT / name).is_file()]


def test_nothing_tells_of_the_machine_it_was_made_on() -> None:
    pattern = re.compile("|".join(map(re.escape, sorted(_FORBIDDEN))).encode(), re.IGNORECASE)
    found = [
        f"{path.relative_to(_ROOT)}: {match[0].decode()}"
        for path in files_under_git()
        for match in pattern.finditer(path.read_bytes())
    ]
    assert not found


def test_the_forbidden_would_be_found() -> None:
    pattern = re.compile("|".join(map(re.escape, sorted(_FORBIDDEN))), re.IGNORECASE)
    assert pattern.search("see /work" + "/main")
    assert not pattern.search(Path(__file__).read_text(encoding="utf-8"))


def test_nothing_is_left_to_fill_in() -> None:
    for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md"):
        text = (Path(__file__).parent.parent / name).read_text(encoding="utf-8")
        assert "@" * 2 not in text, f"{name} holds a placeholder"
