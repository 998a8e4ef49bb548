"""Files and canvases of the bot: opened as text, downloaded as they are, never run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment

from bot.playground.page import draw
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import element
from bot.playground.page.refusals import Refused
from bot.playground.slack import Playground

MARKDOWN = (".md", ".markdown")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Document:
    """A text with its title, and the name of the file that it is downloaded as."""

    title: str
    filename: str
    text: str


class Stored:
    """Shows what the bot put into the workspace."""

    def __init__(self, slack: Playground, templates: Environment) -> None:
        self._slack, self._templates = slack, templates

    def document(self, id_: str) -> Document:
        """The file or the canvas with this id; raises Refused."""
        for upload in self._slack.uploads:
            if upload.id == id_ and upload.complete and upload.content is not None:
                return Document(upload.title, upload.filename, upload.content.decode(errors="replace"))
        for canvas in self._slack.canvases:
            if canvas.id == id_:
                name = _NOT_IN_NAMES.sub("-", canvas.title).strip("-.") or "canvas"
                return Document(canvas.title or "Canvas", f"{name}.md", canvas.markdown)
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
        name = f"attachment; filename*=UTF-8''{quote(it.filename, safe='')}"
        return web.Response(
            body=it.text.encode(), headers={"Content-Disposition": name}, content_type="text/plain", charset="utf-8"
        )
