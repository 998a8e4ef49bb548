"""The alert rules rest on what the bot really shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from typing import Any

import promql_parser as promql
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.research.run_state import Phase
from tests.support.pages import page
from tests.support.processes import ROOT
from tests.support.story import story
from tests.support.web import web

FILE = ROOT / "docs" / "alerts.yml"
(GROUP,) = yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
RULES: list[dict[str, Any]] = GROUP["rules"]
OF_PROMETHEUS = {"up": {"job", "instance"}}  # what it notes of each scrape itself


def wanted(expression: str) -> list[tuple[str, set[str]]]:
    """Each metric that an expression reads with the labels that it chooses by; last, the labels that it groups by."""
    read: list[tuple[str, set[str]]] = []
    grouped: set[str] = set()

    def look(node: Any) -> None:
        if isinstance(node, promql.VectorSelector):
            read.append((str(node.name), {matcher.name for matcher in node.matchers.matchers}))
        elif isinstance(node, promql.AggregateExpr) and node.modifier:
            grouped.update(node.modifier.labels)

    promql.walk(promql.parse(expression), look)
    return [(name, labels | grouped) for name, labels in read]


async def shown() -> dict[str, set[str]]:
    """The metrics of a bot that has researched something, each with the labels that it has once it is scraped."""
    labels: dict[str, set[str]] = defaultdict(lambda: {"job", "instance"})
    async with web() as out, story("socket", **out.wanted) as told:
        await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        for family in text_string_to_metric_families((await page(told.bot.port, "/metrics"))[1]):
            for each in family.samples:
                labels[each.name] |= each.labels.keys()
    return labels


async def test_every_metric_and_label_of_every_alert_is_there() -> None:
    """An alert on a name that nobody shows never fires, and looks as if all were well."""
    there = await shown() | OF_PROMETHEUS
    for rule in RULES:
        for name, labels in wanted(rule["expr"]):
            assert name in there, rule["alert"]
            assert labels <= there[name], (rule["alert"], name)


def test_every_alert_is_about_the_job_that_the_file_names() -> None:
    """Other programs have processes too."""
    for rule in RULES:
        assert all("job" in labels for _, labels in wanted(rule["expr"])), rule["alert"]
        assert rule["expr"].count('job="research-bot"') == len(wanted(rule["expr"]))


def test_the_outcomes_that_alerts_name_are_outcomes() -> None:
    """A misspelt one would never be counted."""
    known = {*Phase, "found", "nothing"}
    for rule in RULES:
        for values in re.findall(r'outcome[=!~]+"([^"]+)"', rule["expr"]):
            assert set(values.split("|")) <= known, rule["alert"]


def test_every_alert_says_how_urgent_it_is_and_what_has_happened() -> None:
    """Whoever is woken reads this line first."""
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "warn", "info")
        assert rule["annotations"]["summary"]


def test_the_manual_says_of_every_alert_what_to_do() -> None:
    """At night nobody wants to read code."""
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^### (\w+)$", manual.partition("## Alarms")[2]) == [rule["alert"] for rule in RULES]


@pytest.mark.skipif(not shutil.which("promtool"), reason="Prometheus's own tool is not here")
def test_prometheus_takes_the_rules() -> None:
    """Its templates and durations are its own."""
    checked = subprocess.run(["promtool", "check", "rules", FILE], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
