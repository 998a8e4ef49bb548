"""A Slack of our own on loopback: Web API, Socket Mode, signed HTTP delivery, response_url, faults on demand."""

from bot.playground.server import Playground

__all__ = ["Playground"]
