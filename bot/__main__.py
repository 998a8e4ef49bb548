"""The command line: serve (the default), try, check."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from bot.settings import ModelSettings, Settings, SettingsError, load

cli = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False)

NOTHING_FOUND, MISUSED = 1, 2  # exit codes


@cli.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    """Research a topic from three angles at once. Without a command: serve the workspace."""
    if context.invoked_subcommand:
        return
    from bot import app, logs  # the command line is quick as long as nobody serves

    settings = _loaded(Settings)
    logs.set_up(settings.log_level, settings.log_format)
    try:
        asyncio.run(app.serve(settings))
    except app.StartError as error:
        _complain(str(error), NOTHING_FOUND)
    except OSError as error:
        _complain(f"Port {settings.port} cannot be used ({error.strerror}). Set PORT to a free one.", NOTHING_FOUND)


@cli.command()
def check() -> None:
    """Say what works: Slack's tokens, the model; and what to do about what does not."""
    from bot import check, logs

    settings = _loaded(Settings)
    logs.set_up("error", "console")
    sys.exit(0 if asyncio.run(_checked(settings, check)) else NOTHING_FOUND)
