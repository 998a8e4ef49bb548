"""Slack's dates, which each reader sees by the own clock. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.playground.page.drawing.links import link
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import element

_TOKEN = re.compile(r"\{(\w++)\}")


def date(told: str, otherwise: str, names: Names) -> Markup:
    """A moment as ``<seconds>^<words with tokens>[^<address>]`` tells it; ``otherwise`` is said if it tells none."""
    seconds, _, form = told.partition("^")
    form, _, address = form.partition("^")
    try:
        moment = datetime.fromtimestamp(int(seconds), names.zone)
    except (ValueError, OverflowError, OSError):
        return Markup.escape(otherwise)
    said = _TOKEN.sub(lambda found: _said(found[1], moment, names.now) or found[0], form) or otherwise
    drawn = element("time", said, datetime=moment.isoformat())
    return link(address, drawn, names) if address else drawn


def _said(token: str, moment: datetime, now: datetime | None) -> str:
    """What a token stands for; "" if Slack knows no such one."""
    this_year = not now or moment.year == now.astimezone(moment.tzinfo).year
    short = f"{moment.day} {moment:%b}" if this_year else f"{moment.day} {moment:%b} {moment.year}"
    long = f"{moment.day} {moment:%B} {moment.year}"
    near = _near(moment, now) if token.endswith("_pretty") else ""
    said = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%d/%m/%Y}",
        "date": long,
        "date_short": short,
        "date_long": f"{moment:%A}, {long}",
        "time": f"{moment:%H:%M}",
        "time_secs": f"{moment:%H:%M:%S}",
    }
    return near or said.get(token.removesuffix("_pretty"), "")


def _near(moment: datetime, now: datetime | None) -> str:
    """A day that has a name of its own."""
    if not now:
        return ""
    today = now.astimezone(moment.tzinfo).date()
    named = {today: "today", today - timedelta(1): "yesterday", today + timedelta(1): "tomorrow"}
    return named.get(moment.date(), "")
