"""A Slack of our own on loopback: Web API, Socket Mode, signed HTTP delivery, response_url, faults on demand.

workspace.py      people, channels, what was said there
messages.py       a message with all that it showed
answers.py        what only one person sees
server.py         one address for all of Slack
webapi.py         the Web API on the wire: tokens, faults, rate limits, a record of all calls
methods.py        arguments in, answer out
chat.py           chat.*
conversations.py  conversations.*
reactions.py      reactions.*
statuses.py       assistant.threads.setStatus
users.py          users.info
views.py          views.*
files.py          files, in three steps
canvases.py       canvases
rates.py          how often Slack takes a call
faults.py         ways in which Slack lets a caller down
checks.py         whether Slack would take a message
talk.py           what people say
interactions.py   what people press, choose and fill in
elements.py       what can be pressed
forms.py          what is typed into forms
triggers.py       ids with which a form may be opened
news.py           what an app hears of messages
events.py         delivered beside each other, and again
delivery.py       over sockets, or as signed requests
"""

from bot.playground.slack.interactions import Interactions
from bot.playground.slack.talk import Talk


class Playground(Talk, Interactions):
    """A Slack workspace with the people in it; see Server for what it is made with."""


__all__ = ["Playground"]
