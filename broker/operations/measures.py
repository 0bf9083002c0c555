"""Figures for Prometheus: how many requests, how long they took, what waits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hmac import compare_digest

from flask import current_app, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from broker.copies import keeping
from broker.operations import state

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
REQUESTS = Counter("exchange_requests", "Requests answered", ["method", "endpoint", "status"])
TOOK = Histogram("exchange_request_seconds", "Time to answer", ["endpoint"], buckets=SECONDS)
ASKED = Counter("exchange_statements", "Statements that the database was asked", ["endpoint"])


def note(*, endpoint: str, status: int, seconds: float, statements: int) -> None:
    """Count one answered request."""
    REQUESTS.labels(request.method, endpoint, str(status)).inc()
    TOOK.labels(endpoint).observe(seconds)
    ASKED.labels(endpoint).inc(statements)


class Waiting(Collector):
    """What waits, asked of the database when the figures are read."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("exchange_jobs", "Jobs by state", labels=["state"])
        for name, count in state.jobs_by_state().items():
            jobs.add_metric([name], count)
        messages = GaugeMetricFamily("exchange_messages", "Messages by state", labels=["state"])
        for name, count in state.messages_by_state().items():
            messages.add_metric([name], count)
        yield from (jobs, messages)
        late = "Seconds since the longest waiting job became due"
        yield GaugeMetricFamily("exchange_job_wait_seconds", late, state.oldest_job_waits())
        if (age := keeping.age_of_newest()) is not None:
            old = "Seconds since the newest backup was made"
            yield GaugeMetricFamily("exchange_backup_age_seconds", old, age)


def printed() -> bytes:
    """All figures in Prometheus' text format, over all processes of this machine."""
    registry = CollectorRegistry()
    registry.register(Waiting())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for one in (REQUESTS, TOOK, ASKED):
            registry.register(one)
    return generate_latest(registry)


def may_read() -> bool:
    """With METRICS_TOKEN, who sends it; without, nobody in live use and anybody elsewhere."""
    settings = current_app.config["SETTINGS"]
    if not settings.metrics_token:
        return not settings.is_live
    sent = request.headers.get("Authorization", "").encode()
    return compare_digest(sent, f"Bearer {settings.metrics_token}".encode())
