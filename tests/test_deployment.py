"""What deploys the bot fits it: the image, the composition of replicas, what platforms read."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.operations.health import listening, operations
from bot.serve import DRAIN_SECONDS
from bot.settings import Settings
from tests.support.processes import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
NOWHERE = "http://127.0.0.1:9"
SETTINGS = {name.upper() for name in Settings.model_fields}


def tool(name: str, *arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run what stands beside this Python, with nothing in its environment but this."""
    path = str(Path(sys.executable).with_name(name))
    return subprocess.run([path, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def stated(instruction: str) -> list[str]:
    """What follows an instruction, wherever the Dockerfile has it."""
    return re.findall(rf"(?m)^{instruction} (.+)$", DOCKERFILE)


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    """It knows what images go wrong with."""
    linted = tool("hadolint", "--no-color", "Dockerfile")
    assert (linted.stdout, linted.returncode) == ("", 0)


def test_the_image_has_the_python_that_platforms_are_told() -> None:
    """One Python to try a release on, not two."""
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert {each.split()[0] for each in stated("FROM")} == {f"python:{version}-slim-bookworm"}


def copied_from_here() -> Iterator[list[str]]:
    for line in stated("COPY"):
        if not line.startswith("--from"):
            yield line.split()


def test_nothing_goes_into_the_image_but_what_is_copied_there() -> None:
    """Settings and runs lie in the same folder: whoever gets the image must not get them."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept_out, *let_in, caches = [line for line in lines if not line.startswith("#")]
    assert (kept_out, caches) == ("*", "**/__pycache__")
    assert sorted(let_in) == sorted(f"!{source}" for source, _ in copied_from_here())


def test_the_image_has_all_that_the_bot_needs(tmp_path: Path) -> None:
    """A file that is missing there is missed at the first start of a release."""
    for source, target in copied_from_here():
        if (ROOT / source).is_dir():  # what is installed from the pins is installed here too
            shutil.copytree(ROOT / source, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__"))
    assert "Usage: python -m bot" in tool("python", "-m", "bot", "--help", folder=tmp_path).stdout
    assert "SLACK_BOT_TOKEN" in tool("python", "-m", "bot", folder=tmp_path).stderr


async def test_the_image_is_healthy_while_the_bot_answers() -> None:
    """A check that is always green, or always red, is worse than none."""
    command = json.loads(stated(r"HEALTHCHECK .*CMD")[0])
    assert command[0] == "python"

    async def checked(port: int) -> int:
        done = await asyncio.to_thread(lambda: tool(*command, PORT=str(port), HTTP_PROXY=NOWHERE))
        return done.returncode

    async with listening(operations(ready, lambda: b""), 0) as port:
        assert await checked(port) == 0
    assert await checked(port) == 1


async def ready() -> str:
    return ""


def test_docker_compose_reads_the_composition(tmp_path: Path) -> None:
    """Its own reader finds what no schema knows."""
    shutil.copy(ROOT / "compose.yaml", tmp_path)
    shutil.copy(ROOT / ".env.sample", tmp_path / ".env")
    read = tool("docker-compose", "config", "--format=json", folder=tmp_path, POSTGRES_PASSWORD="secret")
    assert (read.returncode, read.stderr) == (0, "")
    bot = json.loads(read.stdout)["services"]["bot"]
    assert bot["environment"]["DATABASE_URL"] == "postgresql://bot:secret@postgres/bot"
    assert bot["deploy"]["replicas"] == 2


def test_without_a_password_for_postgres_nothing_starts(tmp_path: Path) -> None:
    """A default that everybody knows would protect nothing."""
    shutil.copy(ROOT / "compose.yaml", tmp_path)
    (tmp_path / ".env").touch()
    read = tool("docker-compose", "config", folder=tmp_path)
    assert read.returncode == 1
    assert "Set POSTGRES_PASSWORD in .env" in read.stderr


@pytest.mark.parametrize(
    "names",
    [COMPOSE["services"]["bot"]["environment"], re.findall(r"(\w+)=", stated("ENV")[0])],
    ids=["compose", "image"],
)
def test_what_is_set_for_the_bot_is_a_setting(names: list[str]) -> None:
    """A name that it does not read changes nothing, and nobody notices."""
    assert {*names} - {"PYTHONUNBUFFERED"} <= SETTINGS


def test_whoever_stops_the_bot_waits_until_its_runs_may_have_ended() -> None:
    """Else a deploy breaks off what it could have let finish."""
    assert COMPOSE["services"]["bot"]["stop_grace_period"] == "30s"
    assert DRAIN_SECONDS < 30


def test_the_procfile_starts_the_bot_by_either_name() -> None:
    """`web` is what platforms start and route to; `worker` is for Socket Mode, where nothing is routed."""
    assert (ROOT / "Procfile").read_text(encoding="utf-8") == "web: python -m bot\nworker: python -m bot\n"
