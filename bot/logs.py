"""Logs: one JSON object a line, or coloured lines on a terminal; never a message's text, never a secret."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def set_up(level: str, style: Literal["json", "console"] | None) -> None:
    """Send our own events and the libraries' warnings to standard error in the style wanted."""
    wanted = style or ("console" if sys.stderr.isatty() else "json")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _frames_only,
    ]
    last = structlog.processors.JSONRenderer() if wanted == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level.upper())  # some libraries choose a level for themselves
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_foreign, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.raiseExceptions = False  # a library's malformed call would print its arguments
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
    logging.getLogger("bot").setLevel(level.upper())


def _frames_only(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """An exception as its kinds and frames: its own text may quote a topic, an answer or a token."""
    exc_info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if exc_info is True else exc_info[1] if isinstance(exc_info, tuple) else exc_info
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # side by side much fails at once, from one cause as a rule
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        if cause := error.__cause__ or error.__context__:
            event["because"] = type(cause).__name__
    return event


def _foreign(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A library's record: who spoke, from where; what it says may quote a payload or a token, so it is left out."""
    record: logging.LogRecord = event["_record"]
    event["event"] = "library.spoke"
    event["library"] = record.name
    event["at"] = f"{record.filename}:{record.lineno}"
    return event
