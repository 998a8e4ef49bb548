"""The sign that an answer is being written: there while it is, gone when it stands, and never in the way."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from bot.research.words import LOOKING
from bot.slack.ports.status import REFUSED_SECONDS, RENEWAL_SECONDS, ThreadStatus
from tests.support.virtual_time import in_virtual_time, now

LIMIT = 120  # seconds after which Slack takes a status away
PLACE = ("C1", "1.0")


class Slack:
    """Shows statuses as Slack does; each call takes ``takes`` seconds to arrive and is refused with ``refuses``."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, str]] = []
        self.takes = 0.0
        self.refuses: Exception | None = None
        self._shown, self._until = "", 0.0

    async def assistant_threads_setStatus(self, channel_id: str, thread_ts: str, status: str) -> None:  # noqa: N802
        self.calls.append((now(), status))
        await asyncio.sleep(self.takes)
        if self.refuses:
            raise self.refuses
        self._shown, self._until = status, now() + LIMIT

    def post(self, signs: ThreadStatus) -> None:
        """A message of ours arrives in the thread; the bot is told that it did."""
        self._shown = ""
        asyncio.get_running_loop().call_soon(signs.posted, *PLACE)

    @property
    def shows(self) -> bool:
        return bool(self._shown) and now() < self._until


def refusal(code: str, status: int = 200, **headers: str) -> SlackApiError:
    response = SimpleNamespace(data={"ok": False, "error": code}, status_code=status, headers=headers)
    return SlackApiError(code, response)  # type: ignore[no-untyped-call]


def made() -> tuple[Slack, ThreadStatus]:
    slack = Slack()
    return slack, ThreadStatus(slack)  # type: ignore[arg-type]


@in_virtual_time
async def test_a_sign_stands_as_long_as_the_answer_takes_and_goes_with_it() -> None:
    """People see at once that somebody is at it, for minutes if need be; the answer itself takes the sign away."""
    slack, signs = made()
    async with signs:
        with signs.answering(*PLACE, "2.0"):
            for _ in range(30):
                await asyncio.sleep(10)
                assert slack.shows
            signs.answered(*PLACE, "2.0")
            slack.post(signs)
            await asyncio.sleep(1)
            assert not slack.shows
        await asyncio.sleep(200)
    assert slack.calls == [(number * RENEWAL_SECONDS, LOOKING) for number in range(4)]


@in_virtual_time
async def test_a_message_of_ours_in_between_does_not_take_it_away_for_long() -> None:
    """An angle that is retried lands in the same thread."""
    slack, signs = made()
    async with signs:
        with signs.answering(*PLACE, "2.0"):
            await asyncio.sleep(5)
            slack.post(signs)
            await asyncio.sleep(1)
            assert slack.shows
            signs.posted("C1", "9.9")  # another thread's
        await asyncio.sleep(1)
    assert [status for _, status in slack.calls] == [LOOKING, LOOKING, ""]


@in_virtual_time
async def test_a_reply_that_gets_no_answer_leaves_no_sign() -> None:
    """It was not for the bot, or its answer replaced an earlier one."""
    slack, signs = made()
    async with signs:
        with signs.answering(*PLACE, "2.0"):
            await asyncio.sleep(5)
        await asyncio.sleep(1)
        assert not slack.shows
    assert slack.calls == [(0, LOOKING), (5, "")]


@pytest.mark.parametrize(
    ("error", "elsewhere", "later"),
    [
        (refusal("unknown_method"), 0, 1),
        (refusal("missing_scope"), 0, 1),
        (refusal("feature_not_enabled"), 0, 1),
        (refusal("not_allowed_token_type"), 0, 1),
        (refusal("access_denied"), 0, 1),
        (refusal("method_not_supported_for_channel_type"), 1, 1),
        (refusal("channel_not_found"), 1, 1),
        (refusal("not_in_channel"), 1, 1),
        (refusal("ratelimited", 429, **{"Retry-After": "30"}), 0, 1),
        (refusal("internal_error", 500), 1, 1),
        (TimeoutError(), 1, 1),
        (aiohttp.ClientConnectionError(), 1, 1),
    ],
)
def test_what_slack_refuses_is_not_asked_for_again_soon(error: Exception, elsewhere: int, later: int) -> None:
    """Some workspaces have no such sign: their questions are answered all the same."""

    @in_virtual_time
    async def story() -> None:
        slack, signs = made()
        slack.refuses = error
        async with signs:
            for place in (PLACE, ("C2", "1.0")):
                with signs.answering(*place, "2.0"):
                    await asyncio.sleep(1)
            assert sum(status == LOOKING for _, status in slack.calls) == 1 + elsewhere
            await asyncio.sleep(REFUSED_SECONDS)
            slack.refuses = None
            with signs.answering(*PLACE, "3.0"):
                await asyncio.sleep(1)
                assert slack.shows
            await asyncio.sleep(1)
            assert not slack.shows

    story()


@in_virtual_time
async def test_a_slack_that_does_not_answer_keeps_no_answer_waiting() -> None:
    """It is a courtesy, and nobody waits for it."""
    slack, signs = made()
    slack.takes = 1_000
    async with signs:
        with signs.answering(*PLACE, "2.0"):
            await asyncio.sleep(0)
            signs.answered(*PLACE, "2.0")
        assert now() == 0
        assert len(slack.calls) <= 1


steps = st.lists(
    st.tuples(st.sampled_from(["answer", "ignore", "edit"]), st.sampled_from([0.0, 0.5, 3.0, 100.0])),
    min_size=1,
    max_size=5,
)


@given(steps, st.sampled_from([0.0, 0.5, 2.0]), st.integers(0, 3))
def test_no_sign_is_left_when_nobody_is_answered_any_more(
    answers: list[tuple[str, float]], takes: float, posts: int
) -> None:
    """Whatever crosses on its way to Slack."""

    @in_virtual_time
    async def story() -> None:
        slack, signs = made()
        slack.takes = takes
        async with signs:
            for number, (how, seconds) in enumerate(answers):
                with signs.answering(*PLACE, f"{number}.0"):
                    await asyncio.sleep(seconds)
                    for _ in range(posts if number == 1 else 0):
                        slack.post(signs)
                        await asyncio.sleep(0.5)
                    if how != "ignore":
                        signs.answered(*PLACE, f"{number}.0")
                    if how == "answer":
                        slack.post(signs)
                        await asyncio.sleep(0.25)
            await asyncio.sleep(3 * takes + 1)
            assert not slack.shows
            assert not signs._signs

    story()
