"""HTML of parts, each escaped as it is put in. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

Value = str | int | bool | None

BREAK = Markup("<br>")
_LT, _GT, _END, _SPACE, _IS, _QUOTE = map(Markup, ("<", ">", "</", " ", '="', '"'))


def opened(tag: str, /, **attributes: Value) -> Markup:
    """The beginning of an element, or all of one that has no content.

    ``data_action`` is written ``data-action``, ``class_`` is ``class``; True stands without a value, False, None and
    an empty class or title are left out.
    """
    given = [_attribute(key, value) for key, value in attributes.items() if _says(key, value)]
    return Markup("").join([_LT, tag, *given, _GT])


def closed(tag: str) -> Markup:
    """The end of an element."""
    return _END + tag + _GT


def element(tag: str, content: str | Iterable[str] = "", /, **attributes: Value) -> Markup:
    """An element with its content, which is escaped unless it is HTML already."""
    inside = [content] if isinstance(content, str) else content
    return opened(tag, **attributes) + Markup("").join(inside) + closed(tag)


def lines(text: str) -> Markup:
    """Plain text with its lines kept."""
    return BREAK.join(text.split("\n"))


def _attribute(key: str, value: Value) -> Markup:
    name = _SPACE + key.rstrip("_").replace("_", "-")
    return name if value is True else name + _IS + str(value) + _QUOTE


def _says(key: str, value: Value) -> bool:
    return value is not None and value is not False and not (value == "" and key in ("class_", "title"))
