"""The command line: serve (the default), try, playground, check, forget, backup, move."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from bot import terminal
from bot.research.errors import Misasked
from bot.research.model import Report
from bot.research.request import parse
from bot.research.words import misasked
from bot.settings import (
    NO_DATABASE,
    DatabaseSettings,
    LogSettings,
    ModelSettings,
    Settings,
    SettingsError,
    database_address,
    database_down,
    load,
)

FAILED, MISUSED, STOPPED = 1, 2, 130  # exit codes; the last is the shell's own for Ctrl-C
WHERE = "Set DATABASE_URL to the one that the bot serves from."
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}  # seconds

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
S = TypeVar("S", bound=LogSettings)


@cli.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    """Research a topic from three angles at once. Without a command: serve the workspace."""
    if context.invoked_subcommand:
        return
    settings = _loaded(Settings)
    gc.disable()  # what is imported stays: going through it as it grows takes a tenth of the start
    from bot import logs  # only those who serve wait for all of it
    from bot.serve import StartError
    from bot.serve import serve as served

    gc.freeze()
    gc.enable()
    logs.set_up(settings.log_level, settings.log_format)
    try:
        asyncio.run(served(settings))
    except StartError as error:
        _end(str(error), error.code)


@cli.command()
def check() -> None:
    """Try Slack, the model, the database and the searches.

    Says of each whether it works, and what to do where it does not.
    """
    settings = _loaded(Settings)
    from bot import logs
    from bot.check import check as checked

    logs.set_up("error", "console")

    async def lines() -> bool:
        works = True
        async for line in checked(settings):
            _say(str(line))
            works &= line.works
        return works

    sys.exit(0 if asyncio.run(lines()) else FAILED)


@cli.command()
def forget(run: Annotated[str, typer.Argument(help="The run's reference, r_ and what follows.")]) -> None:
    """Delete all that is kept of a run. What stands in Slack stays there."""
    settings = _loaded(DatabaseSettings)
    from bot import logs
    from bot.operations.forget import Nowhere, Unfinished
    from bot.operations.forget import forget as forgotten
    from bot.service.errors import StoreDown

    logs.set_up("error", "console")
    try:
        known = asyncio.run(forgotten(run, settings.database_url))
    except Nowhere as error:
        _end(f"{NO_DATABASE.format(where=error)}. {WHERE}", MISUSED)
    except Unfinished:
        _end(f"{run} has not ended. Stop it in Slack or let it end, then delete it.", FAILED)
    except StoreDown as error:
        _end(database_down(error), FAILED)
    if not known:
        _end(f"Nothing is kept of a run {run}.", FAILED)
    _say(f"All that was kept of {run} is deleted. Its messages stay in Slack: delete them there.")


@cli.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; an earlier copy there is replaced.")],
) -> None:
    """Copy the SQLite file that DATABASE_URL names. The bot may be running."""
    settings = _loaded(DatabaseSettings)
    from bot import logs
    from bot.operations.backup import NoFile, back_up
    from bot.operations.forget import Nowhere
    from bot.service.errors import StoreDown

    logs.set_up("error", "console")
    try:
        back_up(settings.database_url, target)
    except NoFile:
        _end("DATABASE_URL names a Postgres: copy it with pg_dump.", MISUSED)
    except Nowhere as error:
        _end(f"{NO_DATABASE.format(where=error)}. {WHERE}", MISUSED)
    except StoreDown as error:
        _end(f"Nothing was copied: {error}.", FAILED)
    _say(f"Copied to {target}.")


@cli.command()
def move(source: Annotated[str, typer.Argument(help="Where the runs are now, as in DATABASE_URL.")]) -> None:
    """Copy all runs from another database.

    They go to the one that DATABASE_URL names; nothing is deleted.
    """
    settings = _loaded(DatabaseSettings)
    try:
        source = database_address(source)
    except ValueError as error:
        _end(f"Where the runs are now {error}.", MISUSED)
    from bot import logs
    from bot.adapters.sqlite_file import FileInUse
    from bot.operations.forget import Nowhere
    from bot.operations.move import Unfinished
    from bot.operations.move import move as moved
    from bot.service.errors import StoreDown

    logs.set_up("error", "console")
    try:
        count = asyncio.run(moved(source, settings.database_url))
    except FileInUse as error:
        _end(str(error), MISUSED)
    except Nowhere as error:
        _end(f"{NO_DATABASE.format(where=error)}. Nothing was copied.", MISUSED)
    except Unfinished as error:
        _end(f"Runs that have not ended there: {error}. Start the bot on it once more and let them end.", FAILED)
    except StoreDown as error:
        _end(database_down(error), FAILED)
    _say(f"Runs copied: {count}. Nothing was deleted.")


@cli.command("try")
def try_out(
    topic: Annotated[str, typer.Argument(help="What to research, 2 to 300 characters.")],
    angles: Annotated[
        str, typer.Option(help='Up to 6 of your own, for instance "legal, cost"; auto; a list such as @market.')
    ] = "",
    deep: Annotated[bool, typer.Option("--deep", help="Split each angle into questions.")] = False,
    timeout: Annotated[str, typer.Option(help="Time for the workers, for instance 90s or 6m.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    embedded: Annotated[bool, typer.Option("--embedded", help="Take the tiny model that comes along.")] = False,
) -> None:
    """Research a topic in this terminal.

    It uses your model, one that runs on this machine, or a tiny one that comes along.
    """
    settings = _loaded(ModelSettings)
    try:
        asked = parse(terminal.typed(topic), terminal.typed(angles), settings.presets)
    except Misasked as error:
        _end(misasked(error), MISUSED)
    asked = replace(asked, deep=asked.deep or deep)
    if timeout:
        settings = settings.model_copy(update={"run_timeout": _seconds(timeout)})
    from bot import logs
    from bot.adapters.model_embedded import NotInstalledError
    from bot.trial import trial

    logs.set_up("error", "console")
    try:
        run = asyncio.run(trial(asked, settings, json, embedded))
    except NotInstalledError as error:
        _end(str(error), MISUSED)
    except KeyboardInterrupt:
        _end("Stopped.", STOPPED)
    sys.exit(0 if isinstance(run.report, Report) and run.ended else FAILED)


@cli.command()
def playground(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is; 0 takes a free one.")] = 8765,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep runs in this file, what was said beside it.")] = None,
    embedded: Annotated[bool, typer.Option("--embedded", help="Take the tiny model that comes along.")] = False,
) -> None:
    """See it all in a browser, without a workspace.

    The bot works in a Slack of its own on this machine; no setting of Slack or of a database is read.
    """
    from bot import logs

    settings = _loaded(ModelSettings)
    logs.set_up("error", "console")
    if not find_spec("jinja2"):
        _end("The playground is not installed here. Use `make playground`, which installs it.", MISUSED)
    from bot.adapters.model_embedded import NotInstalledError
    from bot.playground.begin import play
    from bot.playground.premises import CannotPlay, Wishes

    try:
        asyncio.run(play(settings, Wishes(port, not no_open, keep, embedded), _say))
    except (CannotPlay, NotInstalledError) as error:
        _end(str(error), FAILED)


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip())
    seconds = float(match[1]) * UNITS[match[2]] if match else 0
    if not seconds:
        _end(f"--timeout takes a time such as 90s, 6m or 1h, not {text!r}.", MISUSED)
    return seconds


def _loaded(kind: type[S]) -> S:
    try:
        return load(kind)
    except SettingsError as error:
        _end(str(error), MISUSED)


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201  the terminal is where this is said


def _end(sentence: str, code: int) -> NoReturn:
    print(sentence, file=sys.stderr)  # noqa: T201  the terminal is where this is said
    sys.exit(code)


def _have_a_home() -> None:
    """Libraries ask for the user's folder as they are imported; a container's user may not even have a name."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = os.sep


def main() -> None:
    """Run the command line."""
    terminal.fit()
    _have_a_home()
    cli()


if __name__ == "__main__":
    main()
