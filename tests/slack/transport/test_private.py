"""Private answers that Slack refuses go again in plainer forms; what is not about their content does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot import network
from bot.research.presets import packaged
from bot.slack.format.plainer import BRIEF_LIMIT
from bot.slack.messages.ephemeral import private, usage
from bot.slack.transport.private import answer_privately


class ResponseUrl:
    """Slack's end of a response_url: gives these answers in turn, the last one for good, and keeps what it was sent."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self._answers = list(answers)
        self.sent: list[dict[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        status, text = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return web.Response(status=status, text=text)


@asynccontextmanager
async def listening(slack: ResponseUrl) -> AsyncIterator[str]:
    pages = web.Application()
    pages.router.add_post("/commands/T1/2/secret", slack.take)
    runner = web.AppRunner(pages, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/commands/T1/2/secret"
    finally:
        await runner.cleanup()


async def sent(answer: dict[str, Any], *answers: tuple[int, str]) -> list[dict[str, Any]]:
    """What Slack is sent of an answer while it answers so."""
    slack = ResponseUrl(*answers)
    async with listening(slack) as url, network.session() as session:
        await answer_privately(url, answer, session)
    return slack.sent


# As Slack answers at such an address: a code alone or JSON, with any status.
@pytest.mark.parametrize(
    ("status", "body", "times"),
    [
        *((200, "ok", 1), (200, '{"ok":true}', 1), (200, "", 1), (200, "<html>", 1)),
        *((400, "invalid_blocks", 4), (400, "invalid_payload", 4), (400, "invalid_attachments", 4)),
        *((400, '{"ok":false,"error":"invalid_blocks"}', 4), (200, '{"ok":false,"error":"invalid_blocks"}', 4)),
        *((200, '{"ok":false,"error":"invalid_arguments"}', 4), (400, "missing_text_or_fallback_or_attachments", 4)),
        *((400, "", 4), (413, "<html>Request Entity Too Large</html>", 4), (400, "[" * 100_000, 4)),
        *(
            (404, "used_url", 1),
            (404, "expired_url", 1),
            (403, "action_prohibited", 1),
            (410, "channel_is_archived", 1),
        ),
        *((404, '{"ok":false,"error":"used_url"}', 1), (404, "", 1), (500, "server_error", 1), (503, "", 1)),
        *((429, "rate_limited", 1), (500, "invalid_blocks", 1), (302, "", 1), (404, "no text of a code", 1)),
    ],
)
async def test_an_answer_is_sent_in_plainer_forms_where_slack_says_that_it_is_about_the_content(
    status: int, body: str, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Slack takes five answers at an address: whatever cannot succeed is not tried."""
    tries = await sent(usage(packaged()), (status, body))
    assert len(tries) == times
    assert all(set(usage(packaged())) - set(each) <= {"blocks"} for each in tries)
    log = capsys.readouterr()
    assert ("answer.unsent" in log.out + log.err) == (times > 1 or status != 200)
    assert "secret" not in log.out + log.err


async def test_plainer_answers_keep_the_words_then_the_buttons_go_and_then_the_end() -> None:
    """Whoever asked for help must read it, whatever Slack thinks of how it looks."""
    full, plain, text, brief = await sent(usage(packaged()), (400, "invalid_blocks"))
    assert full == usage(packaged())
    assert [block["type"] for block in plain["blocks"]] == ["section", "actions"]
    assert plain["blocks"][0]["text"]["text"] == plain["text"] == usage(packaged())["text"]
    assert plain["blocks"][1]["elements"] == usage(packaged())["blocks"][-1]["elements"]
    assert (text["text"], "blocks" in text) == (usage(packaged())["text"], False)
    assert len(brief["text"]) <= BRIEF_LIMIT + 1
    assert await sent(usage(packaged()), (400, "invalid_blocks"), (200, "ok")) == [full, plain]
    assert len(await sent(private("Stopped."), (400, "msg_too_long"))) == 1
