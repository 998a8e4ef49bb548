"""Clicks on what stands beside answers, and on the menu entries that lead on from a report."""

from __future__ import annotations

from bot.service.conversation import Conversation
from bot.service.errors import Closed, StoreDown
from bot.service.jobs import Word
from bot.slack.listeners.clicks import Chosen
from bot.slack.listeners.modal import Forms
from bot.slack.messages import ephemeral


class TalkClicks:
    """What these do; each click is checked again, for it may be an old one."""

    def __init__(self, conversation: Conversation, forms: Forms) -> None:
        self._conversation, self._forms = conversation, forms

    async def answer_again(self, chosen: Chosen) -> ephemeral.Payload | None:
        """Answer a question anew that could not be answered."""
        run_id, _, ts = chosen.run_id.partition("/")
        try:
            begun = await self._conversation.again(run_id, ts, chosen.user)
        except Closed:
            return ephemeral.SHUTTING_DOWN
        except StoreDown:
            return ephemeral.STORE_DOWN
        return None if begun else ephemeral.STALE_ANSWER

    async def new_run(self, chosen: Chosen) -> ephemeral.Payload | None:
        """Open the form with a question as the topic of a new run."""
        run_id, _, ts = chosen.run_id.partition("/")
        try:
            asked = await self._conversation.asked(run_id, ts)
        except StoreDown:
            return ephemeral.LIST_DOWN
        if not asked:
            return ephemeral.RUN_FORGOTTEN
        return await self._forms.open(asked.text, chosen.user, chosen.trigger_id, channel="")

    async def again(self, chosen: Chosen) -> ephemeral.Payload | None:
        """Open the form filled in with what a run was asked for."""
        return await self._forms.again(chosen.run_id, chosen.user, chosen.trigger_id)

    async def mute(self, chosen: Chosen) -> ephemeral.Payload:
        """Be silent in a thread."""
        return await self._say(chosen, Word.MUTE) or ephemeral.MUTED

    async def mute_here(self, chosen: Chosen) -> ephemeral.Payload:
        """The same, for the offer to be silent, which gives way."""
        return await self.mute(chosen) | {"replace_original": True}

    async def unmute(self, chosen: Chosen) -> ephemeral.Payload | None:
        """Answer in a thread again."""
        return await self._say(chosen, Word.UNMUTE)

    async def keep(self, chosen: Chosen) -> ephemeral.Payload:
        """Go on answering: the offer gives way."""
        return ephemeral.KEPT_ANSWERING | {"replace_original": True}

    async def _say(self, chosen: Chosen, word: Word) -> ephemeral.Payload | None:
        return await ephemeral.or_refusal(self._conversation.say(chosen.run_id, word, chosen.user), "")
