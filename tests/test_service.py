"""The systemd unit and the example settings agree with the program."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import command_lines
import pytest

from worker import schedule, settings

_ROOT = Path(__file__).parent.parent
_UNIT = _ROOT / "deploy" / "seedwire.service"
_EXAMPLE = _ROOT / "seedwire.example.toml"


# ── systemd ─────────────────────────────────────────────────────────────────────────────────────────


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=["="], comment_prefixes=["#"])
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(_UNIT, encoding="utf-8")
    return parser


def test_unit_starts_a_real_command() -> None:
    line = unit()["Service"]["ExecStart"].split()
    assert line[0].endswith("/bin/seedwire")
    assert command_lines.called(line[1:]) == ("run",)
    state = line[line.index("--state") + 1]
    assert state == "/var/lib/" + unit()["Service"]["StateDirectory"]


def test_unit_explains_itself_with_real_commands_and_files() -> None:
    text = _UNIT.read_text(encoding="utf-8")
    for called in re.findall(r"sudo -u seedwire \S+/seedwire (.+)", text):
        assert command_lines.called(called.split()) in set(command_lines.leaves())
    for path in ("requirements.lock", "seedwire.example.toml", "deploy/seedwire.service"):
        assert path in text
        assert (_ROOT / path).is_file()


def test_unit_watches_the_heartbeat() -> None:
    service = unit()["Service"]
    assert service["Type"] == "notify"
    assert timedelta(seconds=int(service["WatchdogSec"])) >= 2 * schedule._BEAT


def test_unit_is_neither_root_nor_free_to_roam() -> None:
    service = unit()["Service"]
    assert service["User"] not in ("", "root", "0")
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "SEEDWIRE_" not in str(dict(service)), "settings belong into the file, secrets into EnvironmentFile"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = _UNIT.read_text(encoding="utf-8").replace("ExecStart=/opt/seedwire/bin/seedwire", "ExecStart=/bin/true")
    copy = tmp_path / _UNIT.name
    copy.write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    assert str(copy) not in told, told  # e.g. "seedwire.service:12: Unknown key name"
    assert _UNIT.name + ":" not in told, told


# ── seedwire.example.toml ───────────────────────────────────────────────────────────────────────────


def test_example_settings_are_the_defaults() -> None:
    assert settings.load(_EXAMPLE, required=True, environment={}) == settings.Settings()


def test_example_settings_are_complete() -> None:
    sections = tomllib.loads(_EXAMPLE.read_text(encoding="utf-8"))
    named = [f"{section}.{key}" for section, values in sections.items() for key in values]
    assert named == list(settings.keys())


def test_every_example_setting_is_explained() -> None:
    rows = _EXAMPLE.read_text(encoding="utf-8").splitlines()
    for before, row in pairwise(rows):
        if "=" in row and not row.startswith("#"):
            assert before.startswith("# "), f"{row} has no line of explanation"
