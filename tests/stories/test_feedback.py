"""Feedback on a report: two buttons and a form; in both modes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.adapters.tables import FEEDBACK as ROWS
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import FEEDBACK
from tests.support.story import Mode, Story, story

THANKS = "Noted, thank you."
REASON, COMMENT = "research.feedback.reason", "research.feedback.comment"


async def reported(told: Story) -> Message:
    """The report of a run that has ended."""
    root = await told.says(await told.research("tea"), "is done")
    return told.slack.thread(root)[-1]


async def press(told: Story, report: Message, verdict: str, user: str = "U0ASKER") -> None:
    run = report.metadata["event_payload"]["run_id"] if report.metadata else ""
    assert (await told.slack.click(report, FEEDBACK, user, option=f"{verdict}:{run}")).acked


async def opened(told: Story, count: int = 1) -> View:
    """The newest form."""
    await told.slack.until(lambda: len(told.slack.views.modals) == count)
    return told.slack.views.modals[-1]


async def kept(told: Story) -> list[tuple[Any, ...]]:
    """Who thinks what, by person."""
    columns = (ROWS.c.user, ROWS.c.verdict, ROWS.c.reasons, ROWS.c.comment)
    query = sa.select(*columns).order_by(ROWS.c.user)
    return await told.bot.database.run(lambda connection: [tuple(row) for row in connection.execute(query)])


def counted(told: Story, verdict: str) -> float | None:
    return told.bot.metrics.registry.get_sample_value("research_feedback_total", {"verdict": verdict})


async def test_useful_is_kept_counted_and_thanked_for_privately(mode: Mode) -> None:
    """Nobody else is to see what somebody thinks."""
    async with story(mode) as told:
        report = await reported(told)
        before = len(told.slack.thread(told.slack.messages(told.channel.id)[0]))
        await press(told, report, "up", "U0OTHER")
        await told.heard(THANKS, "U0OTHER")
        assert await kept(told) == [("U0OTHER", "up", "[]", "")]
        assert (counted(told, "up"), counted(told, "down")) == (1, 0)
        assert len(told.slack.thread(told.slack.messages(told.channel.id)[0])) == before
        assert len(report.versions) == 1


async def test_not_useful_asks_why_and_keeps_the_answer(mode: Mode) -> None:
    """A thumb alone tells nobody what to mend."""
    async with story(mode) as told:
        report = await reported(told)
        await press(told, report, "down")
        form = await opened(told)
        assert form.shown["title"]["text"] == "What was wrong?"
        assert (await told.slack.submit(form, {REASON: ["wrong", "style"], COMMENT: "Too <long> & 茶"})).acked
        assert not form.is_open
        assert await kept(told) == [("U0ASKER", "down", '["wrong", "style"]', "Too <long> & 茶")]
        assert counted(told, "down") == 1
    assert [answer.text for answer in told.slack.answers[1:]] == []


async def test_whoever_skips_the_form_is_counted_all_the_same(mode: Mode) -> None:
    """All of it may be left out."""
    async with story(mode) as told:
        report = await reported(told)
        await press(told, report, "down")
        await told.slack.close(await opened(told))
        assert await kept(told) == [("U0ASKER", "down", "[]", "")]
        await press(told, report, "down", "U0OTHER")
        assert (await told.slack.submit(await opened(told, 2))).acked
        assert ("U0OTHER", "down", "[]", "") in await kept(told)


async def test_the_last_click_of_each_person_counts(mode: Mode) -> None:
    """The buttons toggle, and Slack tells of every press."""
    async with story(mode) as told:
        report = await reported(told)
        await press(told, report, "down")
        assert (await told.slack.submit(await opened(told), {COMMENT: "no"})).acked
        await press(told, report, "up")
        await told.heard(THANKS)
        await press(told, report, "up", "U0OTHER")
        await told.heard(THANKS, "U0OTHER")
        await press(told, report, "up", "U0OTHER")
        await told.heard(THANKS, "U0OTHER", times=2)
        assert await kept(told) == [("U0ASKER", "up", "[]", ""), ("U0OTHER", "up", "[]", "")]


async def test_a_form_that_comes_too_late_for_slack_is_told(mode: Mode) -> None:
    """A button that does nothing at all looks broken."""
    async with story(mode) as told:
        report = await reported(told)
        told.slack.fault("views.open", error="expired_trigger_id")
        await press(told, report, "down")
        await told.heard("That took too long and Slack closed the request. Press the button again.")
        assert await kept(told) == [("U0ASKER", "down", "[]", "")]


async def test_feedback_on_a_forgotten_run_keeps_nothing(mode: Mode) -> None:
    """What was deleted stays deleted."""
    async with story(mode) as told:
        report = await reported(told)
        run = report.metadata["event_payload"]["run_id"] if report.metadata else ""
        await press(told, report, "up")
        await told.heard(THANKS)
        assert await told.bot.desk.kept(run)
        await told.bot.runs.forget([run])
        assert await kept(told) == []
        await press(told, report, "up", "U0OTHER")
        await told.heard("This run's data has been deleted. Start a new run.", "U0OTHER")
        assert await kept(told) == []
        assert counted(told, "up") == 1


async def test_the_buttons_work_after_the_bot_was_restarted(mode: Mode) -> None:
    """An open form, too, is kept when it is sent to a new process."""
    async with story(mode) as told:
        report = await reported(told)
        await press(told, report, "down")
        form = await opened(told)
        await told.restart()
        assert (await told.slack.submit(form, {COMMENT: "late"})).acked
        await press(told, report, "up", "U0OTHER")
        await told.heard(THANKS, "U0OTHER")
        assert await kept(told) == [("U0ASKER", "down", "[]", "late"), ("U0OTHER", "up", "[]", "")]
