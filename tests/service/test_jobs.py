"""Ids of jobs: the engine keeps a job once for each, in this release and in the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.jobs import ExportFormat, ExportJob, Job, JobId, Kind, ReplyJob, RunJob, read_id
from tests.support.fakes import question

QUESTION = question()
RUN = QUESTION.run_id
TRIES = st.integers(1, 12)


def run_jobs() -> st.SearchStrategy[RunJob]:
    return st.builds(RunJob, question=st.just(QUESTION), attempt=TRIES)


def reply_jobs() -> st.SearchStrategy[ReplyJob]:
    stamps = st.builds("{:010}.{:06}".format, st.integers(0, 9_999_999_999), st.integers(0, 999_999))
    fixed = {"run_id": RUN, "thread": "C1/1.0", "asker": "U1", "text": "Why?", "asked_at": 1.0}
    return st.builds(ReplyJob, ts=stamps, attempt=TRIES, **{name: st.just(value) for name, value in fixed.items()})


def export_jobs() -> st.SearchStrategy[ExportJob]:
    return st.builds(ExportJob, run_id=st.just(RUN), form=st.sampled_from(ExportFormat), attempt=TRIES, tries=TRIES)


@given(run_jobs() | reply_jobs() | export_jobs())
def test_an_id_says_what_its_job_is_about(job: Job) -> None:
    kinds = {RunJob: Kind.RUN, ReplyJob: Kind.REPLY, ExportJob: Kind.EXPORT}
    reply = job.ts if isinstance(job, ReplyJob) else ""
    assert read_id(job.id) == JobId(RUN, kinds[type(job)], reply)


@given(st.lists(run_jobs() | reply_jobs() | export_jobs(), unique_by=lambda job: job.model_dump_json()))
def test_different_jobs_have_different_ids(jobs: list[Job]) -> None:
    assert len({job.id for job in jobs}) == len(jobs)


@pytest.mark.parametrize(
    ("job_id", "said"),
    [
        ("r_83CME8ANTC86", JobId("r_83CME8ANTC86", Kind.RUN)),
        ("r_83CME8ANTC86.2", JobId("r_83CME8ANTC86", Kind.RUN)),
        ("r_83CME8ANTC86.answer.1792230000.000100", JobId("r_83CME8ANTC86", Kind.REPLY, "1792230000.000100")),
        ("r_83CME8ANTC86.answer.1792230000.000100.2", JobId("r_83CME8ANTC86", Kind.REPLY, "1792230000.000100")),
        ("r_83CME8ANTC86.export.md.1", JobId("r_83CME8ANTC86", Kind.EXPORT)),
        ("r_83CME8ANTC86.export.canvas.3.2", JobId("r_83CME8ANTC86", Kind.EXPORT)),
    ],
)
def test_ids_that_0_1_0_kept_are_read(job_id: str, said: JobId) -> None:
    assert read_id(job_id) == said
