"""Exports: each state of a run once in each form, ordered durably and made where the run is shown."""

from __future__ import annotations

import structlog
from pydantic import TypeAdapter
from structlog.contextvars import bound_contextvars

from bot.research.errors import NotPosted
from bot.research.model import Ref
from bot.research.ports import Journal
from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.errors import Closed, Forgotten, NoCanvas, NoReport, UnderWay
from bot.service.jobs import Exported, ExportFormat, ExportJob
from bot.service.permissions import Action, may
from bot.service.persist import surely
from bot.service.ports import Engine, Exporter, Exports, Outcome, Runs

log = structlog.get_logger(__name__)

NOTHING = TypeAdapter(None)


class Exporting:
    """Takes jobs to export and has the press make them; what became of each is kept.

    What is ordered while the ``desk`` drains is left to the next process, as runs are.
    """

    def __init__(self, engine: Engine, desk: Desk, runs: Runs, exports: Exports, press: Exporter) -> None:
        self._desk, self._runs, self._exports, self._press = desk, runs, exports, press
        self._engine = engine

    async def ask(self, run_id: str, form: ExportFormat, by: str, private: str) -> tuple[bool, Ref]:
        """Have a run exported as it is kept; give whether that was begun now, and the reference to one made before.

        Raises Closed, UnderWay, NoReport, Forgotten, StoreDown: then it is not begun.
        """
        if self._desk.closed:
            raise Closed
        run = await self._desk.kept(run_id)
        if run and run.standing and may(Action.EXPORT, by, run.question.asker):
            return await self._begin(run, form, private)
        if await self._desk.is_under_way(run_id):
            raise UnderWay
        raise NoReport if run else Forgotten

    async def _begin(self, run: Run, form: ExportFormat, private: str) -> tuple[bool, Ref]:
        known = await self._exports.find(run.id, form, run.attempt)
        if known and known.link:
            return False, known.link
        tries = known.failures + 1 if known else 1
        state = {"run_id": run.id, "attempt": run.attempt, "direct": run.question.place.direct}
        job = ExportJob.model_validate(state | {"form": form, "tries": tries, "private": private})
        if self._desk.draining:
            self._desk.intake.put_off(job.id)
        return await self._engine.start(job), ""

    async def work(self, job: ExportJob, journal: Journal) -> None:
        """Do what the job says, by this process or by one before it: the engine calls this."""
        await self._desk.intake.turn(job.id)
        run = await surely(lambda: self._runs.find(job.run_id))
        if not run:  # forgotten meanwhile
            return
        place = run.question.place
        with bound_contextvars(run=run.id, team=place.team, channel=place.channel):
            await self._make(job, run, journal)

    async def _make(self, job: ExportJob, run: Run, journal: Journal) -> None:
        ref = ""
        try:
            ref = await self._press.make(run, job.form, journal)
            outcome = Outcome.DONE
        except NoCanvas as error:
            log.info("canvas.refused", cause=str(error))
            outcome = Outcome.INSTEAD
        except NotPosted as error:
            log.warning("export.unposted", form=job.form, cause=str(error))
            outcome = Outcome.FAILED
        except Exception:
            log.exception("export.broken", form=job.form)
            outcome = Outcome.FAILED
        await self._end(job, run, outcome, ref, journal)

    async def _end(self, job: ExportJob, run: Run, outcome: Outcome, ref: Ref, journal: Journal) -> None:
        failures = 0 if ref else job.tries
        kept = Exported(run_id=run.id, form=job.form, attempt=job.attempt, link=ref, failures=failures)
        await surely(lambda: self._exports.save(kept))
        if outcome is Outcome.INSTEAD:
            _, ref = await surely(lambda: self._begin(run, ExportFormat.FILE, private=""))
        log.info("export.ended", form=job.form, outcome=outcome)
        await journal.step("tell", lambda: self._press.tell(job, outcome, ref), NOTHING)
