"""The Exporter port, spoken in Slack: a file or a canvas in the thread of a run."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterator

from pydantic import TypeAdapter
from slack_sdk.errors import SlackApiError

from bot.research import words
from bot.research.errors import NotPosted
from bot.research.model import Ref
from bot.research.ports import Journal
from bot.research.run_state import Run
from bot.service.document import document
from bot.service.errors import NoCanvas
from bot.service.jobs import ExportFormat, ExportJob
from bot.service.ports import Outcome
from bot.slack.format.escape import harmless
from bot.slack.format.refs import made_ref, permalink
from bot.slack.messages import notes, pressed
from bot.slack.messages.ephemeral import Answer
from bot.slack.transport.client import Client, Workspace, unanswered
from bot.slack.transport.outbox import Rank
from bot.slack.transport.posting import Poster, patiently, shown
from bot.text.typed import characters, fit, visible

NAME = TypeAdapter(str)
FILENAME_LIMIT = 60  # characters of a topic in a file's name
FILENAME_BYTES = 200  # of them; file systems take 255 for the whole name


class SlackExporter:
    """Makes exports in a workspace; ``answer`` sends private answers."""

    def __init__(self, poster: Poster, workspace: Workspace, answer: Answer) -> None:
        self._poster, self._workspace, self._client, self._answer = poster, workspace, workspace.client, answer

    async def make(self, run: Run, form: ExportFormat, journal: Journal) -> Ref:
        """Put the run's document into its thread, each step once; refer to it. Raises NotPosted, NoCanvas."""
        channel, _, ts = run.thread.partition("/")
        if form is ExportFormat.CANVAS:
            return await self._canvas(run, channel, ts, journal)
        file_id = await journal.step("upload", lambda: patiently("upload", lambda: self._upload(run)), NAME)
        share = self._share(run, file_id, channel, ts)
        return await journal.step("share", lambda: patiently("share", share.once), NAME)

    async def tell(self, job: ExportJob, outcome: Outcome, ref: Ref) -> None:
        """Tell whoever gave the job, privately, what came of it."""
        link = permalink(self._workspace.url, ref)
        await self._answer(job.private, pressed.exported(job.form, outcome, link, job.direct))

    async def _upload(self, run: Run) -> str:
        """Bring the file to Slack, where nobody sees it yet; give its id."""
        content = fit(await asyncio.to_thread(document, run)).encode()
        place = await self._client.files_getUploadURLExternal(
            filename=filename(run.question.topic), length=len(content)
        )
        assert self._client.session  # noqa: S101  ours always has one
        async with self._client.session.post(str(place["upload_url"]), data=content) as response:
            response.raise_for_status()
        return str(place["file_id"])

    def _share(self, run: Run, file_id: str, channel: str, ts: str) -> _Share:
        return _Share(self._client, file_id, title(run), channel, ts)

    async def _canvas(self, run: Run, channel: str, ts: str, journal: Journal) -> str:
        canvas_id = await journal.step("canvas", lambda: self._create(run), NAME)
        await journal.step("access", lambda: self._open_to_readers(run, canvas_id, channel), NAME)
        link = f"{self._workspace.url}docs/{run.question.place.team}/{canvas_id}"
        note, since = notes.canvas(run, link), run.question.asked_at
        await journal.step("post", lambda: self._poster.post(channel, note, Rank.REPORT, ts, since), NAME)
        return link

    async def _create(self, run: Run) -> str:
        content = {"type": "markdown", "markdown": harmless(await asyncio.to_thread(document, run))}
        try:
            made = await patiently(
                "canvas", lambda: self._client.canvases_create(title=title(run), document_content=content)
            )
        except NotPosted as error:
            if isinstance(error.__cause__, SlackApiError) and not unanswered(error.__cause__):
                raise NoCanvas(str(error)) from error
            raise
        return str(made["canvas_id"])

    async def _open_to_readers(self, run: Run, canvas_id: str, channel: str) -> str:
        place = run.question.place
        whom = {"user_ids": [run.question.asker]} if place.direct else {"channel_ids": [channel]}
        client = self._client
        await patiently("access", lambda: client.canvases_access_set(canvas_id=canvas_id, access_level="read", **whom))
        return canvas_id


class _Share:
    """A file on its way into a thread; it is looked for first, for nobody knows what a second call would do."""

    def __init__(self, client: Client, file_id: str, name: str, channel: str, ts: str) -> None:
        self._client, self._file_id, self._name, self._channel, self._ts = client, file_id, name, channel, ts

    async def once(self) -> Ref:
        """Let it stand in the thread; refer to its message, to the root while that is still to come."""
        ts = await self._standing()
        if not ts:
            files: list[dict[str, str | None]] = [{"id": self._file_id, "title": self._name}]
            await self._client.files_completeUploadExternal(files=files, channel_id=self._channel, thread_ts=self._ts)
            ts = await self._standing() or self._ts
        return made_ref(self._channel, self._ts, ts)

    async def _standing(self) -> str:
        async for message in shown(self._client, self._channel, self._ts, 0):
            if any(file.get("id") == self._file_id for file in message.get("files") or []):
                return str(message["ts"])
        return ""


def title(run: Run) -> str:
    """What an export is called."""
    return harmless(words.export_title(run.question.topic))


def filename(topic: str) -> str:
    """A name for a file about a topic, of the letters, marks and numbers of any script, and of dashes between words."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible(topic)).casefold())
    name = ""
    for character in _named(composed):
        longer = name + character
        if len(longer) > FILENAME_LIMIT or len(longer.encode()) > FILENAME_BYTES:
            break
        name = longer
    name = name.strip("-")
    return f"research-{name}.md" if name else "research.md"


def _named(text: str) -> Iterator[str]:
    """The characters of a text that may stand in a file's name; a dash for all that stands between its words."""
    word = False
    for character in characters(text):
        kept = "".join(each for each in character if _may_be_named(each))
        if kept and unicodedata.category(character[0])[0] in "LN":
            yield kept
            word = True
        elif word:
            yield "-"
            word = False


def _may_be_named(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" and visible(character) == character
