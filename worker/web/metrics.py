"""What a Prometheus server reads: counts, outcomes, lags, jobs, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlite_utils import Database

from worker.model import JobRun
from worker.store import lags, outbox, runs, silences, tallies


def exposition(db: Database, jobs: Iterable[JobRun], refused: int) -> tuple[bytes, str]:
    """The text of all metrics, and its media type."""
    registry = CollectorRegistry(auto_describe=False)
    metrics = [*_read(db), *_waiting(db), _lag(db), *_jobs(jobs)]
    metrics.append(_gauge("feeds_refused", "Feeds that broke a rule when they were last made: not published", refused))
    registry.register(_Told(metrics))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Told(Collector):
    """Metrics that are known already: they are made anew for each answer, since the store counts them."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _read(db: Database) -> Iterator[Metric]:
    totals = tallies.totals(db)
    yield _gauge("pages", "Pages in the archive", totals["pages"])
    yield _gauge("page_characters", "Characters of these pages", totals["characters"])
    yield _gauge("piece_characters", "Characters in their pieces: as many", totals["characters_in_pieces"])
    outcomes = {(outcome,): totals[outcome] for outcome in tallies.OUTCOMES}
    yield _gauges("article_pieces", "Article pieces by how they ended", ("outcome",), outcomes)
    yield _gauge("entries", "Entries in the archive", tallies.entries_stored(db))
    yield _gauge("unreadable_files", "Files that cannot be read", runs.failing(db))
    yield _gauge("quiet_sources", "Sources that have gone quiet", len(silences.going_on(db)))


def _waiting(db: Database) -> Iterator[Metric]:
    mail = {(state,): number for state, number in outbox.counts(db).items()}
    yield _gauges("outbox_messages", "Mail by state", ("state",), mail)
    yield _gauges("calls", "Calls to hubs and webhooks by state", ("kind", "state"), tallies.calls(db))


def _lag(db: Database) -> Metric:
    found = lags.every(db)
    sums = accumulate(found.counts)
    buckets = [(str(bound), float(sum_)) for bound, sum_ in zip(lags.BOUNDS, sums, strict=True)]
    told = HistogramMetricFamily("seedwire_publish_lag_seconds", "From dropped file to feed, by new entry")
    told.add_metric([], [*buckets, ("+Inf", float(found.entries))], found.total)
    return told


def _jobs(jobs: Iterable[JobRun]) -> Iterator[Metric]:
    known = list(jobs)
    last = {(run.job,): run.succeeded.timestamp() for run in known if run.succeeded}
    yield _gauges("job_last_success_timestamp_seconds", "When a job last ended well", ("job",), last)
    failing = {(run.job,): float(run.error is not None) for run in known}
    yield _gauges("job_failing", "1 where the last run of a job failed", ("job",), failing)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"seedwire_{name}", words, value=value)


def _gauges(name: str, words: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> Metric:
    told = GaugeMetricFamily(f"seedwire_{name}", words, labels=labels)
    for named, value in values.items():  # tuples of as many texts as there are labels
        told.add_metric(list(named), value)
    return told
