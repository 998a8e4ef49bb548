"""The form in Slack: opened by a button or a shortcut, checked, accepted, acknowledged."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import structlog

from bot.research import words
from bot.research.errors import Misasked, Refused
from bot.research.model import LONGEST_NOTES, LONGEST_TOPIC, SHORTEST_TOPIC, Place, Question
from bot.research.presets import Presets
from bot.research.request import chosen, topic
from bot.service.desk import Desk
from bot.service.errors import ChannelOff, Forgotten
from bot.slack.format.blocks import Block
from bot.slack.format.escape import unnamed, without_ids
from bot.slack.listeners.channels import ChannelAccess
from bot.slack.listeners.clicks import Click, Then, errors
from bot.slack.listeners.contents import brought, said
from bot.slack.listeners.names import Names
from bot.slack.messages import ephemeral
from bot.slack.messages.ephemeral import Payload
from bot.slack.messages.modal import DEPTH, MODE, OWN, OWN_ANGLES, POST_TO, TOPIC, Draft, form_view, problem
from bot.slack.transport.client import SLACK_ERRORS, Workspace, cause
from bot.slack.transport.private import whisper
from bot.text.typed import fit, visible

log = structlog.get_logger(__name__)

SHORTCUT = "research.shortcut"
FIELDS = {"topic": TOPIC, "angles": OWN_ANGLES, "place": POST_TO}  # where a refusal stands


class Forms:
    """Opens forms and takes what is filled in."""

    def __init__(self, desk: Desk, workspace: Workspace, places: ChannelAccess, names: Names, presets: Presets) -> None:
        self._desk, self._workspace, self._places, self._names = desk, workspace, places, names
        self._presets = presets

    async def open(self, topic: str, trigger_id: str, channel: str) -> Payload | None:
        """Open a form about this topic for whoever clicked in a channel; give what they are told if it cannot be."""
        return await self._show(Draft(beginning(topic), origin=channel), trigger_id)

    async def run_again(self, click: Click) -> Payload | None:
        """Open a form filled in with what a run was asked for."""
        run = await self._desk.find(click.value)
        if not run:
            raise Forgotten
        return await self._show(Draft.of(run, self._presets), click.trigger_id)

    async def pressed(self, click: Click) -> Then:
        """A button that opens an empty form."""
        return partial(self.open, "", click.trigger_id, click.channel)

    async def shortcut(self, click: Click) -> Then:
        """A message was chosen: what it says is the topic, its thread takes the run."""
        return partial(self._about_message, click.body["message"], click)

    async def angles_chosen(self, click: Click) -> Then:
        """Whoever wants angles of their own gets a field for them."""
        return partial(self._renew, click.body["view"])

    async def _about_message(self, message: dict[str, Any], click: Click) -> Payload | None:
        text = visible(await self._names.read(visible(said(message)).strip() or brought(message)))
        thread = message.get("thread_ts") or click.body["message_ts"]
        draft = Draft(beginning(text), post_to=click.channel, origin=click.channel, thread=thread)
        return await self._show(draft, click.trigger_id)

    async def _renew(self, view: dict[str, Any]) -> None:
        """Show a form as what is chosen in it wants it."""
        try:
            await self._workspace.client.views_update(
                view_id=view["id"], hash=view["hash"], view=self._view(Draft.filled(view))
            )
        except SLACK_ERRORS as error:  # closed or changed meanwhile: what is sent in is looked at again
            log.warning("form.unchanged", cause=cause(error))

    async def submitted(self, click: Click) -> Payload | Then | None:
        """Accept what is filled in; what cannot be accepted is said at its field."""
        view = self._workspace.client.renewed(click.body["view"])  # it may have been open for long
        draft = Draft.filled(view)
        if draft.mode == OWN and OWN_ANGLES not in view["state"]["values"]:
            return {"response_action": "update", "view": self._view(draft)}
        if draft.deep and not self._desk.deep:
            return errors(DEPTH, words.FORM_DEPTH_OFF)
        self._desk.admission.expect(click.user)
        try:
            reply_urls = click.body.get("response_urls") or []
            question = await self._question(draft, f"form/{view['id']}", click.user, reply_urls)
        except Misasked as refused:
            fields = FIELDS | ({} if draft.mode == OWN else {"angles": MODE})
            return errors(fields[refused.field], problem(refused))
        try:
            await self._desk.accept(question)
        except ChannelOff:
            return errors(POST_TO, words.CHANNEL_OFF)
        if self._desk.draining:
            channel = draft.origin or question.place.channel
            return partial(self._say, channel, click.user, ephemeral.kept(question))
        if draft.origin not in ("", question.place.channel):
            said = ephemeral.starting_elsewhere(question, self._desk.usual_cost(question))
            return partial(self._say, draft.origin, click.user, said)
        return None

    async def _question(self, draft: Draft, key: str, user: str, reply_urls: list[dict[str, Any]]) -> Question:
        """What a form asks, the same for every press of its button; raises Misasked."""
        names = await self._names.of(unnamed(f"{draft.topic} {draft.notes} {draft.own}"))
        angles = chosen([without_ids(name, names) for name in draft.names], self._presets)
        text = topic(without_ids(draft.topic, names))
        place = await self._places.at(draft.post_to, user)
        reply_url = next((url["response_url"] for url in reply_urls if url["channel_id"] == place.channel), "")
        return Question(
            key=key,
            topic=text,
            notes=visible(without_ids(draft.notes, names))[:LONGEST_NOTES],
            asker=user,
            place=_in_thread(place, draft).model_copy(update={"private": reply_url}),
            asked_at=time.time(),
            angles=angles,
            deep=draft.deep,
        )

    def _view(self, draft: Draft) -> Block:
        return form_view(draft, self._presets, self._desk.deep)

    async def _show(self, draft: Draft, trigger_id: str) -> Payload | None:
        """Open a form; its trigger is good for three seconds and for one form."""
        try:
            await self._workspace.client.views_open(trigger_id=trigger_id, view=self._view(draft))
        except SLACK_ERRORS as error:
            log.warning("form.unopened", cause=cause(error))
            return ephemeral.private(words.EXPIRED_FORM)
        return None

    async def _say(self, channel: str, user: str, said: Payload) -> None:
        """Tell whoever sent the form where or when the run is, in the channel where they look."""
        post = self._workspace.client.chat_postEphemeral
        try:
            await whisper({"text": said["text"]}, lambda form: post(channel=channel, user=user, **form))
        except (*SLACK_ERRORS, Refused) as error:  # the bot is not there: the run itself is to be seen
            log.info("answer.unsent", cause=cause(error))


def beginning(text: str) -> str:
    """As much of a text as a topic may have, up to a whole word; "" where it is too short for one."""
    text = " ".join(fit(text).split())
    if len(text) > LONGEST_TOPIC:
        text = text[: LONGEST_TOPIC + 1].rpartition(" ")[0] or text[:LONGEST_TOPIC]
    return text if len(text) >= SHORTEST_TOPIC else ""


def _in_thread(place: Place, draft: Draft) -> Place:
    """The place, with the thread that the form was opened for if that is still where the run shall stand."""
    return place.model_copy(update={"thread": draft.thread if place.channel == draft.origin else ""})
