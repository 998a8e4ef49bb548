"""What stands beside answers, and the menu entries that lead on from a report."""

from __future__ import annotations

from bot.research import words
from bot.service.conversation import Conversation
from bot.service.jobs import Word
from bot.slack.listeners.clicks import Click
from bot.slack.listeners.modal import Forms
from bot.slack.messages.ephemeral import Payload, private


class ThreadButtons:
    """What these do; each click is checked again, for it may be an old one."""

    def __init__(self, conversation: Conversation, forms: Forms) -> None:
        self._conversation, self._forms = conversation, forms

    async def answer_again(self, click: Click) -> None:
        """Answer a question anew that could not be answered."""
        run_id, _, ts = click.value.partition("/")
        await self._conversation.answer_again(run_id, ts, click.user)

    async def new_run(self, click: Click) -> Payload | None:
        """Open the form with a question as the topic of a new run."""
        run_id, _, ts = click.value.partition("/")
        asked = await self._conversation.asked(run_id, ts)
        return await self._forms.open(asked.text, click.trigger_id, channel="")

    async def mute(self, click: Click) -> Payload:
        """Be silent in a thread."""
        await self._conversation.say(click.value, Word.MUTE, click.user)
        return private(words.MUTED)

    async def mute_here(self, click: Click) -> Payload:
        """The same, for the offer to be silent, which gives way."""
        return await self.mute(click) | {"replace_original": True}

    async def unmute(self, click: Click) -> None:
        """Answer in a thread again."""
        await self._conversation.say(click.value, Word.UNMUTE, click.user)

    async def keep(self, click: Click) -> Payload:
        """Go on answering: the offer gives way."""
        return private(words.KEPT_ANSWERING) | {"replace_original": True}
