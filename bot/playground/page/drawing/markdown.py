"""Markdown, as Slack's markdown blocks show it: no HTML, no picture, no address but http, https and the page's own.

Pure. The parser's tokens are drawn one after the other, so no depth of hostile nesting is a depth of calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from bot.playground.page.drawing import emoji, links, references
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import Value, closed, element, opened

TAGS = {"h1": "h4", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}  # a message's own title is an h3
TASKS = {"[ ] ": "To do", "[x] ": "Done", "[X] ": "Done"}  # what an item of a list begins with, for whoever hears it
SIDES = {"text-align:right": "right", "text-align:center": "center"}
_PIECE = re.compile(rf"(?P<mention>{references.MENTION})|(?P<address>{links.BARE})|(?P<emoji>{emoji.PATTERN})")
DIRECTED = {"p", "ul", "ol", "td", "th", "h4", "h5", "h6"}  # what is read from right to left begins there as well


def _with_tasks(state: StateCore) -> None:
    """Let the parser know items of a list that are tasks."""
    for item, beside, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if (item.type, beside.type, inline.type) != ("list_item_open", "paragraph_open", "inline"):
            continue
        first = (inline.children or [])[:1]
        if first and first[0].type == "text" and first[0].content.startswith(tuple(TASKS)):
            box = Token("task", "", 0, content=first[0].content[:4])
            first[0].content = first[0].content[4:]
            item.attrSet("class", "task")
            inline.children = [box, *(inline.children or [])]


PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
PARSER.core.ruler.before("text_join", "tasks", _with_tasks)  # after it, a bracket that was escaped looks like any other


def drawn(text: str, names: Names) -> Markup:
    """A text in Markdown."""
    return Markup("").join(_Drawing(names).pieces(PARSER.parse(text)))


class _Drawing:
    """Draws token by token; knows the links that are begun."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._links: list[tuple[str, str]] = []  # the elements that stand for them, the addresses
        self._wordless = False  # whether a link has just begun

    def pieces(self, tokens: Sequence[Token]) -> Iterator[Markup]:
        """What each token is drawn as."""
        for token in tokens:
            if token.type == "inline":
                yield from self.pieces(token.children or [])
            elif not token.hidden:
                yield self._piece(token)
                self._wordless = token.type == "link_open"

    def _piece(self, token: Token) -> Markup:
        match token.type:
            case "link_open" | "link_close":
                return self._link(token)
            case "text" | "text_special":
                return Markup.escape(token.content) if self._links else _words(token.content, self._names)
            case "image":
                return self._picture(token)
            case "code_inline":
                return element("code", token.content)
            case "fence" | "code_block":
                return element("pre", element("code", token.content.removesuffix("\n")))
            case "task":
                return _box(TASKS[token.content])
            case "softbreak":
                return Markup("\n")
        return _element(token)

    def _link(self, token: Token) -> Markup:
        if token.type == "link_close":
            tag, address = self._links.pop()
            return (Markup.escape(address) if self._wordless else Markup("")) + closed(tag)
        address = str(token.attrs.get("href", ""))
        attributes = links.leading(address, self._names)
        self._links.append(("a" if attributes else "bdi", address))
        return opened(self._links[-1][0], **attributes)

    def _picture(self, token: Token) -> Markup:
        """A link to a picture, for nothing is loaded from elsewhere."""
        address = str(token.attrs.get("src", ""))
        words = token.content or address
        return Markup.escape(words) if self._links else links.link(address, words, self._names)


def _words(text: str, names: Names) -> Markup:
    """Text with whom it mentions, with the addresses in it as links, and with its emoji."""
    pieces: list[str] = []
    at = 0
    for found in _PIECE.finditer(text):
        pieces += [text[at : found.start()], _found(str(found.lastgroup), found[0], names)]
        at = found.end()
    return Markup("").join([*pieces, text[at:]])


def _found(kind: str, text: str, names: Names) -> Markup:
    if kind == "mention":
        return references.drawn(text, names)
    return emoji.drawn(text[1:-1]) if kind == "emoji" else links.link(text, text, names)


def _box(state: str) -> Markup:
    """Whether a task is done; it is there to be read, not to be pressed."""
    return opened("input", type="checkbox", checked=state == "Done", disabled=True, aria_label=state) + Markup(" ")


def _element(token: Token) -> Markup:
    """The beginning or the end of an element, or one without content."""
    tag = TAGS.get(token.tag, token.tag)
    if token.nesting < 0:
        return closed(tag) + (closed("div") if tag == "table" else "")
    given: dict[str, Value] = {"dir": "auto"} if tag in DIRECTED else {}
    if tag == "ol" and "start" in token.attrs:
        given["start"] = int(token.attrs["start"])
    if named := token.attrs.get("class") or SIDES.get(str(token.attrs.get("style", ""))):
        given["class_"] = str(named)
    around = opened("div", class_="table") if tag == "table" else Markup("")
    return around + opened(tag, **given)
