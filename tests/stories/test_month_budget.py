"""A month's budget of a workspace: new runs are refused in every way to ask, what has begun goes on; in both modes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.check import check
from bot.check_line import Line
from bot.playground import model as ms
from bot.playground.slack.workspace import BOT_USER, Message
from bot.research.words import month
from bot.slack.messages.controls import RETRY_ANGLE, ROOT_MENU
from bot.slack.messages.ephemeral import START_DM
from bot.slack.messages.modal import TOPIC
from tests.stories.test_forms import opened, shown
from tests.support.pages import page
from tests.support.prices import priced
from tests.support.serving import serving
from tests.support.story import Mode, Story, story

BUDGET: dict[str, Any] = {"month_budget": "0.12"}  # one plain run of four calls at 0.03
DAY = 86_400


def spent_for(moment: float) -> str:
    return f"This workspace has used its research budget for {month(moment)}. Your admin can raise it."


SPENT = spent_for(time.time())


async def refused(told: Story, topic: str = "coffee") -> bool:
    """Whether the command is answered with the budget's end."""
    assert (await told.slack.command(topic, told.channel.id)).acked
    return told.slack.answers[-1].text == SPENT


async def ended(told: Story, root: Message, state: str = " is done, ") -> str:
    """Wait until a run is kept as it ended; give its name."""
    await told.says(root, state)
    run_id = str((root.metadata or {})["event_payload"]["run_id"])
    await told.bot.desk.kept(run_id)
    return run_id


async def dollars(told: Story) -> float:
    """What the operator sees."""
    (line,) = [
        each
        for each in (await page(told.bot.port, "/metrics"))[1].splitlines()
        if each.startswith("research_month_dollars")
    ]
    return round(float(line.split()[-1]), 6)


async def until_spent(told: Story, wanted: float) -> None:
    """Wait until the operator sees that so much is spent."""
    while await dollars(told) < wanted:
        pass
    assert await dollars(told) == wanted


async def test_once_it_is_spent_every_way_to_ask_is_refused_privately(mode: Mode) -> None:
    """Nothing is posted and nothing paid; the month is named, so that nobody tries again tomorrow."""
    with priced("100"):
        async with story(mode, **BUDGET) as told:
            form = await opened(told)
            closed = told.slack.workspace.add("closed", kind="private", members=set())
            assert (await told.slack.command("milk", closed.id)).acked
            parked = await told.heard("I can't post in this channel")
            run_id = await ended(told, root := await told.research("tea"))
            assert await dollars(told) == 0.12
            assert await refused(told)
            await told.slack.say(told.channel.id, f"<@{BOT_USER}> coffee")
            await told.heard(SPENT, times=2)
            own = told.slack.workspace.direct("U0ASKER")
            await told.slack.say(own.id, "coffee")
            await told.slack.until(lambda: any(each.text == SPENT for each in told.slack.messages(own.id)))
            assert (await told.slack.submit(form, {TOPIC: "coffee"})).acked
            assert form.errors == {TOPIC: SPENT}
            await told.slack.close(form)
            assert (await told.slack.press(parked.payload, START_DM)).acked
            await told.heard(SPENT, times=3)
            assert (await told.slack.click(root, ROOT_MENU, option=f"again:{run_id}")).acked
            again = await shown(told, 2)
            assert (await told.slack.submit(again)).acked
            assert again.errors == {TOPIC: SPENT}
            assert len(told.model.requests) == 4
            assert len([each for each in told.slack.messages(told.channel.id) if each.part]) == 1
            assert 'research_refusals_total{limit="budget_month"} 6.0' in (await page(told.bot.port, "/metrics"))[1]


async def test_what_has_begun_goes_on_and_is_counted(mode: Mode) -> None:
    """A report with a hole helps nobody, and answers are small."""
    with priced("100"):
        async with story(mode, **BUDGET) as told:
            told.model.answer("angle/technical", "x", ms.REFUSED)
            gates = told.hold("historical")
            root = await told.research("tea")
            other = await told.research("milk")  # the budget is not spent yet
            gates["historical"].set()
            await ended(told, root, " is partly done: ")
            await ended(told, other, " is done, ")
            assert await refused(told)
            before = await dollars(told)
            told.model.answer("*")
            told.model.answer("follow-up/*", "The historical angle says: the leaf.")
            await told.click(root, RETRY_ANGLE)
            await ended(told, root, " is done, 3 of 3 angles.")
            assert await dollars(told) == round(before + 0.06, 6)  # the angle and the report
            await told.slack.say(told.channel.id, "Why?", thread_ts=root.ts)
            await until_spent(told, round(before + 0.09, 6))
            told.model.answer("follow-up/*", "NOT FOR ME")
            await told.slack.say(told.channel.id, "Ada, did you see this?", thread_ts=root.ts)
            await until_spent(told, round(before + 0.12, 6))  # to find that out is paid as well
            assert await refused(told)


async def test_runs_under_way_are_counted_as_far_as_they_are(mode: Mode) -> None:
    """Else ten long ones could be begun on the last cent."""
    with priced("100"):
        async with story(mode, month_budget="0.06") as told:
            gates = told.hold("historical")
            root = await told.research("tea")
            await until_spent(told, 0.06)
            assert await refused(told)
            gates["historical"].set()
            await ended(told, root)
            assert await dollars(told) == 0.12


async def test_a_restart_and_the_deletion_of_runs_free_nothing(mode: Mode) -> None:
    """The budget is of the month, not of the process, nor of what is still there to be read."""
    with priced("100"):
        async with story(mode, **BUDGET) as told:
            run_id = await ended(told, await told.research("tea"))
            await told.restart()
            assert await dollars(told) == 0.12
            assert await refused(told)
            await told.bot.runs.forget([run_id])
            assert await refused(told)
            told.settings = told.settings.model_copy(update={"month_budget": told.settings.month_budget * 2})
            await told.restart()
            assert not await refused(told)


async def test_with_the_next_month_there_is_a_new_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anybody doing anything. Over HTTP the signatures of another month would be refused."""
    real = time.time
    with priced("100"):
        async with story("socket", **BUDGET) as told:
            await ended(told, await told.research("tea"))
            assert await refused(told)
            monkeypatch.setattr(time, "time", lambda: real() + 31 * DAY)
            assert await dollars(told) == 0
            await ended(told, await told.research("coffee"))
            assert (await told.slack.command("milk", told.channel.id)).acked
            assert told.slack.answers[-1].text == spent_for(time.time()) != SPENT


@pytest.mark.parametrize(("budget", "holds"), [("0.12", False), ("0", True)])
async def test_a_budget_is_said_not_to_hold_where_the_price_is_not_known(mode: Mode, budget: str, holds: bool) -> None:
    """Whoever set it relies on it."""

    async def lines(told: Story) -> list[Line]:
        return [line async for line in check(told.settings) if line.name == "Budget"]

    async with story(mode, month_budget=budget) as told:
        told.model.answer("check", "ready")
        said = [
            Line(False, "Budget", f"MONTH_BUDGET does not hold: it is not known what local at {told.model.url} costs.")
        ]
        assert await lines(told) == ([] if holds else said)
        with priced("100"):
            assert await lines(told) == []
        for _ in range(2):
            await ended(told, await told.research("tea"))
        assert await dollars(told) == 0


async def test_a_start_says_that_a_budget_does_not_hold() -> None:
    """Nobody runs a check every month."""
    async with serving("socket", MONTH_BUDGET="1") as served:
        (line,) = [line for line in served.process.log if line["event"] == "budget.unheld"]
        assert (line["setting"], line["cause"]) == ("MONTH_BUDGET", "its price is not known")
