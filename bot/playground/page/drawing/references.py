"""What stands in angle brackets: people, channels, groups, dates and links. Pure."""

from __future__ import annotations

from markupsafe import Markup

from bot.playground.page.drawing import dates, links
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import element

MENTION = r"<[@#!][^<>|\n]++(?:\|[^<>\n]*+)?>"
LINK = r"<[A-Za-z][A-Za-z0-9+.-]*+:[^<>|\n]++(?:\|[^<>\n]*+)?>"


def drawn(reference: str, names: Names) -> Markup:
    """A mention, a date or a link, brackets included and unescaped; what Slack does not know stays as it is."""
    target, _, label = reference[1:-1].partition("|")
    sign, named = target[0], target[1:]
    if sign == "@":
        return mention(f"@{names.people.get(named) or label.lstrip('@') or named}")
    if sign == "#":
        return mention(f"#{names.channels.get(named) or label or named}")
    if sign != "!":
        return links.link(target, label or target.removeprefix("mailto:").removeprefix("tel:"), names)
    return _special(named, label, names) or Markup.escape(reference)


def mention(name: str) -> Markup:
    """Whom or what a message names; a name cannot turn around the line that it stands in."""
    return element("bdi", name, class_="mention")


def unescaped(text: str) -> str:
    """Text as Slack escapes it, as it was typed: three entities, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _special(named: str, label: str, names: Names) -> Markup | None:
    if named in ("here", "channel", "group", "everyone"):
        return mention(f"@{named}")
    if named.startswith("date^"):
        return dates.date(named.removeprefix("date^"), label, names)
    if named.startswith("subteam^"):
        return mention(f"@{label.lstrip('@') or named.removeprefix('subteam^')}")
    return element("bdi", label) if label else None
