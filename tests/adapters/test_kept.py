"""What is kept beside runs: exports and opinions, on either database; moved and forgotten with their runs."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.channels_sql import SqlChannelChanges
from bot.adapters.database import Database, opened
from bot.adapters.exports_sql import SqlExports
from bot.adapters.feedback_sql import SqlFeedback
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.tables import CHANNELS, FEEDBACK, KEPT
from bot.adapters.transcript_sql import SqlTranscript
from bot.research.model import Place
from bot.research.run_state import Run
from bot.service.channels import ChannelChange, ChannelIds
from bot.service.jobs import JOBS, Exported, ExportFormat, ExportJob, RunJob
from bot.service.transcript import Entry, Feedback
from tests.adapters.tables import everything
from tests.support.fakes import question
from tests.support.processes import run

CHANGES = [ChannelChange(former="C1", current="C2", at=2.5), ChannelChange(former="G1", current="C1", at=1.5)]
ONE, OTHER = Run.of(question(key="one")), Run.of(question(key="other"))


async def keep(database: Database, *runs: Run) -> None:
    for each in runs:
        await SqlRuns(database).save(each)
        await SqlExports(database).save(Exported(run_id=each.id, form=ExportFormat.FILE, attempt=1, link="l"))
        await SqlTranscript(database).add([Entry(run_id=each.id, ts="2.5", text="why?", at=2.5)])
        for user in ("U1", "U2"):
            await SqlFeedback(database).save(Feedback(run_id=each.id, user=user, verdict="up", at=1.5))


async def counts(database: Database) -> dict[str, int]:
    def count(connection: sa.Connection) -> dict[str, int]:
        return {t.name: connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t, _ in KEPT}

    return await database.run(count)


async def test_an_export_comes_back_as_it_was_kept_last(database_url: str) -> None:
    """Each state of a run in each form is another one."""
    async with opened(database_url) as database:
        exports = SqlExports(database)
        failed = Exported(run_id="r_1", form=ExportFormat.CANVAS, attempt=2, failures=1)
        await exports.save(failed)
        assert await exports.find("r_1", ExportFormat.CANVAS, 2) == failed
        assert await exports.find("r_1", ExportFormat.CANVAS, 1) is None
        assert await exports.find("r_1", ExportFormat.FILE, 2) is None
        made = failed.model_copy(update={"link": "https://x", "failures": 0})
        await exports.save(made)
        assert await exports.find("r_1", ExportFormat.CANVAS, 2) == made


async def test_the_last_opinion_of_each_person_stays(database_url: str) -> None:
    """A changed mind takes its reasons along."""
    async with opened(database_url) as database:
        opinions = SqlFeedback(database)
        await opinions.save(Feedback(run_id="r_1", user="U1", verdict="down", reasons=("wrong",), comment="茶", at=1))
        await opinions.save(Feedback(run_id="r_1", user="U1", verdict="up", at=2))
        rows = await database.run(lambda connection: connection.execute(sa.select(FEEDBACK)).all())
        assert [tuple(row) for row in rows] == [("r_1", "U1", "up", "[]", "", 2.0)]


async def test_changes_of_channels_ids_come_back_each_once_and_outlive_runs(database_url: str) -> None:
    """Runs that are kept later may still be asked for by people in the channel."""
    async with opened(database_url) as database:
        later, first = CHANGES
        for change in (later, first, later):
            await SqlChannelChanges(database).save(change)
        await keep(database, ONE)
        await SqlRuns(database).forget([ONE.id])
        assert await SqlChannelChanges(database).all() == [first, later]


async def test_runs_are_found_by_each_id_of_their_channel(database_url: str) -> None:
    """A run that began before the bot heard of the change is kept under the new id already."""
    before, after = (Run.of(question(key=key, place=Place(team="T1", channel=key))) for key in ("G1", "C1"))
    kept = [
        run.model_copy(update={"ref": f"{run.question.place.channel}/1.{n}"}) for n, run in enumerate((before, after))
    ]
    async with opened(database_url) as database:
        channels = ChannelIds()
        runs = SqlRuns(database, channels)
        for each in kept:
            await runs.save(each)
        assert await runs.latest("T1", "C1", 5) == kept[1:]
        channels.learn(CHANGES[1])
        for channel in ("G1", "C1"):
            assert {each.id for each in await runs.latest("T1", channel, 5)} == {before.id, after.id}
            assert [await runs.in_thread(f"{channel}/1.{n}") for n in (0, 1)] == kept
        assert await runs.in_thread("C2/1.0") is None


async def test_all_that_belongs_to_a_run_is_forgotten_with_it_and_nothing_else(database_url: str) -> None:
    """Who asks for deletion means the comment too."""
    async with opened(database_url) as database:
        await keep(database, ONE, OTHER)
        await SqlRuns(database).forget([ONE.id])
        assert await counts(database) == {"runs": 1, "entries": 1, "threads": 1, "exports": 1, "feedback": 2}


async def test_all_that_belongs_to_runs_is_moved_with_them(sqlite_url: str, postgres_url: str) -> None:
    """Whoever outgrows a file keeps what people said."""
    async with opened(sqlite_url) as database:
        await keep(database, ONE, OTHER)
        await SqlChannelChanges(database).save(CHANGES[0])
    there = await run("move", sqlite_url, DATABASE_URL=postgres_url)
    assert (there.code, there.out) == (0, "Runs copied: 2. Nothing was deleted.\n"), there.err
    before, after = await everything(sqlite_url), await everything(postgres_url)
    for name in (*(table.name for table, _ in KEPT), CHANNELS.name):
        assert sorted(map(str, after[name])) == sorted(map(str, before[name]))


def test_orders_of_each_kind_come_back_as_what_they_were() -> None:
    """A job of the first release has no kind: it is one for a run."""
    export = ExportJob(run_id="r_1", form=ExportFormat.FILE, attempt=1, private="https://x")
    retry = RunJob(question=question(), attempt=2, by="U1", retry=("technical",))
    assert [JOBS.validate_json(each.model_dump_json()) for each in (export, retry)] == [export, retry]
    old = RunJob(question=question()).model_dump(mode="json", exclude={"kind", "retry"})
    assert JOBS.validate_python(old) == RunJob(question=question())
    named = export.model_dump(mode="json")
    kept = {name: value for name, value in named.items() if name != "private"} | {"reply_url": "https://x"}
    assert JOBS.validate_python(kept) == export
    place = Place.model_validate({"channel": "C1", "reply_url": "https://x"})
    assert (place.private, "https" in f"{place!r} {export!r}") == ("https://x", False)
    assert (export.id, export.model_copy(update={"tries": 2}).id) == ("r_1.export.md.1", "r_1.export.md.1.2")
