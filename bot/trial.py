"""The pattern in a terminal: the same ports, the same model adapter, nothing kept."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from bot import network, terminal
from bot.adapters.encyclopedia_offline import Article
from bot.adapters.journal_memory import MemoryJournal
from bot.adapters.model_local import PORTS
from bot.adapters.thread_terminal import PlainScreen, Screen, SilentScreen, TerminalRoom, clean
from bot.adapters.web.searching import Searching
from bot.library import library
from bot.research import words
from bot.research.active_run import ActiveRun
from bot.research.evidence.citations import numbered
from bot.research.model import Finding, Gap, Question, Report, Unwritten
from bot.research.request import Topic
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.research.words import cost, duration, sentence
from bot.settings import ModelSettings
from bot.speaker import Speaker, speaker


async def trial(
    topic: Topic, settings: ModelSettings, as_json: bool, tiny: bool = False, ports: Mapping[int, str] = PORTS
) -> Run:
    """Research a topic on this terminal; give the run's last state. Raises NotInstalledError.

    Without a model in the settings, a server on this machine that listens on one of the ``ports`` is taken before the
    tiny model that comes along; ``tiny`` takes the latter at once.
    """
    deep = topic.deep and settings.max_depth > 1
    async with speaker(topic.text, settings, tiny, ports) as chosen:
        times, limits = (settings.run_timeout, chosen.endpoint.timeout), settings.run_limits(chosen.endpoint)
        unheld = bool(settings.max_run_price and not limits.dollars and not chosen.endpoint.local)
        told = [*chosen.told, *([words.DEPTH_OFF] if topic.deep and not deep else [])]
        told += [words.price_unknown("MAX_RUN_PRICE", chosen.endpoint.model)] * unheld
        told += _quoted(chosen.article) if chosen.article else []
        if told and not as_json:
            _print([*told, *[""] * sys.stdout.isatty()])  # a plain screen has a blank line of its own
        room = TerminalRoom(_screen(as_json), chosen.label)
        now = time.time()
        question = Question(key=f"terminal/{now}", topic=topic.text, asked_at=now, angles=topic.angles, deep=deep)
        # So small a model writes worse with passages before it, and its texts shall not look as if they had sources.
        searching = Searching((), chosen.endpoint) if chosen.label else settings.searching(chosen.endpoint)
        async with network.session() as session, library(searching, settings.allowed_hosts, session) as books:
            research = Research(chosen.model, room, *times, chosen.voice, limits, settings.max_depth, books)
            run = await research.run(ActiveRun(Run.of(question)), MemoryJournal())
    _print([_document(run, chosen)] if as_json else _footer(run))
    return run


def _quoted(article: Article) -> list[str]:
    """An article word for word, and whose words these are."""
    return ["", f"“{clean(article.text)}”", words.from_article(clean(article.title), article.source, article.licence)]


def _screen(as_json: bool) -> Screen:
    if as_json:
        return SilentScreen()
    if not sys.stdout.isatty():
        return PlainScreen(sys.stdout)
    from rich.console import Console  # not for pipes

    from bot.adapters.screen_rich import RichScreen

    return RichScreen(Console(highlight=False))


def _print(lines: Iterable[str]) -> None:
    """Print each, on a terminal without breaking a word at its edge."""
    for line in lines:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
        print(textwrap.fill(line, width, break_on_hyphens=False) if width else line, flush=True)  # noqa: T201


def _footer(run: Run) -> list[str]:
    parts = [part for branch in run.branches for part in branch.parts if not isinstance(part, Gap)]
    each = (part for part in (*parts, run.plan, run.report) if part)
    in_turn = sum(part.in_turn if isinstance(part, Finding) else part.seconds for part in each)
    deep = [words.DEEP] if run.question.deep else []
    numbers = [*deep, duration(run.seconds), words.one_after_another(in_turn), *cost(run.usage)]
    return list(filter(None, [_verdict(run), " · ".join(numbers)]))


def _verdict(run: Run) -> str:
    """What the run lacks, in a line; "" if nothing."""
    if run.phase is Phase.FAILED:
        return f"✕ {words.no_angle_at_all(clean(sentence(run.gaps[0])))}"
    if isinstance(run.report, Unwritten):
        return f"✕ {words.no_report_at_all(clean(sentence(run.report)))}"
    if run.unmerged and not (run.limit and run.gaps):
        return f"✕ {words.no_synthesis(clean(sentence(run.unmerged)))}"
    if run.limit:
        return f"✕ {words.limit_used(run.limit)}"
    return f"✕ {words.RUN_BROKEN}" if run.phase is Phase.BROKEN else ""


def _document(run: Run, speaker: Speaker) -> str:
    """The run as JSON, with what a script would have to work out by itself."""
    usage = run.usage
    report = run.report if isinstance(run.report, Report) else None
    worked_out = {
        "run_id": run.id,
        "outcome": run.phase,
        "findings": {each.angle.slug: numbered(each.text, each.sources) for each in run.findings},
        "sources": [source.model_dump(mode="json") for source in run.sources],
        "gaps": {gap.angle.slug: {"cause": gap.cause, "sentence": sentence(gap)} for gap in run.gaps},
        "summary": numbered(run.summary, run.sources),
        "report_markdown": numbered(report.markdown, run.sources) if report else None,
        "model": speaker.endpoint.model,
        "label": speaker.label,
        "encyclopedia": asdict(speaker.article) if speaker.article else None,
        "usage": usage.model_dump(mode="json") | {"tokens": usage.tokens},
    }
    return json.dumps(run.model_dump(mode="json") | worked_out, ensure_ascii=not terminal.says_everything(), indent=2)
