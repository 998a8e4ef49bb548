"""What an operator sees of a whole story: its lines in the log, its numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any

from structlog.contextvars import bound_contextvars, get_contextvars, merge_contextvars
from structlog.testing import capture_logs

from bot.adapters.database import opened
from bot.playground import model as ms
from bot.playground.slack.workspace import PATIENCE, Message
from bot.slack.messages.controls import EXPORT_FILE, RETRY_ANGLE
from tests.support.pages import page
from tests.support.story import Mode, Story, story

OF_NO_RUN = ("bot", "socket", "slack", "model", "name", "place")  # what a line is about that need not name a run
NUMBERS = """
research_ready 1.0
research_runs_total{outcome="partial"} 1.0
research_runs_total{outcome="done"} 1.0
research_questions_total{verdict="answered"} 1.0
research_questions_total{verdict="declined"} 0.0
research_questions_total{verdict="failed"} 1.0
research_questions_total{verdict="ignored"} 1.0
research_refusals_total{limit="user"} 0.0
research_refusals_total{limit="workspace"} 0.0
research_refusals_total{limit="user_day"} 1.0
research_refusals_total{limit="workspace_day"} 0.0
research_refusals_total{limit="user_hour"} 1.0
research_refusals_total{limit="thread_day"} 0.0
research_store_failures_total 0.0
"""


def part(told: Story, root: Message, name: str) -> Message:
    return next(each for each in told.slack.thread(root) if each.part == name)


async def counted(told: Story, holds: Callable[[], object]) -> None:
    """Wait until the bot has counted something, which shows nowhere in Slack."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await page(told.bot.port, "/healthz")


async def asks(told: Story, root: Message, answer: str, verdict: str, *faults: ms.Fault) -> None:
    """Ask on in the thread and wait until that is over."""
    told.model.answer("follow-up/*", answer, *faults)
    before = told.bot.conversation.verdicts[verdict]
    await told.slack.say(told.channel.id, "What came first?", thread_ts=root.ts)
    await counted(told, lambda: told.bot.conversation.verdicts[verdict] > before)


async def happens(told: Story) -> Message:
    """A run with a gap, its retry, a run too many, three replies, a question too many, an export."""
    told.model.answer("angle/technical", "x", ms.REFUSED)
    root = await told.says(await told.research("tea"), "is partly done")
    told.model.answer("*")
    await told.click(part(told, root, "angle/technical"), RETRY_ANGLE)
    await told.says(root, "is done, 3 of 3 angles")
    assert (await told.slack.command("coffee", told.channel.id)).acked
    await asks(told, root, "The historical angle says: the leaf.", "answered")
    await asks(told, root, "NOT FOR ME", "ignored")
    await asks(told, root, "x", "failed", ms.REFUSED)
    await told.slack.say(told.channel.id, "And then?", thread_ts=root.ts)
    await counted(told, lambda: told.bot.conversation.refusals["user_hour"])
    await told.click(part(told, root, "report"), EXPORT_FILE)
    await told.slack.until(lambda: told.slack.uploads and told.slack.uploads[0].shared)
    return root


async def test_every_line_about_a_run_names_it_and_its_place_and_the_numbers_tell_what_came_of_it(mode: Mode) -> None:
    """Whoever is woken at night looks for one run among hundreds, and for what is refused more than usual."""
    with capture_logs(processors=[merge_contextvars]) as lines:
        async with story(mode, runs_per_user_day=2, questions_per_user_hour=2) as told:
            root = await happens(told)
            shown = (await page(told.bot.port, "/metrics"))[1].splitlines()
            assert [line for line in NUMBERS.split("\n") if line and line not in shown] == []
            assert f"research_sockets_open {2.0 if mode == 'socket' else 0.0}" in shown
            assert root.metadata
            place = {"run": root.metadata["event_payload"]["run_id"], "channel": told.channel.id}
            place["team"] = told.bot.workspace.team
    started = ("search.chosen",)
    about = [
        each for each in lines if each["event"].partition(".")[0] not in OF_NO_RUN and each["event"] not in started
    ]
    assert {"run.started", "run.ended", "question.answered", "export.ended", "call.failed"} <= events(about)
    assert [line for line in about if {name: line.get(name) for name in place} != place] == []


def events(lines: list[MutableMapping[str, Any]]) -> set[str]:
    return {line["event"] for line in lines}


async def test_what_is_logged_while_the_database_works_names_the_run_too(sqlite_url: str) -> None:
    """It works in threads of its own."""
    async with opened(sqlite_url) as database:
        with bound_contextvars(run="r_1", team="T1", channel="C1"):
            assert await database.run(lambda connection: get_contextvars()) == get_contextvars() != {}
