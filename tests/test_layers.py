"""The architecture holds: layers, the size of rooms, one word a stage."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WORKER = ROOT / "worker"
FILES = sorted(WORKER.rglob("*.py"))
STAGES = {
    "intake": ("scan", "decode", "segment", "clean", "describe", "fingerprint", "relate"),
    "outlet": ("publish", "digest", "compose", "deliver"),
}


def test_layers_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300, "the file has outgrown its purpose: divide it"
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None
        if node.end_lineno - node.lineno + 1 > 60  # what a schema or a table of checks may need
    ]
    assert not long


@pytest.mark.parametrize(("folder", "stage"), [(f, s) for f, stages in STAGES.items() for s in stages])
def test_a_stage_has_one_word(folder: str, stage: str) -> None:
    module = WORKER / folder / f"{stage}.py"
    if not module.exists():
        module = WORKER / folder / stage / "__init__.py"
    tree = ast.parse(module.read_text(encoding="utf-8"))
    told = ast.get_docstring(tree) or ""
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert stage in names or stage == "deliver"  # a Route delivers: its public words are send and holds
    assert told
    assert f"### {stage}" in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
