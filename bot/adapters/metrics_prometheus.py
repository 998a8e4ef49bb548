"""What an operator watches, counted for Prometheus."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bot import __version__
from bot.research.model import OWN_ANGLE, Usage
from bot.research.run_state import Phase, Run

LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1)  # seconds: what people do not notice, then what they do
OWN = "own"  # all angles that askers named
ENDS = tuple(Phase)[3:]
VERDICTS = ("up", "down")
CHECKED = ("checked", "unverified")
LAG_EVERY = 0.2  # seconds between looks
SECONDS = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 240, 360, 600)  # a call may take 90, a run 360

Numbers = Callable[[], Mapping[str, int]]  # by the values of a label
Family = type[CounterMetricFamily] | type[GaugeMetricFamily]


class Metrics:
    """Counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        build = Info("research_build", "Version of the bot and of Python", registry=self.registry)
        build.info({"version": __version__, "python": platform.python_version()})
        self._process = Info("research_process", "What this process is called on its database", registry=self.registry)
        self._runs = self._counter("runs", "Runs that ended", "outcome")
        self._run_seconds = self._histogram("run_seconds", "Seconds of a run")
        self._angle_seconds = self._histogram("angle_seconds", "Seconds of an angle", "angle")
        self._model_calls = self._counter("model_calls", "Model calls, repeated ones too", "outcome")
        self._model_seconds = self._histogram("model_call_seconds", "Seconds of a model call")
        self._tokens = self._counter("tokens", "Tokens in and out", "direction")
        self._outbox_seconds = self._histogram("outbox_wait_seconds", "Seconds until a message left", "rank")
        self._feedback = self._counter("feedback", "Clicks on Useful and Not useful", "verdict")
        self._searches = self._counter("searches", "Searches, repeated ones too", "provider", "outcome")
        self._search_seconds = self._histogram("search_seconds", "Seconds of a search")
        self._statements = self._counter(
            "statements", "Statements of reports with sources, by what came of them", "outcome"
        )
        self._pages = self._counter("pages", "Pages that were to be read", "outcome")
        self._page_seconds = self._histogram("page_seconds", "Seconds until a page was read, or was not")
        self._slack_calls = self._counter("slack_calls", "Calls to Slack's Web API", "method", "outcome")
        # A counter that appears with its first event looks as if nothing had happened: Prometheus sees only growth.
        for counter, values in ((self._runs, ENDS), (self._feedback, VERDICTS), (self._statements, CHECKED)):
            for value in values:
                counter.labels(value)

    def named(self, process: str) -> None:
        """Show what this process is called."""
        self._process.info({"name": process})

    def _counter(self, name: str, described: str, *labels: str) -> Counter:
        return Counter(f"research_{name}", described, labels, registry=self.registry)

    def _histogram(self, name: str, described: str, *labels: str) -> Histogram:
        return Histogram(f"research_{name}", described, labels, registry=self.registry, buckets=SECONDS)

    def gauge(self, name: str, described: str, value: Callable[[], float]) -> None:
        """Show a number that is read when somebody looks."""
        Gauge(f"research_{name}", described, registry=self.registry).set_function(value)

    def gauges(self, name: str, described: str, label: str, numbers: Numbers) -> None:
        """The same of several, by the values of a label."""
        self.registry.register(_Numbers(GaugeMetricFamily, f"research_{name}", described, label, numbers))

    def tally(self, name: str, described: str, label: str, numbers: Numbers) -> None:
        """Show what is counted elsewhere, by the values of a label or without one, when somebody looks."""
        self.registry.register(_Numbers(CounterMetricFamily, f"research_{name}", described, label, numbers))

    def run_ended(self, run: Run) -> None:
        """Count a run by its outcome, with its seconds, those of its angles, and what was checked of its report."""
        self._runs.labels(run.phase).inc()
        self._run_seconds.observe(run.seconds)
        for finding in run.findings:
            # What people call their own angles is none of this page's business, and has no end.
            name = OWN if finding.angle.prompt == OWN_ANGLE else finding.angle.slug
            self._angle_seconds.labels(name).observe(finding.seconds)
        if run.standing and (checks := run.standing.checks):
            for outcome, count in zip(CHECKED, (checks.checked, checks.statements - checks.checked), strict=True):
                self._statements.labels(outcome).inc(count)

    def model_attempted(self, outcome: str, usage: Usage, seconds: float) -> None:
        """Count one attempt at a model call; the outcome is "ok" or the cause of its failure."""
        self._model_calls.labels(outcome).inc()
        self._model_seconds.observe(seconds)
        self.tokens_used(usage)

    def tokens_used(self, usage: Usage) -> None:
        """Count tokens, also of a search that a model makes."""
        self._tokens.labels("in").inc(usage.input_tokens)
        self._tokens.labels("out").inc(usage.output_tokens)

    def searched(self, provider: str, outcome: str, seconds: float) -> None:
        """Count one search; the outcome is "found", "nothing" or the cause of its failure."""
        self._searches.labels(provider, outcome).inc()
        self._search_seconds.observe(seconds)

    def page_read(self, outcome: str, seconds: float) -> None:
        """Count one page; the outcome is "read", "cached" or why it was not read."""
        self._pages.labels(outcome).inc()
        self._page_seconds.observe(seconds)

    def feedback_given(self, verdict: str) -> None:
        """Count a click on Useful ("up") or Not useful ("down")."""
        self._feedback.labels(verdict).inc()

    def slack_called(self, method: str, outcome: str) -> None:
        """Count one call to Slack; the outcome is "ok" or Slack's code."""
        self._slack_calls.labels(method, outcome).inc()

    def message_waited(self, rank: str, seconds: float) -> None:
        """Note how long a message waited before it left for Slack."""
        self._outbox_seconds.labels(rank).observe(seconds)

    @asynccontextmanager
    async def watching_the_loop(self) -> AsyncIterator[None]:
        """Note all the time how late the event loop is: everything else waits for it as long."""
        lag = Histogram("research_loop_lag_seconds", "Delay of the event loop", registry=self.registry, buckets=LAGS)

        async def watch() -> None:
            loop = asyncio.get_running_loop()
            while True:
                due = loop.time() + LAG_EVERY
                await asyncio.sleep(LAG_EVERY)
                lag.observe(loop.time() - due)

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            watching.cancel()

    def page(self) -> bytes:
        """The numbers in Prometheus' text format."""
        return generate_latest(self.registry)


class _Numbers(Collector):
    """Numbers that are kept elsewhere."""

    def __init__(self, family: Family, name: str, described: str, label: str, numbers: Numbers) -> None:
        self._family, self._name, self._described = family, name, described
        self._label, self._numbers = label, numbers

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """What the page shows."""
        shown = self._family(self._name, self._described, labels=[self._label] if self._label else [])
        for value, number in self._numbers().items():
            shown.add_metric([value] if self._label else [], number)
        yield shown
