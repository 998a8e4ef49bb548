"""What the tiny model needs of the machine before it is loaded; ``tests/test_trial.py`` sees it at work."""

from __future__ import annotations

import os
import sys

import pytest

from bot.adapters.model_embedded import NotInstalledError, embedded


@pytest.mark.parametrize(("chosen", "kept"), [("", "passive"), ("active", "active")])
async def test_its_threads_wait_without_spinning_unless_the_operator_chose_otherwise(
    monkeypatch: pytest.MonkeyPatch, chosen: str, kept: str
) -> None:
    """Beside three busy programs on two cores a run ended in no time limit otherwise."""
    monkeypatch.setenv("OMP_WAIT_POLICY", chosen)
    if not chosen:
        monkeypatch.delenv("OMP_WAIT_POLICY")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)  # the library is looked for once this is set
    with pytest.raises(NotInstalledError, match="libgomp1"):
        async with embedded(1, 1):
            pass
    assert os.environ["OMP_WAIT_POLICY"] == kept
