"""What a run may use: calls, tokens, dollars; what is there once they are used is reported; in both modes of Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from bot.check import check
from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.research.words.en import NBSP
from bot.slack.messages.controls import RETRY_ANGLE
from tests.stories.test_retry import reply
from tests.support.crashes import Crashing, crashing
from tests.support.prices import priced
from tests.support.story import Mode, Story, story

COVERS = "The report covers what was found until then."


@pytest.fixture
def prices() -> Iterator[None]:
    """A million tokens cost a hundred dollars."""
    with priced("100"):
        yield


def asked(told: Story) -> list[str]:
    return [call.step for call in told.model.requests]


async def reached(told: Story, what: str) -> Message:
    """A run whose root says that it has reached this limit."""
    root = await told.says(await told.research("tea"), "Limit reached:")
    assert f"Research on tea. Limit reached: this run may use at most {what}. {COVERS}" in root.text.replace(NBSP, " ")
    return root


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize(
    ("limit", "what", "begun"),
    [
        ({"max_run_calls": 3}, "3 model calls", 2),
        ({"max_run_tokens": 24_500}, "24,500 tokens", 1),
        ({"max_run_price": Decimal("2.45")}, "$2.45", 1),
    ],
)
async def test_a_run_that_reaches_a_limit_reports_what_it_has_and_says_what_is_missing(
    mode: Mode, limit: dict[str, Any], what: str, begun: int
) -> None:
    """A price that nobody is surprised by, and a report all the same."""
    async with story(mode, **limit) as told:
        told.model.answer("angle/*", ms.default_text, *[ms.UNMETERED] * 3)  # counts with the most that it can have used
        root = await reached(told, what)
        steps = ["angle/historical", "angle/technical", "angle/societal"]
        assert sorted(asked(told)) == sorted([*steps[:begun], "report"])
        gap = reply(told, root, "angle/societal").text.replace(NBSP, " ")
        assert (
            f"The run reached its limit of {what}. If there is a report, it will say that this one is missing." in gap
        )
        report = reply(told, root, "report").text
        assert "As found: The historical view begins here." in report
        assert "missing" in report
        assert RETRY_ANGLE in str(reply(told, root, "angle/societal").blocks)


async def test_a_report_in_sections_has_the_section_of_every_angle_that_began(mode: Mode) -> None:
    """A section is kept room for as the synthesis is."""
    async with story(mode, report="sections", max_run_calls=5) as told:
        root = await reached(told, "5 model calls")
        assert sorted(asked(told)) == [
            "angle/historical", "angle/technical", "report/historical", "report/synthesis", "report/technical",
        ]  # fmt: skip
        assert "In short: The technical view begins here." in reply(told, root, "report").text


async def test_a_retried_angle_has_the_budget_of_a_run_to_itself(mode: Mode) -> None:
    """Who presses the button wants what is missing."""
    async with story(mode, max_run_calls=3) as told:
        root = await reached(told, "3 model calls")
        told.model.requests.clear()
        await told.click(reply(told, root, "angle/societal"), RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        assert asked(told) == ["angle/societal", "report"]


async def test_a_failed_call_is_not_repeated_where_only_the_report_is_left(mode: Mode) -> None:
    """The report must not be what pays for it."""
    async with story(mode, max_run_calls=4) as told:
        told.model.answer("angle/technical", "", *[ms.Fault(status=503, headers={"Retry-After": "0"})] * 9)
        root = await told.says(await told.research("tea"), "is partly done")
        assert sorted(asked(told)) == ["angle/historical", "angle/societal", "angle/technical", "report"]
        assert "(tried once)" in reply(told, root, "angle/technical").text


@pytest.mark.usefixtures("prices")
async def test_a_run_for_which_nothing_is_enough_asks_no_model_and_says_why(mode: Mode) -> None:
    """Part of a run costs money and brings nothing."""
    async with story(mode, max_run_price=Decimal("0.05")) as told:
        root = await told.says(await told.research("tea"), "Failed:")
        assert "Failed: this run may use at most $0.05, and no angle was ready within that." in root.text
        assert "What you can do: ask your admin to raise what a run may use, then try again." in root.text
        assert asked(told) == []


async def test_a_limit_in_dollars_is_said_not_to_hold_where_the_price_is_not_known() -> None:
    """Whoever set it relies on it; that in calls holds all the same."""
    async with story("socket", max_run_price=Decimal("0.05"), max_run_calls=3) as told:
        told.model.answer("check", "ready")
        (line,) = [line async for line in check(told.settings) if line.name == "Budget"]
        assert line.told.startswith("MAX_RUN_PRICE does not hold: it is not known what local at")
        await reached(told, "3 model calls")


async def test_a_deep_run_that_may_not_split_its_angles_says_so(mode: Mode) -> None:
    """Who asked for depth must not take a plain report for it."""
    async with story(mode, max_run_calls=6) as told:
        root = await told.says(await told.research("tea --deep"), "Limit reached:")
        why = "this run may use at most 6 model calls"
        assert f"{why}. No angle was split into questions." in root.text.replace(NBSP, " ")
        report = reply(told, root, "report")
        assert f"No angle was split into questions: {why}." in report.text.replace(NBSP, " ")
        assert sorted(asked(told)) == ["angle/historical", "angle/societal", "angle/technical", "report"]
        notes = str(reply(told, root, "angle/societal").blocks[-1]).replace(NBSP, " ").replace("\\xa0", " ")
        assert "not split into questions: the run reached its limit of 6 model calls" in notes


async def test_a_crash_does_not_renew_what_a_run_may_use(sqlite_url: str, mode: Mode) -> None:
    """A bot that is started over and over must not pay over and over."""

    async def owes(told: Crashing) -> None:
        """Two angles stand, the first of them after a repeat; the third one is owed."""
        told.model.answer("angle/historical", ms.default_text, busy)
        told.model.answer("angle/societal", gate=asyncio.Event())
        await told.ask()
        await told.model.until(lambda: len(told.model.asked("angle/societal")) == 1)
        await told.slack.until(lambda: sum(len(told.slack.thread(root)) for root in told.roots("tea")) == 2)

    busy = ms.Fault(status=503, headers={"Retry-After": "0"})
    async with crashing(sqlite_url, mode, REPORT="whole", MAX_RUN_CALLS="5") as told:
        await owes(told)
        await told.kill()
        told.model.requests.clear()
        told.model.answer("angle/societal", ms.default_text, busy)
        await told.start()
        root = await told.ended()
        assert [call.step for call in told.model.requests] == ["angle/societal", "report"]
        (gap,) = [each for each in told.slack.thread(root) if each.part == "angle/societal"]
        assert "(tried once)" in gap.text


async def test_a_deep_run_asks_as_many_questions_as_leave_calls_for_what_is_made_of_their_answers(mode: Mode) -> None:
    """Answers that nobody puts together were paid for nothing."""
    async with story(mode, max_run_calls=14) as told:  # with all nine questions it takes 16
        root = await told.says(await told.research("tea --deep"), "Limit reached:")
        assert "this run may use at most 14 model calls." in root.text.replace(NBSP, " ")
        assert len(asked(told)) == 14
        assert {"angle/historical", "angle/technical", "angle/societal", "report"} <= set(asked(told))
        report = reply(told, root, "report").text
        for slug in ("historical", "technical", "societal"):
            assert f"As found: The {slug} view begins here." in report
