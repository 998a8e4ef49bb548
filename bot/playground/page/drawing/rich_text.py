"""Rich text, as people type it: sections, lists, quotes and code. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from bot.playground.page.drawing import dates, emoji, links
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.references import mention
from bot.playground.page.drawing.tags import Value, element, lines
from bot.playground.page.drawing.text_objects import Payload

STYLES = {"code": "code", "strike": "s", "italic": "em", "bold": "strong"}  # from within to without


def drawn(it: Payload, names: Names) -> Markup:
    """A rich text block, or a cell of a table that holds rich text."""
    return element("div", [_part(each, names) for each in it["elements"]], class_="rich", dir="auto")


def _part(it: Payload, names: Names) -> Markup:
    kind = it["type"]
    if kind == "rich_text_list":
        return _list(it, names)
    said = Markup("").join(_pieces(it["elements"], names))
    if kind == "rich_text_preformatted":
        return element("pre", element("code", said))
    return element("blockquote", said, dir="auto") if kind == "rich_text_quote" else element("p", said, dir="auto")


def _list(it: Payload, names: Names) -> Markup:
    """A list; Slack gives a list within a list as one beside it that is indented."""
    items = [element("li", _pieces(each["elements"], names)) for each in it["elements"]]
    depth = min(int(it.get("indent", 0)), 8)
    about: dict[str, Value] = {"class_": f"indent-{depth}" if depth else "", "dir": "auto"}
    if it.get("style") == "ordered":
        return element("ol", items, start=int(it.get("offset", 0)) + 1, **about)
    return element("ul", items, **about)


def _pieces(elements: list[Payload], names: Names) -> Iterator[Markup]:
    for it in elements:
        said = _piece(it, names)
        for style, tag in STYLES.items():
            said = element(tag, said) if it.get("style", {}).get(style) else said
        yield said


def _piece(it: Payload, names: Names) -> Markup:
    known = PIECES.get(it["type"])
    return known(it, names) if known else Markup.escape(f"[{it['type']}]")


PIECES: Mapping[str, Callable[[Payload, Names], Markup]] = {
    "text": lambda it, _: lines(it["text"]),
    "link": lambda it, names: links.link(it["url"], it.get("text") or it["url"], names),
    "emoji": lambda it, _: emoji.drawn(it["name"]),
    "user": lambda it, names: mention(f"@{names.person(it['user_id'])}"),
    "channel": lambda it, names: mention(f"#{names.channels.get(it['channel_id'], it['channel_id'])}"),
    "usergroup": lambda it, _: mention(f"@{it['usergroup_id']}"),
    "broadcast": lambda it, _: mention(f"@{it['range']}"),
    "date": lambda it, names: dates.date(f"{it['timestamp']}^{it['format']}", it.get("fallback", ""), names),
    "color": lambda it, _: Markup.escape(it["value"]),
}
