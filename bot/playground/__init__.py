"""A Slack of our own on loopback: Web API, Socket Mode, signed HTTP delivery, response_url, faults on demand.

``server`` is the address and the ways to the app (``delivery``, ``events``, ``news``); ``webapi`` and ``methods``
answer the app's calls (``chat``, ``conversations``, ``reactions``, ``statuses``, ``users``, ``views``, ``files``,
``canvases``); ``talk`` and ``interactions`` are the hands of the people (``elements``, ``forms``, ``triggers``);
``workspace`` remembers it all.
"""

from bot.playground.interactions import Interactions
from bot.playground.talk import Talk


class Playground(Talk, Interactions):
    """A Slack workspace with the people in it; see Server for what it is made with."""


__all__ = ["Playground"]
