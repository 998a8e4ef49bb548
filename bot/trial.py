"""The pattern in a terminal: the same ports, the same model adapter, nothing kept."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.journal_memory import MemoryJournal
from bot.adapters.model_embedded import LABEL, embedded
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.thread_terminal import PlainScreen, Screen, SilentScreen, TerminalRoom, clean
from bot.adapters.turns import Turns
from bot.research.live import Live
from bot.research.model import Question, Report, Unwritten
from bot.research.run import Research
from bot.research.state import Phase, Run
from bot.research.topics import Topic
from bot.research.wording import capital, cost, duration, patience
from bot.settings import ModelSettings


async def trial(topic: Topic, settings: ModelSettings, as_json: bool) -> Run:
    """Research a topic on this terminal; give the run's last state. Raises NotInstalledError."""
    async with _model(settings) as (model, label):
        room = TerminalRoom(_screen(as_json), label)
        research = Research(model, room, settings.run_timeout, settings.model_timeout)
        now = time.time()
        question = Question(key=f"terminal/{now}", topic=topic.text, asked_at=now, angles=topic.angles)
        run = await research.run(Live(Run.of(question)), MemoryJournal())
    print(_document(run) if as_json else _footer(run))  # noqa: T201  the terminal is where this is shown
    return run


@asynccontextmanager
async def _model(settings: ModelSettings) -> AsyncIterator[tuple[OpenAIModel, str]]:
    """The model that the settings name, else the one that comes along, and what to say of its texts."""
    turns = Turns(settings.max_model_calls)
    if settings.has_model:
        async with OpenAIModel(settings.endpoint, turns) as model:
            yield model, ""
    else:
        cores = os.cpu_count() or 1
        async with embedded(cores, settings.model_timeout) as local, OpenAIModel(local, turns) as model:
            yield model, LABEL


def _screen(as_json: bool) -> Screen:
    if as_json:
        return SilentScreen()
    if not sys.stdout.isatty():
        return PlainScreen(sys.stdout)
    from rich.console import Console  # not for pipes

    from bot.adapters.screen_rich import RichScreen

    return RichScreen(Console(highlight=False))


def _footer(run: Run) -> str:
    in_turn = sum(finding.seconds for finding in run.findings) + (run.report.seconds if run.report else 0)
    numbers = [duration(run.seconds), f"one after another {duration(in_turn)}", *cost(run.usage)]
    return "\n".join(filter(None, [_verdict(run), " · ".join(numbers)]))


def _verdict(run: Run) -> str:
    """What the run lacks, in a line; "" if nothing."""
    if run.phase is Phase.FAILED:
        return f"✕ Failed: none of the angles could be completed. {clean(capital(run.gaps[0].sentence))}."
    if isinstance(run.report, Unwritten):
        return f"✕ Failed: the report could not be written: {clean(run.report.sentence)}."
    if run.limit:
        return f"✕ Limit reached: this run has used its {patience(run.limit)}."
    return "✕ Failed: something went wrong on our side." if run.phase is Phase.BROKEN else ""


def _document(run: Run) -> str:
    """The run as JSON, with what a script would have to work out by itself."""
    usage = run.usage
    report = run.report if isinstance(run.report, Report) else None
    worked_out = {
        "run_id": run.id,
        "outcome": run.phase,
        "findings": {finding.angle.slug: finding.text for finding in run.findings},
        "gaps": {gap.angle.slug: {"cause": gap.cause, "sentence": gap.sentence} for gap in run.gaps},
        "summary": run.summary,
        "report_markdown": report.markdown if report else None,
        "usage": usage.model_dump(mode="json") | {"tokens": usage.tokens},
    }
    return json.dumps(run.model_dump(mode="json") | worked_out, ensure_ascii=False, indent=2)
