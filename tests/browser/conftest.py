"""One browser for all that look at the playground's page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.support.browser import launched
from tests.support.chromium import executable


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser; whoever takes it runs in the session's loop."""
    async with launched(executable()) as found:
        yield found
