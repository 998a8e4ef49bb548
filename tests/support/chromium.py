"""The machine's own Chromium, or what is to be said where there is none."""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
LEFT_OUT = "no Chromium on this machine"


def executable() -> str:
    """The path of the machine's Chromium; leaves the test out without one, or fails where one is needed."""
    found = next(filter(None, map(shutil.which, NAMES)), "")
    if not found and os.environ.get("BROWSER") == "needed":
        pytest.fail(f"{LEFT_OUT}, and it is needed here")
    return found or pytest.skip(LEFT_OUT)
