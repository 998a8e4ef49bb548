"""What holds for every test: no setting of the shell, no log on the screen."""

from __future__ import annotations

import pytest

from bot.settings import Settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test must not read anybody's keys, and must not cost anybody money."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
