"""What the log holds, and what it must never hold."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from bot import __version__, logs
from bot.playground import model as ms
from bot.research.model import Place
from bot.research.run import Research
from bot.service.desk import Desk
from tests.support.fakes import FakeModel, MemoryEngine, MemoryRuns, RecordingRoom, question
from tests.support.serving import API_KEY, serving

Style = Literal["json", "console"]
SECRET = "xoxb-7-secret"
TOPIC = "zanzibar cloves"


class Log:
    """What was written to standard error."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@contextlib.contextmanager
def logged(level: str = "info", style: Style = "json") -> Iterator[Log]:
    """Logs as they are set up for a bot that serves; afterwards all is as it was."""
    log, root, ours = Log(), logging.getLogger(), logging.getLogger("bot")
    handlers, levels = root.handlers, (root.level, ours.level)
    try:
        with contextlib.redirect_stderr(log.stream):
            logs.set_up(level, style)
            yield log
    finally:
        root.handlers = handlers
        root.setLevel(levels[0])
        ours.setLevel(levels[1])
        structlog.reset_defaults()


def fail() -> None:
    """An error that quotes what it was given, as many do, caused by another one that does."""
    try:
        int(SECRET)
    except ValueError as error:
        raise RuntimeError(f"no answer to {SECRET}") from error


async def researched(model: FakeModel) -> None:
    engine = MemoryEngine()
    desk = Desk(engine, Research(model, RecordingRoom()), MemoryRuns(), lambda run: None)
    await desk.open()
    async with engine.running(desk.worker.work):
        await desk.accept(question(TOPIC, place=Place(team="T1", channel="C1", private=f"https://slack/{SECRET}")))
        await desk.worker.drain(5)


def test_every_line_is_an_object_that_says_what_when_and_how_bad() -> None:
    """A collector drops what it cannot read."""
    with logged() as log:
        structlog.get_logger("bot.x").info("cup.filled", of="tea\nand milk")
        structlog.get_logger("bot.x").debug("cup.seen")
        logging.getLogger("aiohttp").warning("two\nlines")
    assert [(line["event"], line["level"]) for line in log.lines] == [
        ("cup.filled", "info"),
        ("library.spoke", "warning"),
    ]
    assert all(line["timestamp"].endswith("Z") for line in log.lines)


async def test_an_event_within_a_run_says_which_run_and_where() -> None:
    """Runs go on side by side: without this nobody can follow one."""
    model = FakeModel()
    model.answers["angle/technical"] = RuntimeError("broken")
    with logged() as log:
        await researched(model)
        structlog.get_logger("bot.x").info("bot.stopped")
    *within, outside = log.lines
    assert {line["event"] for line in within} == {"run.started", "call.crashed", "call.failed", "run.ended"}
    assert {(line["run"], line["team"], line["channel"]) for line in within} == {(question().run_id, "T1", "C1")}
    assert not outside.keys() & {"run", "team", "channel"}


@pytest.mark.parametrize("style", ["json", "console"])
def test_an_error_is_logged_by_its_kinds_and_frames_and_never_by_its_text(style: Style) -> None:
    """An error's text quotes what it choked on: a topic, an answer, a token."""
    with logged(style=style) as log:
        try:
            fail()
        except RuntimeError:
            structlog.get_logger("bot.x").exception("cup.broke")
            logging.getLogger("slack_sdk").exception("it broke: %s", SECRET)
    assert SECRET not in log.text
    assert log.text.count("RuntimeError") == log.text.count("ValueError") == 2
    assert "test_logs.py" in log.text
    assert "fail" in log.text


def test_what_a_library_says_is_left_out_but_not_that_it_spoke() -> None:
    """At its warnings a library shows payloads and headers."""
    with logged(level="debug") as log:
        logging.getLogger("slack_sdk.web").warning("body: %s", {"token": SECRET})
        logging.getLogger("openai").debug("headers: %s", SECRET)
    (line,) = log.lines
    assert (line["library"], line["at"].partition(":")[0]) == ("slack_sdk.web", "test_logs.py")
    assert SECRET not in log.text


def test_a_library_that_chooses_its_own_level_is_not_louder_than_was_wanted() -> None:
    """Whoever asks for errors only is woken by each line."""
    chatty = logging.getLogger("chatty")
    chatty.setLevel(logging.WARNING)
    with logged("error") as log:
        chatty.warning("slowly")
        chatty.error("broken")
    assert [line["level"] for line in log.lines] == ["error"]


async def test_an_error_within_a_run_does_not_tell_what_was_asked() -> None:
    """The crash that nobody foresaw is the one that quotes everything."""
    model = FakeModel()
    model.answers["angle/technical"] = RuntimeError(f"cannot read {TOPIC}")
    with logged(level="debug") as log:
        await researched(model)
    assert "RuntimeError" in log.text
    assert TOPIC not in log.text
    assert SECRET not in log.text


async def test_a_whole_served_run_leaves_no_topic_no_text_and_no_token_in_the_log() -> None:
    """Whoever may read the logs may not read the channels, nor act as the bot."""
    async with serving("socket", LOG_LEVEL="debug") as served:
        served.model.answer("angle/technical", "x", ms.FILTERED, ms.TRUNCATED)
        served.slack.fault("chat.update", error="internal_error")
        await served.done(TOPIC)
        written = served.process.out + served.process.err
        assert {"run.started", "model.called", "run.ended"} <= {line["event"] for line in served.process.log}
        (started,) = [line for line in served.process.log if line["event"] == "bot.started"]
        described = {"version": __version__, "model": "local", "database": "sqlite", "search": "off", "mode": "socket"}
        assert started.items() >= (described | {"workspace": "Acme", "workspace_id": "T0ACME"}).items()
        assert started["port"] == served.port
        for secret in (served.slack.bot_token, served.slack.app_token, served.slack.signing_secret, API_KEY):
            assert secret not in written
        for text in (TOPIC, "zanzibar", "view begins here", "The views agree", "response/"):
            assert text not in written
