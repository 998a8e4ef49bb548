"""Machines as they are: terminals of few letters, readers that leave, no home, no temporary folder, few open files."""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import terminal
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from tests.support.processes import ROOT, started
from tests.support.serving import environment

TOPIC = "Größe “zählt” ✓ …"
BARE = {"TMPDIR": "/nowhere", "LC_ALL": "C", "PYTHONUTF8": "0"}  # and no HOME


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with ModelServer() as model:
        yield model


@contextmanager
def closed_streams() -> Iterator[None]:
    before, handler = (sys.stdin, sys.stdout, sys.stderr), signal.getsignal(signal.SIGTERM)
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, name, None)
    try:
        yield
    finally:
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            stream.close()
        sys.stdin, sys.stdout, sys.stderr = before
        signal.signal(signal.SIGTERM, handler)


@asynccontextmanager
async def typed(
    folder: Path, arguments: tuple[str, ...], environment: dict[str, str], start: tuple[str, str] = ("-m", "bot")
) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m bot`` in a folder, with nothing in its environment but this."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, *start, *arguments),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def leave(child: asyncio.subprocess.Process) -> None:
    """Read no more of what it says."""
    transport: asyncio.SubprocessTransport = child._transport  # type: ignore[attr-defined]
    said = transport.get_pipe_transport(1)
    assert said
    said.close()


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", '"zahlt" + ...'), ("iso-8859-1", '"zählt" + ...')])
async def test_a_terminal_that_knows_few_letters_shows_a_whole_run(
    encoding: str, shown: str, model: ModelServer, tmp_path: Path
) -> None:
    """A mark that it does not know must not cost the report that was paid for."""
    here = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local", "PYTHONIOENCODING": encoding}
    model.answer("angle/historical", "“Old” — é, 茶, \u200d🍵 … →")
    async with typed(tmp_path, ("try", TOPIC), BARE | here) as child:
        out, err = await child.communicate()
    assert (child.returncode, err) == (0, b"")
    assert shown in out.decode(encoding)
    assert out.decode(encoding).count("angle ==") == 3
    assert os.listdir(tmp_path) == []


async def test_json_loses_no_letter_where_the_terminal_knows_few(model: ModelServer, tmp_path: Path) -> None:
    """A script reads it, and JSON can say all letters in ASCII."""
    here = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local", "PYTHONIOENCODING": "ascii"}
    async with typed(tmp_path, ("try", TOPIC, "--json"), BARE | here) as child:
        out, _ = await child.communicate()
    assert json.loads(out.decode("ascii"))["question"]["topic"] == TOPIC


async def test_a_reader_that_leaves_ends_a_try_quietly(model: ModelServer, tmp_path: Path) -> None:
    """`| head` wants the first lines and no more; what comes after them need not be paid for."""
    model.answer("*", gate=(gate := asyncio.Event()))
    here = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local"}
    async with typed(tmp_path, ("try", "tea"), here) as child:
        assert child.stdout
        assert child.stderr
        await child.stdout.readline()
        await model.until(lambda: len(model.asked("angle/*")) == 3)
        leave(child)
        gate.set()
        err = await child.stderr.read()
        assert (await child.wait(), err) == (terminal.GONE, b"")
    assert model.asked("report") == []


async def test_an_output_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    """`> report.txt` on a full disk must not end in a traceback, nor in silence."""
    writing = "from bot import terminal; terminal.fit(); print('tea', flush=True)"
    child = await asyncio.create_subprocess_shell(
        f'"{sys.executable}" -c "{writing}" > /dev/full', cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, err = await child.communicate()
    assert child.returncode == 1
    assert err == b"Standard output cannot be written: no space left on device (errno 28).\n"


async def test_a_try_that_is_told_to_stop_stops_even_as_the_first_process_of_a_container(model: ModelServer) -> None:
    """The kernel keeps such a signal from a first process that has no handler for it."""
    model.answer("*", gate=asyncio.Event())
    async with started("try", "tea", OPENAI_BASE_URL=model.url, OPENAI_MODEL="local") as process:
        await model.until(lambda: len(model.requests) == 3)
        process.send(signal.SIGTERM)
        assert await process.ended() == terminal.TOLD_TO_STOP


async def test_a_user_without_a_name_and_a_home_can_have_everything_checked(model: ModelServer, tmp_path: Path) -> None:
    """Containers are run under any number, and libraries look for its folder before anything else."""
    nameless = "import os; os.getuid = lambda: 4_000_000_001; from bot.__main__ import main; main()"
    async with Playground() as slack, typed(tmp_path, ("check",), environment(slack, model), ("-c", nameless)) as child:
        out, err = await child.communicate()
    assert (child.returncode, err) == (0, b"")
    assert out.decode().count("✓") == 5


def test_streams_that_are_closed_are_opened_to_nothing() -> None:
    """Else the database would be the next to get their numbers, and what is said would be written into it."""
    with closed_streams():
        terminal.fit()
        for stream in (sys.stdout, sys.stderr):
            stream.write("✓")
            stream.flush()
        assert not sys.stdout.isatty()
        assert sys.stdin.read() == ""


def test_what_was_typed_as_utf_8_is_read_as_that() -> None:
    """A process that was told of an ASCII terminal gets the bytes beyond it as stand-ins that nothing else takes."""
    assert terminal.typed(os.fsencode("茶 & é").decode("ascii", "surrogateescape")) == "茶 & é"
    assert terminal.typed("茶 & é") == "茶 & é"
    assert terminal.typed("caf\udce9") == "caf�"


@given(
    st.text(st.characters(exclude_categories=())), st.sampled_from(["ascii", "iso-8859-1", "cp1252", "koi8-r", "utf-8"])
)
def test_every_text_can_be_said_in_every_encoding(text: str, encoding: str) -> None:
    """And what an encoding knows stands as it was."""
    codecs.register_error("plain", terminal.plain)
    said = text.encode(encoding, "plain").decode(encoding)
    assert said.isascii() or not text.isascii()
    known = "".join(each for each in text if each.encode(encoding, "ignore"))
    rest = iter(said)
    assert all(each in rest for each in known)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("✓ Slack: “fine”", '+ Slack: "fine"'),
        ("✕ ■ ◐ ○ → …", "x # ~ o -> ..."),
        ("1\u00a0min · 48\u202fs", "1 min - 48 s"),
        ("naïve café, n\u0303", "naive cafe, n"),
        ("½ ① ﬁ Ａ", "12 1 fi A"),
        ("👩\u200d🚀 茶", "?? ?"),
        ("a\udcff", "a?"),
    ],
)
def test_what_a_terminal_does_not_know_is_said_in_letters_that_it_does(text: str, said: str) -> None:
    """A question mark for each mark of ours would leave nobody knowing what works and what does not."""
    codecs.register_error("plain", terminal.plain)
    assert text.encode("ascii", "plain").decode() == said
