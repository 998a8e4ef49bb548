"""What the engine keeps of jobs, read and deleted beside it: by the process that it runs in, or where none runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from dbos import DBOSClient
from pydantic import ValidationError

from bot.adapters.database import Database
from bot.adapters.journal_dbos import Json
from bot.service.jobs import JOBS, Job, read_id


class KeptJobs:
    """The jobs on one database. Every method blocks, from any thread, and raises StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._client: DBOSClient | None = None

    def find(self, job_id: str) -> Job | None:
        """A job as it was given; None where it is not known, or cannot be read by this release."""
        with self._asked() as client:
            found = client.list_workflows(workflow_ids=[job_id], load_output=False) if client else []
        try:
            return JOBS.validate_json(found[0].input["args"][0]) if found and found[0].input else None
        except ValidationError:
            return None

    def unfinished(self) -> list[str]:
        """The ids of the jobs that an engine has to go on with."""
        with self._asked() as client:
            if not client:
                return []
            kept = client.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False, load_output=False)
            return [each.workflow_id for each in kept]

    def older(self, moment: float) -> list[str]:
        """The ids of the runs that jobs before a moment (seconds since the epoch) were about."""
        with self._asked() as client:
            if not client:
                return []
            before = datetime.fromtimestamp(moment, UTC).isoformat()
            kept = client.list_workflows(end_time=before, load_input=False, load_output=False)
            return sorted({read_id(each.workflow_id).run_id for each in kept})

    def steps(self, job_id: str) -> dict[int, str]:
        """The results of a job's steps that are stored, as JSON, by the steps' numbers."""
        with self._asked() as client:
            steps = client.list_workflow_steps(job_id) if client else []
        return {step["function_id"]: step["output"] for step in steps if isinstance(step["output"], str)}

    def forget(self, run_ids: Sequence[str]) -> int:
        """Delete all jobs about these runs; give how many there were."""
        with self._asked() as client:
            attempts = [attempt for run_id in run_ids for attempt in _attempts(client, run_id)] if client else []
            if client:
                client.delete_workflows(attempts, delete_children=True)
        return len(attempts)

    @contextmanager
    def _asked(self) -> Iterator[DBOSClient | None]:
        """Whom to ask, None where no engine ever ran: made once, which costs more than most of what it is asked."""
        with self._database.failing():
            if not self._client and self._used():
                self._client = DBOSClient(
                    system_database_engine=self._database.engine,
                    serializer=Json(),
                    lazy=True,
                    retry_connection_errors=False,
                )
            yield self._client

    def _used(self) -> bool:
        """Whether an engine ever ran on it."""
        schema = None if self._database.is_file else "dbos"
        return sa.inspect(self._database.engine).has_table("workflow_status", schema=schema)


def _attempts(client: DBOSClient, run_id: str) -> list[str]:
    kept = client.list_workflows(workflow_id_prefix=run_id, load_input=False, load_output=False)
    return [each.workflow_id for each in kept if read_id(each.workflow_id).run_id == run_id]
