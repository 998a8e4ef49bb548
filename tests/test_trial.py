"""The first look: which model a trial takes, and what is said of it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.model_embedded import NAME
from bot.model_choice import about_the_tiny_one
from bot.playground.model import ModelServer
from bot.playground.web.search import SearchServer
from bot.research.request import parse
from bot.research.run_state import Phase
from bot.research.words import NBSP, NOT_ENGLISH, TINY_LABEL, from_article
from bot.settings import ModelSettings, load
from bot.speaker import speaker
from bot.trial import trial
from tests.support.encyclopedia import install
from tests.support.processes import ROOT, run_interpreted

QUOTED = "Electric cars have 4 wheels. They are quiet."
ARTICLE = {"en-us": {"Electric cars": f"{QUOTED} They are old."}}
SECTIONS = ["Historical Overview", "Technical Mechanisms", "Societal Impact", "Synthesis"]


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        server.models = ["nomic-embed-text:latest", "llama3.2:latest", "qwen3:8b"]
        yield server


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> ModelSettings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load(ModelSettings)


async def test_a_server_on_this_machine_is_taken_and_named_in_the_first_line(
    server: ModelServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has a model running sees his own at work, with nothing to set, and knows it, behind a proxy too."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    done = await trial(parse("nuclear fusion"), ModelSettings(), False, ports={server.port: "Ollama"})
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith(f"Using llama3.2:latest on Ollama at 127.0.0.1:{server.port}. ")
    assert [line.removeprefix("## ") for line in rest if line.startswith("## ")] == SECTIONS
    assert "no cost (local model)" in rest[-1]
    assert TINY_LABEL not in "\n".join(rest)
    assert {request.body["model"] for request in server.requests} == {"llama3.2:latest"}
    assert (done.phase, len(server.requests)) == (Phase.DONE, 7)


async def test_a_trial_keeps_within_what_a_run_may_use(
    server: ModelServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first look should cost no more than any run."""
    wanted = settings(monkeypatch, MAX_RUN_CALLS="3", MAX_RUN_PRICE="1", REPORT="whole")
    named = wanted.model_copy(update={"openai_base_url": server.url, "openai_model": "local"})
    await trial(parse("nuclear fusion"), named, False)
    first, *_, verdict, _ = capsys.readouterr().out.splitlines()
    assert first == "MAX_RUN_PRICE does not hold: it is not known what local costs."
    assert verdict.replace(NBSP, " ") == "✕ Limit reached: this run may use at most 3 model calls."
    assert len(server.requests) == 3


async def test_a_script_reads_which_model_wrote_it(server: ModelServer, capsys: pytest.CaptureFixture[str]) -> None:
    await trial(parse("nuclear fusion"), ModelSettings(), True, ports={server.port: "Ollama"})
    _, brace, document_text = capsys.readouterr().out.partition("{\n")
    document = json.loads(brace + document_text)
    assert (document["model"], document["label"], document["outcome"]) == ("llama3.2:latest", "", "done")
    assert document["encyclopedia"] is None  # a model that knows things needs none beside it


async def test_the_model_that_is_named_is_taken(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    named = settings(monkeypatch, OPENAI_MODEL="qwen3:8b")
    async with speaker("tea", named, ports={server.port: "Ollama"}) as chosen:
        assert chosen.endpoint.model == "qwen3:8b"


@pytest.mark.parametrize(
    "environment",
    [{"OPENAI_API_KEY": "sk-x"}, {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "OPENAI_MODEL": "mine"}],
)
async def test_where_a_model_is_set_no_other_is_looked_for(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    """What somebody has set is what he gets."""
    told = settings(monkeypatch, **environment)
    async with speaker("tea", told, ports={server.port: "Ollama"}) as chosen:
        assert (chosen.endpoint, chosen.told, chosen.label) == (told.endpoint, (), "")
    assert server.listed == 0


async def test_a_large_local_model_has_the_time_of_the_run_unless_that_is_set(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a laptop an angle takes minutes; ninety seconds are a provider's measure."""
    async with speaker("tea", ModelSettings(run_timeout=500), ports={server.port: "Ollama"}) as chosen:
        assert chosen.endpoint.timeout == 500
    async with speaker("tea", settings(monkeypatch, MODEL_TIMEOUT="7"), ports={server.port: "Ollama"}) as chosen:
        assert chosen.endpoint.timeout == 7


async def test_a_server_that_nobody_knows_may_cost_something(server: ModelServer) -> None:
    """A gateway to a provider listens on such ports, too."""
    server.owner = "somebody"
    async with speaker("tea", ModelSettings(), ports={server.port: "vLLM"}) as unknown:
        assert not unknown.endpoint.local
        assert unknown.told[0].startswith("Using llama3.2:latest on the model server at 127.0.0.1:")


def test_the_tiny_model_says_why_it_is_taken() -> None:
    """Who thinks that his own model is at work must see at once that it is not."""
    nobody, unlisted, chosen = (
        about_the_tiny_one("tea", wanted, tiny)[0]
        for wanted, tiny in (("", False), ("llama9", False), ("llama9", True))
    )
    assert nobody.endswith("no key is set, and no model server was found on this machine.")
    assert unlisted.endswith("no key is set, and no model server on this machine lists llama9.")
    assert chosen == f"Using the tiny model that comes along, {NAME}."


@pytest.mark.parametrize(
    ("topic", "warned"), [("tea", False), ("お茶の歴史", True), ("Geschichte der Kernfusion", True)]
)
def test_a_topic_that_is_not_english_is_told_so_in_one_line(topic: str, warned: bool) -> None:
    """The tiny model writes of something else then, in fluent sentences."""
    assert about_the_tiny_one(topic, "", False)[2:] == ((NOT_ENGLISH,) if warned else ())


@pytest.mark.long
async def test_the_tiny_model_runs_with_nothing_set_and_says_what_it_is_everywhere(
    server: ModelServer, tmp_path: Path
) -> None:
    """What a fresh clone shows: whole sentences, the usual headings, a label on each text, and how to go on.

    Above it stands one thing that is so, word for word, and whose words these are.
    """
    path = {"PYTHONPATH": f"{ROOT}{os.pathsep}{install(tmp_path, ARTICLE)}"}
    elsewhere = {"OPENAI_BASE_URL": server.url, "OPENAI_MODEL": "qwen3:8b", "HTTP_PROXY": "http://127.0.0.1:1"}
    async with SearchServer() as search:
        elsewhere["SEARXNG_URL"] = search.searxng_url
        process = await run_interpreted("try", "electric cars", "--angles", "cost", "--embedded", **path, **elsewhere)
    first, second, *quotation, _, title, label = process.out.splitlines()[:8]
    assert (process.code, process.err) == (0, "")
    assert (first, second) == about_the_tiny_one("electric cars", "", True)
    assert quotation == ["", f"“{QUOTED}”", from_article("Electric cars", "Wikipedia", "CC BY-SA 4.0")]
    assert (title, label) == ("== Research: electric cars ==", f"({TINY_LABEL})")
    rest = process.out.splitlines()[8:]
    assert [line.removeprefix("## ") for line in rest if line.startswith("## ")] == ["Cost", "Synthesis"]
    assert (process.out.count(TINY_LABEL), process.out.count(QUOTED)) == (3, 1)
    assert all(name in process.out for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"))
    finding = process.out.partition("== Cost angle ==\n")[2].partition("\n(")[0]
    assert finding.rstrip("\"'”)").endswith((".", "!", "?"))
    assert "no cost (local model)" in rest[-1]
    assert (server.requests, search.requests) == ([], [])


@pytest.mark.long
async def test_a_script_reads_what_the_encyclopedia_says(tmp_path: Path) -> None:
    """Apart from what the model made up, with its source and its licence."""
    path = f"{ROOT}{os.pathsep}{install(tmp_path, ARTICLE)}"
    process = await run_interpreted("try", "electric cars", "--angles", "cost", "--embedded", "--json", PYTHONPATH=path)
    known = {"title": "Electric cars", "text": QUOTED, "source": "Wikipedia", "licence": "CC BY-SA 4.0"}
    assert json.loads(process.out)["encyclopedia"] == known
    assert process.out.count(QUOTED) == 1


def test_a_narrow_terminal_is_seen_as_narrow() -> None:
    """Lines that are folded for eighty columns break in mid-word on a phone's terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    code = "import shutil; from bot import terminal; terminal.fit(); print(shutil.get_terminal_size().columns)"
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    try:
        subprocess.run([sys.executable, "-c", code], stdin=theirs, stdout=theirs, env=environment, check=True)
        assert os.read(ours, 100).split() == [b"40"]
    finally:
        os.close(ours)
        os.close(theirs)
