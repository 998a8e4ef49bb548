"""Who people are, as far as Slack tells: asked once, in time, remembered for a while."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.service.access import Standing
from bot.slack.ports.directory import Directory, standing
from bot.slack.transport.client import Workspace
from bot.slack.transport.lookup import AGAIN_SECONDS, KEEPING_SECONDS, LOOK_SECONDS
from tests.support.virtual_time import in_virtual_time, now

OURS, GRID = {"team_id": "T1"}, {"enterprise_user": {"enterprise_id": "E1", "teams": ["T1", "T2"]}}


@pytest.mark.parametrize(
    ("told", "enterprise", "where"),
    [
        (OURS, "", Standing.MEMBER),
        (OURS | {"is_restricted": True}, "", Standing.GUEST),
        (OURS | {"is_restricted": True, "is_ultra_restricted": True}, "", Standing.GUEST),
        (OURS | {"is_restricted": False, "is_stranger": False}, "", Standing.MEMBER),
        ({"team_id": "T2", "is_stranger": True}, "", Standing.EXTERNAL),
        ({"team_id": "T2", "is_stranger": False}, "", Standing.EXTERNAL),
        ({"team_id": "T2", "is_restricted": True}, "", Standing.EXTERNAL),
        ({"team_id": "E2"}, "E1", Standing.EXTERNAL),
        ({"team_id": "T2"} | GRID, "E1", Standing.MEMBER),
        ({"team_id": "T2", "is_restricted": True} | GRID, "E1", Standing.GUEST),
        ({"team_id": "T2"} | GRID, "E2", Standing.EXTERNAL),
        ({"team_id": "T2"} | GRID, "", Standing.EXTERNAL),
        (GRID, "E1", Standing.MEMBER),
        (GRID, "E2", Standing.EXTERNAL),
        (GRID, "", Standing.EXTERNAL),
        ({}, "", Standing.MEMBER),
    ],
)
def test_a_team_that_is_neither_ours_nor_of_our_organization_is_external(
    told: dict[str, Any], enterprise: str, where: Standing
) -> None:
    """Slack calls only those strangers who are in no channel with us: all others of another company are not marked."""
    assert standing(told, "T1", enterprise) is where


@dataclass(frozen=True)
class Refusal:
    """An answer of Slack's with an error, and how long to wait if it wants a pause."""

    data: dict[str, str]
    headers: Mapping[str, str] = field(default_factory=lambda: {"Retry-After": "20"})


class Slack:
    """Tells of people once ``told`` is set, or refuses with a code; ``asked`` counts."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.told, self.refuses = asyncio.Event(), ""
        self.told.set()

    async def users_info(self, user: str) -> dict[str, Any]:
        self.asked[user] += 1
        await self.told.wait()
        if self.refuses:
            raise SlackApiError("no", Refusal({"error": self.refuses}))  # type: ignore[no-untyped-call]
        return {"user": {"is_restricted": True, "profile": {"display_name": "Ada"}}}


def made() -> tuple[Slack, Directory]:
    slack = Slack()
    return slack, Directory(Workspace(slack))  # type: ignore[arg-type]


@in_virtual_time
async def test_one_question_to_slack_tells_all_that_is_to_be_known_of_somebody() -> None:
    """Slack limits such calls; what somebody is called and where they belong comes with the same one."""
    slack, directory = made()
    async with directory:
        directory.expect("U1")
        where, name = await asyncio.gather(directory.standing("U1"), directory.name("U1"))
        assert (where, name) == (Standing.GUEST, "Ada")
        await asyncio.sleep(KEEPING_SECONDS - 1)
        await directory.standing("U1")
        assert slack.asked == {"U1": 1}
        await asyncio.sleep(1)
        await directory.standing("U1")
        assert slack.asked == {"U1": 2}


@in_virtual_time
async def test_who_waits_for_slack_waits_a_second_from_when_it_was_first_asked() -> None:
    """An acknowledgement waits for it; what comes too late is known to the next."""
    slack, directory = made()
    async with directory:
        slack.told.clear()
        directory.expect("U1")
        await asyncio.sleep(0.4)
        assert await directory.standing("U1") is Standing.UNKNOWN
        assert now() == LOOK_SECONDS
        assert await directory.standing("U1") is Standing.UNKNOWN
        assert now() == LOOK_SECONDS
        slack.told.set()
        await asyncio.sleep(0.1)
        assert await directory.standing("U1") is Standing.GUEST
        assert slack.asked == {"U1": 1}


@in_virtual_time
async def test_what_slack_does_not_tell_is_asked_for_again_after_a_minute() -> None:
    slack, directory = made()
    async with directory:
        slack.refuses = "missing_scope"
        for _ in range(2):
            assert await directory.standing("U1") is Standing.UNKNOWN
        assert slack.asked == {"U1": 1}
        slack.refuses = ""
        await asyncio.sleep(AGAIN_SECONDS)
        assert await directory.standing("U1") is Standing.GUEST


@in_virtual_time
async def test_a_slack_that_wants_a_pause_is_asked_about_nobody_meanwhile() -> None:
    """Three hundred people may come within a few seconds, and Slack tells of a hundred a minute."""
    slack, directory = made()
    async with directory:
        slack.refuses = "ratelimited"
        assert [await directory.standing(each) for each in ("U1", "U2")] == [Standing.UNKNOWN] * 2
        assert slack.asked == {"U1": 1}
        slack.refuses = ""
        await asyncio.sleep(20)
        assert await directory.standing("U3") is Standing.GUEST


@in_virtual_time
async def test_a_bot_that_ends_asks_nothing_more() -> None:
    slack, directory = made()
    async with directory:
        slack.told.clear()
        directory.expect("U1")
        await asyncio.sleep(0.1)
    assert asyncio.all_tasks() == {asyncio.current_task()}
