"""What holds for every test: no setting of the shell, no log on the screen."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import bot.settings
from bot.playground.postgres import Postgres, served
from bot.settings import Settings
from tests.support import patience
from tests.support.chromium import LEFT_OUT
from tests.support.stores import started_once, started_once_on
from tests.support.story import Mode

# The same examples every time, so that a red check is about the change; no deadline, for machines are noisy.
settings.register_profile("check", derandomize=True, deadline=None, database=None, max_examples=60)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was left out is said in the last lines, where people look."""
    left_out = [each for each in terminalreporter.stats.get("skipped", []) if LEFT_OUT in str(each.longrepr)]
    if left_out:
        terminalreporter.write_sep(
            "!", f"{len(left_out)} tests of the playground's page LEFT OUT: {LEFT_OUT}", red=True
        )
        terminalreporter.write_line("On Debian and Ubuntu: apt install chromium fonts-inter")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: near the end one worker would be at it, and the others idle."""
    items.sort(key=lambda each: each.get_closest_marker("long") is None)


def pytest_collection() -> None:
    """While everything is brought along, nothing of it is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """And then it stays until the end: going through thousands of tests again and again would take a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> Mode:
    """How Slack reaches the bot."""
    name: Mode = request.param
    return name


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test must not read anybody's keys, and must not cost anybody money."""
    monkeypatch.setattr(bot.settings, "ENV_FILE", Path(os.devnull))
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take longer than Slack waits and the bot does; what tells a test nothing is not waited for."""
    patience.apply(monkeypatch.setattr)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One Postgres for all tests of this process that want one."""
    with served() as server:
        yield server


@pytest.fixture
def new_postgres_url(postgres: Postgres) -> str:
    """A new, empty database on Postgres."""
    return postgres.fresh()


@pytest.fixture
async def postgres_url(postgres: Postgres) -> str:
    """A database on Postgres on which a bot has started once."""
    return await started_once_on(postgres)


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/research.sqlite"


@pytest.fixture
async def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file on which a bot has started once."""
    return await started_once(tmp_path / "research.sqlite")


@pytest.fixture(params=["sqlite", "postgres"])
def new_database_url(request: pytest.FixtureRequest) -> str:
    """A new, empty database of either kind."""
    url: str = request.getfixturevalue(f"new_{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of either kind on which a bot has started once."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["socket-sqlite", "http-postgres"])
def mode_and_database(request: pytest.FixtureRequest) -> tuple[Mode, str]:
    """Each way that Slack reaches the bot and each database once, for stories that take whole processes."""
    mode, _, database = request.param.partition("-")
    url: str = request.getfixturevalue(f"{database}_url")
    return mode, url
