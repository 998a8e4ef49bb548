"""The backup that the README promises: whole, with the bot running, time and again, and for nobody else's eyes."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.adapters.database import opened
from bot.adapters.runs_sql import SqlRuns
from bot.operations.backup import NoFile, back_up
from bot.operations.forget import Nowhere
from bot.research.run_state import Run
from bot.service.errors import StoreDown
from tests.support.fakes import question
from tests.support.processes import ROOT, run

TOPICS = ["tea", "coffee & cake", "茶"]


async def kept(path: Path) -> list[str]:
    async with opened(f"sqlite:///{path}") as database:
        return [run.question.topic for run in await SqlRuns(database).since(0)]


async def shell(line: str, folder: Path) -> str:
    """A line as somebody types it in a folder; what it says."""
    child = await asyncio.create_subprocess_shell(
        line,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    assert child.returncode == 0, said
    return said.decode()


async def test_the_readmes_own_line_copies_all_that_is_kept_each_time(tmp_path: Path) -> None:
    """A backup that works once is found out on the day it is needed."""
    (line,) = re.findall(r"`(\.venv/bin/python -m bot backup \S+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    (tmp_path / ".venv").symlink_to(sys.prefix)
    async with opened(f"sqlite:///{tmp_path}/research.sqlite") as database:
        runs = SqlRuns(database)
        for topic, wanted in zip(TOPICS, (TOPICS[:1], TOPICS[:2]), strict=False):
            await runs.save(Run.of(question(topic, key=topic)))
            assert await shell(line, tmp_path) == "Copied to copy.sqlite.\n"
            copy = tmp_path / "copy.sqlite"
            assert copy.stat().st_mode & 0o777 == 0o600
            restored = tmp_path / "restored.sqlite"
            restored.write_bytes(copy.read_bytes())
            assert sorted(await kept(restored)) == sorted(wanted)
        await runs.save(Run.of(question(TOPICS[2], key=TOPICS[2])))
    there = {name.partition(".sqlite")[0] for name in os.listdir(tmp_path)}
    assert there == {".venv", "research", "copy", "restored"}


@pytest.mark.parametrize(
    ("spoil", "target", "told"),
    [
        (lambda folder: None, "nowhere/copy.sqlite", "no such file or directory (errno 2)"),
        (lambda folder: None, "research.sqlite", "the copy would stand in the place of the file itself"),
        (lambda folder: (folder / "copy.sqlite").mkdir(), "copy.sqlite", "is a directory (errno 21)"),
        (
            lambda folder: (folder / "research.sqlite").write_bytes(b"no" * 999),
            "x.sqlite",
            "the file is not a database",
        ),
    ],
)
async def test_a_copy_that_fails_says_why_and_leaves_nothing(
    spoil: Callable[[Path], object], target: str, told: str, tmp_path: Path
) -> None:
    """Half a copy must not pass for a whole one."""
    async with opened(f"sqlite:///{tmp_path}/research.sqlite"):
        pass
    spoil(tmp_path)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(StoreDown) as failed:
        back_up(f"sqlite:///{tmp_path}/research.sqlite", tmp_path / target)
    assert str(failed.value).startswith(told)
    assert sorted(os.listdir(tmp_path)) == before


async def test_a_copy_of_nothing_replaces_no_earlier_one(tmp_path: Path, new_sqlite_url: str) -> None:
    """Whoever types it in the wrong folder would lose the backup, too."""
    (tmp_path / "copy.sqlite").write_text("an earlier one")
    process = await run("backup", f"{tmp_path}/copy.sqlite", DATABASE_URL=new_sqlite_url)
    assert (process.code, process.err.partition(". ")[0]) == (2, f"There is no database at {new_sqlite_url}")
    assert (tmp_path / "copy.sqlite").read_text() == "an earlier one"
    with pytest.raises(Nowhere):
        back_up(new_sqlite_url, tmp_path / "copy.sqlite")
    with pytest.raises(NoFile):
        back_up("postgresql://bot@db/research", tmp_path / "copy.sqlite")


async def test_a_file_that_is_written_all_the_time_is_copied_whole(tmp_path: Path) -> None:
    """Runs do not pause for a backup."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(f"sqlite:///{tmp_path}/research.sqlite"))
        runs, written = SqlRuns(database), 0
        copying = asyncio.create_task(
            asyncio.to_thread(back_up, f"sqlite:///{tmp_path}/research.sqlite", tmp_path / "copy.sqlite")
        )
        while not copying.done():
            await runs.save(Run.of(question("tea", key=str(written))))
            written += 1
        await copying
    assert len(await kept(tmp_path / "copy.sqlite")) <= written
