"""What an operator watches adds up."""

from __future__ import annotations

import asyncio

from prometheus_client.parser import text_string_to_metric_families

from bot.adapters.metrics_prometheus import Metrics
from bot.research.angles import HISTORICAL
from bot.research.model import OWN_ANGLE, Angle, Checks, Finding, Report, Usage
from bot.research.run_state import Phase, Run
from tests.support.fakes import question
from tests.support.virtual_time import hold_up, in_virtual_time


def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    """A number as a collector reads it from the page; None if it is not there."""
    for family in text_string_to_metric_families(metrics.page().decode()):
        for each in family.samples:
            if each.name == f"research_{name}" and labels.items() <= each.labels.items():
                return each.value
    return None


def ended(phase: Phase, seconds: float) -> Run:
    run = Run.of(question()).with_branch("historical", result=Finding(angle=HISTORICAL, text="x", seconds=7))
    return run.model_copy(update={"phase": phase, "seconds": seconds})


def test_runs_are_counted_by_their_outcome_with_their_seconds() -> None:
    """An alarm on failures needs to know how many went well."""
    metrics = Metrics()
    for phase, seconds in ((Phase.DONE, 20), (Phase.DONE, 30), (Phase.FAILED, 4)):
        metrics.run_ended(ended(phase, seconds))
    assert sample(metrics, "runs_total", outcome="done") == 2
    assert sample(metrics, "runs_total", outcome="failed") == 1
    assert sample(metrics, "run_seconds_sum") == 54
    assert sample(metrics, "run_seconds_bucket", le="20.0") == 2
    assert sample(metrics, "angle_seconds_count", angle="historical") == 3


def test_what_an_alarm_waits_for_is_counted_from_nothing_on() -> None:
    """Prometheus sees growth alone: a counter that appeared with the first failure would hide it."""
    ends = {phase: sample(Metrics(), "runs_total", outcome=phase) for phase in Phase}
    assert [phase for phase, runs in ends.items() if runs is None] == [Phase.STARTING, Phase.WORKING, Phase.WRITING]
    assert {sample(Metrics(), "feedback_total", verdict=verdict) for verdict in ("up", "down")} == {0}


def test_the_statements_of_reports_are_counted_by_whether_their_sources_hold_them() -> None:
    """A share that falls says that the model invents, or that nobody reads what it cites."""
    metrics = Metrics()
    for checks in (Checks(statements=15, checked=14), None):
        run = ended(Phase.DONE, 20).model_copy(update={"report": Report(summary="", sections=(), checks=checks)})
        metrics.run_ended(run)
    assert sample(metrics, "statements_total", outcome="checked") == 14
    assert sample(metrics, "statements_total", outcome="unverified") == 1


def test_searches_and_pages_are_counted_by_what_came_of_them() -> None:
    """Reports without sources have their cause here."""
    metrics = Metrics()
    metrics.searched("wikipedia", "found", 0.4)
    metrics.searched("wikipedia", "search_rate", 0.1)
    metrics.page_read("read", 0.5)
    metrics.page_read("page_late", 5)
    assert sample(metrics, "searches_total", provider="wikipedia", outcome="search_rate") == 1
    assert sample(metrics, "search_seconds_sum") == 0.5
    assert sample(metrics, "pages_total", outcome="page_late") == 1
    assert sample(metrics, "page_seconds_count") == 2


def test_every_attempt_at_a_model_call_counts_with_what_it_used() -> None:
    """The provider charges for failed attempts too."""
    metrics = Metrics()
    metrics.model_attempted("ok", Usage(calls=1, input_tokens=100, output_tokens=200), 1.5)
    metrics.model_attempted("empty_or_cut", Usage(calls=1, input_tokens=100), 0.5)
    assert sample(metrics, "model_calls_total", outcome="ok") == 1
    assert sample(metrics, "model_calls_total", outcome="empty_or_cut") == 1
    assert sample(metrics, "model_call_seconds_sum") == 2
    assert (sample(metrics, "tokens_total", direction="in"), sample(metrics, "tokens_total", direction="out")) == (
        200,
        200,
    )


def test_calls_to_slack_are_counted_by_method_and_answer() -> None:
    """A scope that is missing shows here first."""
    metrics = Metrics()
    metrics.slack_called("chat.update", "ok")
    metrics.slack_called("chat.update", "ratelimited")
    assert sample(metrics, "slack_calls_total", method="chat.update", outcome="ratelimited") == 1


def test_a_gauge_is_read_when_somebody_looks() -> None:
    """A number from the last change would be that of another moment."""
    metrics, flying = Metrics(), [1]
    metrics.gauge("runs_in_flight", "Runs", lambda: flying[0])
    assert sample(metrics, "runs_in_flight") == 1
    flying[0] = 3
    assert sample(metrics, "runs_in_flight") == 3


def test_gauges_of_a_label_show_each_of_its_values() -> None:
    """One that is at nought now was not always, and a curve must not break off there."""
    metrics = Metrics()
    metrics.gauges("model_calls_queued", "Calls", "rank", lambda: {"angle": 3, "section": 0})
    assert sample(metrics, "model_calls_queued", rank="angle") == 3
    assert sample(metrics, "model_calls_queued", rank="section") == 0
    assert b"# TYPE research_model_calls_queued gauge" in metrics.page()


def test_two_bots_in_one_process_count_apart() -> None:
    """Else each would show the other's runs."""
    one, other = Metrics(), Metrics()
    one.run_ended(ended(Phase.DONE, 1))
    assert sample(other, "runs_total", outcome="done") == 0


@in_virtual_time
async def test_a_late_event_loop_is_seen() -> None:
    """Whatever holds the loop up delays every ack: nobody finds it without a number."""
    metrics = Metrics()
    async with metrics.watching_the_loop():
        await asyncio.sleep(1.1)
        hold_up(0.3)
        await asyncio.sleep(0.5)
    assert sample(metrics, "loop_lag_seconds_count") == 8
    assert sample(metrics, "loop_lag_seconds_bucket", le="0.1") == 7


def test_what_people_call_their_own_angles_is_not_published() -> None:
    """The page has no password, and a label that anybody may invent has no end."""
    metrics = Metrics()
    angle = Angle(slug="layoffs", title="Layoffs", section="Layoffs", prompt=OWN_ANGLE)
    run = Run.of(question(angles=(angle,))).with_branch("layoffs", result=Finding(angle=angle, text="x", seconds=7))
    metrics.run_ended(run)
    assert sample(metrics, "angle_seconds_count", angle="own") == 1
    assert b"layoffs" not in metrics.page()
