"""Laws of ingest over folders that nobody thought of: conservation, every story once, any order of batches."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from desks import NOW, Desk, all_entries, lawful, page, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import body

from worker.model import Outcome
from worker.store import frames, runs

_LINES = st.sampled_from(
    [
        *("Tell a friend", "relevant news", "Images | aksary.example", "07.11.2026, 09:40 318", "12 ноября 2026"),
        *("Ferry returns to the lake", "В Сарыбеле открыли мастерскую", "MOST VIEWED", "Read More ...", "", ""),
        *("He agreed.", "\ufeff\u200b", "a\u2028b", "\x0b", "<p>Not & HTML</p>", "🐐 " * 30),
    ]
)
_TEXTS = st.one_of(
    st.integers(0, 5).map(page),
    st.integers(0, 5).map(body),
    st.lists(_LINES | st.integers(0, 5).map(body) | st.integers(0, 5).map(page), max_size=6).map("\n\n".join),
    st.text(st.characters(codec="utf-8"), max_size=80),
)
_DUMPS = st.lists(_TEXTS.map(str.encode) | st.binary(max_size=60), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(_DUMPS, st.integers(1, 3))
def test_whatever_lies_in_the_folder(contents: list[bytes], most: int) -> None:
    """Characters add up, articles end somewhere, texts are stored once; batches and second runs change nothing."""
    kept = []
    with TemporaryDirectory() as folder:
        for batch in (10_000, most):
            desk = Desk(Path(folder) / str(batch))
            for number, content in enumerate(contents):
                desk.drop(f"{number}.txt", content)
            with (
                patch.object(import_module("worker.jobs.portions"), "_BATCH_DUMPS", batch),
                patch.multiple(frames, FIRST=1, EPOCH=2, FEWEST=1),
                patch.object(import_module("worker.intake.segment.frame"), "_SEEN", 1),
                desk.store() as db,
            ):
                done = desk.ingest(db)
                lawful(db)
                stored = rows(db)
                texts = [entry.text for entry in all_entries(db)]
                assert len(set(texts)) == len(texts) == done.outcomes[Outcome.STORED]
                assert sum(runs.outcomes(db).values()) == sum(done.outcomes.values())
                assert done.dumps == len(contents)
                desk.publish(db)
                assert not desk.ingest(db, NOW + timedelta(hours=1)).changed
                assert rows(db) == stored
            kept.append((stored, desk.feed.read_bytes()))
    assert kept[0] == kept[1]
