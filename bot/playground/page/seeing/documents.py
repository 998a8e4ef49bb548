"""Files and canvases of the bot: opened as text, downloaded as they are, never run."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment

from bot.playground.page import draw
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import element
from bot.playground.page.refusals import Refused
from bot.playground.slack import Playground

MARKDOWN = (".md", ".markdown")
UNKNOWN = "application/octet-stream"
MOST_NAMED = 150  # characters of a name, its end with what kind it is; a header has room for all of them escaped
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Document:
    """What was put there, with its title, and the name of the file that it is downloaded as."""

    title: str
    filename: str
    content: bytes

    @property
    def text(self) -> str:
        """What it says; what is no text is not to be read."""
        return self.content.decode(errors="replace")

    @property
    def kind(self) -> str:
        """What it is by its name, and whether that is text in UTF-8, as HTTP has it."""
        kind, packed = mimetypes.guess_type(f"file{PurePath(self.filename).suffix}")
        if not kind or packed:
            return UNKNOWN
        return f"{kind}; charset=utf-8" if kind.startswith("text/") and _is_utf8(self.content) else kind


class Stored:
    """Shows what the bot put into the workspace."""

    def __init__(self, slack: Playground, templates: Environment) -> None:
        self._slack, self._templates = slack, templates

    def document(self, id_: str) -> Document:
        """The file or the canvas with this id; raises Refused."""
        for upload in self._slack.uploads:
            if upload.id == id_ and upload.complete and upload.content is not None:
                return Document(upload.title, upload.filename, upload.content)
        for canvas in self._slack.canvases:
            if canvas.id == id_:
                name = _NOT_IN_NAMES.sub("-", canvas.title).strip("-.") or "canvas"
                return Document(canvas.title or "Canvas", f"{name}.md", canvas.markdown.encode(errors="replace"))
        raise Refused(404, "There is no such file here.")

    def opened(self, id_: str, path: str, names: Names) -> web.Response:
        """A page that shows it, Markdown as people read it, anything else as plain text."""
        it = self.document(id_)
        is_markdown = it.filename.endswith(MARKDOWN)
        content = (
            draw.blocks([{"type": "markdown", "text": it.text}], names) if is_markdown else element("pre", it.text)
        )
        page = self._templates.get_template("sheet.html").render(
            title=it.title or it.filename, filename=it.filename, content=content, download=f"{path}/download"
        )
        return web.Response(text=page, content_type="text/html")

    def downloaded(self, id_: str) -> web.Response:
        """The file itself."""
        it = self.document(id_)
        name = quote(it.filename[-MOST_NAMED:], safe="", errors="replace")
        headers = {"Content-Type": it.kind, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return web.Response(body=it.content, headers=headers)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
