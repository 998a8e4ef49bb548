"""A terminal that somebody watches: texts as pages, the state of the run live under them."""

from __future__ import annotations

from markdown_it import MarkdownIt
from rich.console import Console, Group
from rich.live import Live
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

# Tags that are still there stand in texts about tags: they are shown, where rich leaves them out.
PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class RichScreen:
    """Draws with rich; model text is never read as rich's own markup."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=4, transient=True)

    def live(self) -> Live:
        """The state stays under everything else until this is left."""
        return self._live

    def state(self, rows: list[str]) -> None:
        """Redraw the state."""
        self._live.update(Padding(Text("\n".join(rows)), (1, 0)))

    def text(self, title: str, markdown: str, note: str) -> None:
        """Print a page above the state."""
        head, foot = Rule(Text(title, style="bold"), align="left"), Text(note, style="dim")
        body = Markdown(markdown)
        body.parsed = PARSER.parse(markdown)
        page = Group(head, body, foot) if markdown else Group(head, foot)
        self._console.print(page, end="\n\n")
