"""The bot as a process that has no luck: it ends as it starts, or never gets as far as it should."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import serve
from bot.adapters.database import Database
from bot.adapters.endpoint import Endpoint
from bot.adapters.sqlite_file import FileInUse
from bot.playground import bot_process
from bot.playground.bot_main import told
from bot.playground.bot_process import Bot, CannotStart
from bot.playground.bot_settings import Chosen
from bot.playground.bot_settings import told as settings_told
from bot.playground.model_proxy import ModelProxy
from bot.playground.slack import Playground
from bot.service.errors import StoreDown
from bot.settings import ModelSettings, Settings

CRASHES = "import sys; sys.stdin.readline(); sys.exit('first\\nno room for tea\\n\\n')"
SAYS_WHY = "import sys; sys.stdin.readline(); print('The file is damaged.')"
HANGS = "import sys; sys.stdin.read()"


@asynccontextmanager
async def bot(program: str, log: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Bot, Playground]]:
    """A bot of which this is all, and our Slack."""
    monkeypatch.setattr(bot_process, "PROGRAM", program)
    async with Playground() as slack, Bot(log) as here:
        yield here, slack


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of an earlier bot."""
    file = tmp_path / "log"
    file.write_text("of an earlier bot\n")
    return file


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (CRASHES, "The bot ended as it started. What it logged last: no room for tea"),
        (SAYS_WHY, "The file is damaged."),
    ],
)
async def test_a_bot_that_ends_at_every_start_says_why(
    program: str, sentence: str, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its log may be in a folder that goes with the playground."""
    async with bot(program, log, monkeypatch) as (here, slack):
        with pytest.raises(CannotStart) as failed:
            await here.start(slack, {})
        assert (str(failed.value), here.state) == (sentence, "stopped")
        await here.restart()
        assert here.state == "stopped"
    assert (await asyncio.to_thread(log.read_text)).endswith(f"\n{sentence}\n")


async def test_a_bot_that_neither_connects_nor_ends_is_ended(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could start another one as long as it is about to start."""
    monkeypatch.setattr(bot_process, "START_SECONDS", 0.01)
    async with bot(HANGS, log, monkeypatch) as (here, slack):
        with pytest.raises(CannotStart, match=r"not connected within 0\.01 seconds, .* logged last: nothing$"):
            await here.start(slack, {})
        assert here.state == "stopped"


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (
            StoreDown("the file is damaged"),
            "/a?.sqlite cannot be used: the file is damaged. Mend that, or name another",
        ),
        (
            FileInUse("Another bot"),
            "Another bot serves from /a?.sqlite. End it first, or name another file with --keep.",
        ),
        (None, "Set DATABASE_URL"),
    ],
)
def test_a_database_that_fails_is_told_by_its_file(cause: Exception | None, sentence: str) -> None:
    """Whoever named it with --keep has set no DATABASE_URL."""
    error = serve.StartError("Set DATABASE_URL")
    error.__cause__ = cause
    assert told(error, "sqlite:////a%3F.sqlite").startswith(sentence)


@pytest.mark.parametrize("name", ["a?b", "a#b", "a%41", "a$HOME ", "~", "ä ö ' \""])
async def test_a_file_may_have_any_name(name: str, tmp_path: Path) -> None:
    """It would else be kept under another one, or none."""
    model = Chosen(Endpoint("local", "http://127.0.0.1:9/v1", "none", "chat", 1), ())
    async with Playground() as slack, ModelProxy(model.endpoint) as proxy:
        wanted = settings_told(ModelSettings(), tmp_path / name, slack, model, proxy)
    database = Database(Settings(database_url=wanted["database_url"]).database_url)
    database.close()
    assert database.url.database == str(tmp_path / name)
