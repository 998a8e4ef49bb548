"""What somebody sends from a composer: a message, a command of the app, a command of Slack itself."""

from __future__ import annotations

from bot.playground.page.doing.composer_text import Command, mentioned, read
from bot.playground.page.people import PEOPLE, SLACKBOT, called, open_to
from bot.playground.page.refusals import Refused
from bot.playground.slack import Playground
from bot.playground.slack.answers import PrivateAnswer
from bot.playground.slack.messages import BOT_USER
from bot.playground.slack.workspace import Channel

LONGEST = 12_000  # characters of a message that Slack's composer sends

# What Slack itself says, privately.
NO_ANSWER = "/{} failed because the app did not respond. Try again in a moment."
NOT_IN_THREADS = "/{} is not supported in threads. Sorry!"
UNKNOWN = (
    '`/{}` is not a valid command. In Slack, all messages that start with the "/" character are interpreted as '
    'commands. To send it as a message, put a blank before the "/".'
)
WHOM = "Say whom to invite: `/invite @Research`"
IN_ALREADY = "{} is already in this channel."
NOT_HERE = "Nobody can be invited to direct messages."


class Composer:
    """Sends what people type."""

    def __init__(self, slack: Playground) -> None:
        self._slack, self._workspace = slack, slack.workspace

    async def send(self, text: str, user: str, channel: Channel, thread_ts: str) -> None:
        """Send what somebody typed in a channel or a thread; raises Refused."""
        if not text.strip():
            raise Refused(400, "There is nothing to send yet.")
        if len(text) > LONGEST:
            raise Refused(400, f"This message has {len(text):,} characters; the most is {LONGEST:,}.")
        typed = read(text)
        if isinstance(typed, Command):
            said = await self._commanded(typed, user, channel, thread_ts)
            if said:
                self._slackbot(said, user, channel, thread_ts)
            return
        await self._slack.say(channel.id, self._mentioned(typed, user), user, thread_ts or None)

    async def _commanded(self, command: Command, user: str, channel: Channel, thread_ts: str) -> str:
        """Do what a command says; give what Slack says to that, "" if it leaves that to the app."""
        if command.name == "invite":
            return await self._invited(command.text, user, channel)
        if command.name != "research":
            return UNKNOWN.format(command.name)
        if thread_ts:
            return NOT_IN_THREADS.format(command.name)
        delivery = await self._slack.command(self._mentioned(command.text, user), channel.id, user)
        return "" if delivery.acked else NO_ANSWER.format(command.name)

    async def _invited(self, name: str, user: str, channel: Channel) -> str:
        if channel.kind == "im":
            return NOT_HERE
        people = {"research": BOT_USER} | {each.casefold(): id_ for id_, each in PEOPLE.items()}
        invited = people.get(name.removeprefix("@").strip().casefold())
        if not invited:
            return WHOM
        if invited in channel.members:
            return IN_ALREADY.format(self._workspace.people[invited].real_name)
        await self._slack.join(channel.id, invited)
        return ""

    def _mentioned(self, text: str, user: str) -> str:
        people = {"Research": BOT_USER} | {name: id_ for id_, name in PEOPLE.items()}
        channels = open_to(self._workspace, user).values()
        return mentioned(text, people, {called(each)[1:]: each.id for each in channels if each.kind != "im"})

    def _slackbot(self, text: str, user: str, channel: Channel, thread_ts: str) -> None:
        at = self._workspace.next_ts()
        self._workspace.answers.append(
            PrivateAnswer(user, channel.id, {"text": text}, at, thread_ts, at, author=SLACKBOT)
        )
        self._workspace.changed()
