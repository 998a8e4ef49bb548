"""What is pressed: buttons, menus, thumbs. Pure.

Each carries ``data-action`` and ``data-block``, and ``data-option`` where it stands for one of several.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from markupsafe import Markup

from bot.playground.page.drawing import links
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import Value, element
from bot.playground.page.drawing.text_objects import Payload, bare, drawn

MORE = "More actions"
STYLES = {"primary": "main", "danger": "danger"}


def button(it: Payload, block: str, names: Names) -> Markup:
    """A button, or a link that looks like one; where nothing may lead to its address it cannot be pressed."""
    style = STYLES.get(it.get("style", ""), "")
    about: dict[str, Value] = {"class_": f"button {style}".rstrip(), "title": it.get("accessibility_label")}
    about |= _use(it, block) | _confirm(it, names)
    words = drawn(it["text"], names)
    if "url" not in it:
        return element("button", words, type="button", **about)
    attributes = links.leading(it["url"], names)
    if not attributes:
        return element("button", words, type="button", disabled=True, **about)
    return element("a", words, **about, **attributes)


def overflow(it: Payload, block: str, names: Names) -> Markup:
    """A button that opens a menu."""
    opener = element(
        "button", "⋯", type="button", class_="button", aria_haspopup="menu", aria_expanded="false", aria_label=MORE
    )
    items = (_item(option, it, block, names) for option in it["options"])
    return element("div", [opener, element("div", items, role="menu", hidden=True)], class_="menu")


def _item(option: Payload, it: Payload, block: str, names: Names) -> Markup:
    about = {"role": "menuitem", "data_option": option.get("value", "")} | _use(it, block) | _confirm(it, names)
    words = [drawn(option["text"], names)]
    if option.get("description"):
        words.append(element("span", drawn(option["description"], names), class_="description"))
    return element("button", words, type="button", **about)


def feedback(it: Payload, block: str, names: Names, chosen: object = None) -> Markup:
    """Two words of which one can be chosen; ``chosen`` is the value of the one that is."""
    return element("div", _thumbs(it, block, names, chosen), class_="toggles")


def _thumbs(it: Payload, block: str, names: Names, chosen: object) -> Iterable[Markup]:
    for thumb in (it["positive_button"], it["negative_button"]):
        about: dict[str, Value] = {"class_": "button toggle", "title": thumb.get("accessibility_label")}
        about |= {"aria_pressed": "true" if thumb["value"] == chosen else "false", "data_option": thumb["value"]}
        yield element("button", drawn(thumb["text"], names), type="button", **about, **_use(it, block))


def icon(it: Payload, block: str, names: Names) -> Markup:
    """A button that Slack shows as a picture, by its words."""
    about = {"class_": "button", "title": it.get("accessibility_label"), "data_option": it.get("value")}
    return element("button", drawn(it["text"], names), type="button", **about, **_use(it, block), **_confirm(it, names))


def _use(it: Payload, block: str) -> dict[str, Value]:
    return {"data_action": it.get("action_id"), "data_block": block}


def _confirm(it: Payload, names: Names) -> dict[str, Value]:
    """What is asked before it counts, in words only."""
    asked = it.get("confirm")
    if not asked:
        return {}
    words: dict[str, str] = {part: bare(asked.get(part), names) for part in ("title", "text", "confirm", "deny")}
    return {"data_confirm": json.dumps(words | {"style": asked.get("style", "")}, ensure_ascii=False)}
