"""The wheel works on its own: installed into a fresh environment, used from a folder that is not the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_string
from pathlib import Path

import feedparser
import pytest

from worker import __version__

_ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """What a program prints; a failure shows all that it said."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "SEEDWIRE_", "PIP_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, with what is installed already."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("worker", "templates"):
        shutil.copytree(_ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(_ROOT / name, source)
    build = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder / "wheels")
    run(sys.executable, "-m", "pip", "wheel", "-q", *build, source, cwd=folder)
    (found,) = (folder / "wheels").iterdir()
    return found


@pytest.fixture(scope="module")
def bin_(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of a fresh environment are. It borrows the dependencies of the one that runs the tests;
    a folder named in a .pth file has its own .pth files ignored, and so its editable install.
    """
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    install = ("--no-deps", "--no-index", "--no-compile", wheel)
    run(sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "-q", *install, cwd=home)
    site = Path(run(home / "bin" / "python", "-c", "import site; print(site.getsitepackages()[0])", cwd=home).strip())
    paths = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "borrowed.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    return home / "bin"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A working directory with the example pages in it."""
    shutil.copytree(_ROOT / "examples" / "pages", tmp_path / "pages")
    return tmp_path


def test_wheel_holds_the_program_and_every_template(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for folder, inside in (("worker", "worker"), ("templates", "worker/templates")):
        files = [path for path in (_ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        wanted = {f"{inside}/{path.relative_to(_ROOT / folder).as_posix()}" for path in files}
        assert wanted
        assert wanted <= held


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"worker", f"seedwire-{__version__}.dist-info"}


def test_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = message_from_string(archive.read(f"seedwire-{__version__}.dist-info/METADATA").decode())
    assert (told["Name"], told["Version"]) == ("seedwire", __version__)
    assert told["Requires-Python"] == ">=3.11"
    assert told.get_payload().lstrip().startswith("# seedwire")  # type: ignore[union-attr]


def test_the_program_is_the_one_of_the_wheel(bin_: Path, desk: Path) -> None:
    place = run(bin_ / "python", "-c", "import worker; print(worker.__file__)", cwd=desk).strip()
    assert Path(place).is_relative_to(bin_.parent)
    assert run(bin_ / "seedwire", "--version", cwd=desk).split()[-1] == __version__


def test_once_makes_a_feed(bin_: Path, desk: Path) -> None:
    run(bin_ / "seedwire", "--seeds", "pages", "--state", "X", "once", cwd=desk)
    feed = feedparser.parse((desk / "X" / "public" / "feed.atom").read_bytes())
    assert not feed.bozo
    assert len(feed.entries) >= 10
    assert all(entry.title and entry.content[0].value for entry in feed.entries)


def test_templates_load_from_the_wheel(bin_: Path, desk: Path) -> None:
    told = run(bin_ / "seedwire", "--seeds", "pages", "--state", "X", "doctor", cwd=desk)
    shipped = sum(path.is_file() for path in (_ROOT / "templates").rglob("*"))
    assert "templates compile" in told
    code = (
        "from worker import templating; found = templating.load(None); names = found.list_templates();"
        "print(len(names), *{found.get_template(name).filename for name in names}, sep='\\n')"
    )
    count, *places = run(bin_ / "python", "-c", code, cwd=desk).split("\n")[:-1]
    assert 0 < int(count) <= shipped
    assert places
    assert all(Path(place).is_relative_to(bin_.parent) for place in places)
