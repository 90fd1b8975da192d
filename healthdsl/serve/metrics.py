"""Counts and times for Prometheus. Each service has a registry of its own."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from healthdsl.records.cells import printable
from healthdsl.serve.exchange import Exchange
from healthdsl.serve.library import Library
from healthdsl.serve.shelf import compiled_of, doubled

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_UNKNOWN = "other"


class Metrics:
    """What is counted. Labels come from the service and its rulesets, never from a request."""

    def __init__(self, library: Library) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "healthdsl_requests", "Requests answered.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "healthdsl_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._records = Counter(
            "healthdsl_records", "Records scored or explained.", ["route", "ruleset"], registry=self._registry
        )
        self.in_work = Gauge(
            "healthdsl_requests_in_work", "Requests being answered now.", registry=self._registry
        )
        self._registry.register(_OfLibrary(library))
        ProcessCollector(registry=self._registry)

    def count(self, exchange: Exchange) -> None:
        """Count a request that has ended."""
        route = exchange.route or _UNKNOWN
        status = "none" if exchange.status is None else str(exchange.status)
        self._requests.labels(exchange.method, route, status).inc()
        self._seconds.labels(route).observe(perf_counter() - exchange.began)
        if exchange.records and exchange.ruleset:
            self._records.labels(route, exchange.ruleset).inc(exchange.records)

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self._registry)


class _OfLibrary(Collector):
    """What is loaded, asked of the library at each scrape, so that nothing outlives its ruleset."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        shelf = self._library.shelf
        loaded = GaugeMetricFamily(
            "healthdsl_ruleset_loaded",
            "1 for each ruleset served.",
            labels=["ruleset", "version", "fingerprint"],
        )
        for file in (file for versions in shelf.rulesets.values() for file in versions):
            compiled = compiled_of(file)
            loaded.add_metric([compiled.name, compiled.version, compiled.fingerprint], 1)
        yield loaded
        broken = GaugeMetricFamily(
            "healthdsl_ruleset_file_broken",
            "1 for a file whose text is not served as it is now.",
            labels=["file"],
        )
        repeated = doubled(shelf)
        for file in shelf.files.values():
            is_broken = file.error is not None or file.name in repeated
            broken.add_metric([printable(file.name)], int(is_broken))
        yield broken
        yield GaugeMetricFamily(
            "healthdsl_folder_unreadable",
            "1 while the folder of rulesets cannot be read.",
            value=int(shelf.trouble is not None),
        )
        reloads = CounterMetricFamily(
            "healthdsl_reloads", "Readings of the folder that found a change.", labels=["outcome"]
        )
        for outcome, count in self._library.reloads.items():
            reloads.add_metric([outcome], count)
        yield reloads
