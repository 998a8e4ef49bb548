"""The pages that a bot shows its operator."""

from __future__ import annotations

import aiohttp


async def page(port: int, path: str) -> tuple[int, str]:
    """What stands at this path: status and text."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()
