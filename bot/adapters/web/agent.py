"""How we call ourselves where we read the web."""

from __future__ import annotations

import aiohttp

from bot import __version__


def agent(contact: str = "") -> str:
    """The User-Agent; ``contact`` is the address of whoever runs the bot."""
    who = f" ({contact})" if contact else ""
    return f"research-bot/{__version__}{who} aiohttp/{aiohttp.__version__}"
