"""What the playground draws, read as a browser reads it: its elements, their attributes, its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

from bot.playground.page.draw import Names

TEAM = "https://acme.slack.com/"
NAMES = Names(
    people={"U0ASKER": "Asker", "U0MATE": "Teammate A", "U0EVIL": "\u202elive <b>"},
    channels={"C000000001": "general", "C000000002": "energy", "D000000003": "Research"},
    zone=UTC,
    within=lambda address: address.replace(TEAM, "/") if address.startswith(TEAM) else None,
    now=datetime(2026, 11, 20, 12, tzinfo=UTC),
)

VOID = {"br", "hr", "input"}
LINES = VOID | {"p", "div", "li", "pre", "blockquote", "tr", "td", "th", "h3", "h4", "h5", "h6", "ul", "ol", "option"}
ELEMENTS = LINES | {
    *("a", "bdi", "button", "code", "em", "fieldset", "label", "legend", "optgroup", "s", "select", "span", "strong"),
    *("table", "tbody", "textarea", "thead", "time"),
}
ATTRIBUTES = {
    *("aria-describedby", "aria-expanded", "aria-haspopup", "aria-hidden", "aria-invalid", "aria-label"),
    *("aria-pressed", "autofocus", "checked", "class", "datetime", "dir", "disabled", "for", "hidden", "href", "id"),
    *("data-action", "data-block", "data-confirm", "data-field", "data-option", "data-within", "inputmode", "label"),
    *("maxlength", "minlength", "multiple", "name", "placeholder", "rel", "required", "role", "rows", "selected"),
    *("start", "target", "title", "type", "value"),
}


@dataclass(frozen=True)
class Element:
    """An element: its tag, its attributes, and the elements that it stands in."""

    tag: str
    attributes: dict[str, str | None]
    within: tuple[str, ...]


@dataclass
class Drawn:
    """What was read: all elements in order, and the text, in which the end of a line is one."""

    elements: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def words(self) -> list[str]:
        """The text, word by word."""
        return self.text.split()

    def all(self, tag: str) -> list[Element]:
        """The elements with this tag."""
        return [each for each in self.elements if each.tag == tag]

    def one(self, tag: str) -> dict[str, str | None]:
        """The attributes of the only element with this tag."""
        (found,) = self.all(tag)
        return found.attributes


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.drawn = Drawn()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute of {tag} stands twice"
        self.drawn.elements.append(Element(tag, dict(attrs), tuple(self.open)))
        self.drawn.text += "\n" if tag in LINES else ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} ends where it did not begin"
        self.drawn.text += "\n" if tag in LINES else ""

    def handle_data(self, data: str) -> None:
        self.drawn.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def plain(text: str) -> dict[str, str]:
    """A text object of Slack's that stands for itself."""
    return {"type": "plain_text", "text": text}


def read(html: str) -> Drawn:
    """What HTML holds; raises AssertionError for an element that does not end and for whatever is none."""
    reader = _Reader()
    reader.feed(str(html))  # which escapes nothing that is added to it
    reader.close()
    assert not reader.open, f"{reader.open} do not end"
    return reader.drawn


def harmless(html: str) -> Drawn:
    """The same, once it is sure that nothing in it runs, loads, or leads where no link may."""
    drawn = read(html)
    for each in drawn.elements:
        assert each.tag in ELEMENTS, each
        assert each.attributes.keys() <= ATTRIBUTES, each
        address = each.attributes.get("href")
        if address is not None:
            assert address.lower().startswith(("https://", "http://")) or "data-within" in each.attributes, each
        assert each.tag != "a" or "a" not in each.within, "a link in a link"
    return drawn
