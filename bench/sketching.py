"""Our fingerprint and sketch of an article against the MinHashes of the same texts that peers make."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.corpus import corpus_in, one_core
from bench.peers import PERMUTATIONS, Datasketch, missing, rensa_signatures, told
from bench.rounds import Contender, Report, Row, interleaved, ratios
from worker.intake import fingerprint

_ARTICLES = 2000
_ROUNDS, _BUDGET = 9, 40.0


def measure() -> Report:
    """Rounds of ours and of each peer in turn, from text to signature."""
    if why := missing("datasketch", "xxhash", "rensa"):
        return Report(notes=(f"sketch: {why}",))
    with TemporaryDirectory(prefix="seedwire-bench-") as name, one_core() as core:
        corpus = corpus_in(Path(name), _ARTICLES)
        texts = [text for _, text in corpus.articles]
        peers: dict[str, Contender] = {
            "datasketch": lambda: Datasketch(fast=False).signatures(texts),
            "datasketch, xxh32": lambda: Datasketch(fast=True).signatures(texts),
            "rensa": lambda: rensa_signatures(texts),
        }
        ours = {"ours": lambda: [fingerprint.of_text(text) for text in texts]}
        taken = interleaved(ours | peers, rounds=_ROUNDS, budget=_BUDGET)
    speeds = ", ".join(f"{who} {len(texts) / median(seconds):,.0f}" for who, seconds in taken.items())
    where = f"{len(texts)} articles of {sum(map(len, texts)) / len(texts):,.0f} characters from {corpus.origin}, {core}"
    aims = dict(zip(peers, ("≥ 9", "≥ 6", "≥ 2.8"), strict=True))  # what the first trial of these came to
    return Report(
        rows=tuple(
            Row.of(f"sketch: {peer} / ours", ratios(taken, peer, "ours"), unit="×", aim=aims[peer]) for peer in peers
        ),
        notes=(
            f"sketch: {where}; articles/s: {speeds}",
            f"sketch: {told('datasketch', 'rensa')}; {PERMUTATIONS} permutations, runs of five words",
        ),
    )
