"""The engines that the contracts hold for."""

from __future__ import annotations

from functools import partial

import pytest

from tests.adapters.engines import Running, durable
from tests.support.fakes import MemoryEngine, MemoryStore


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def running(request: pytest.FixtureRequest) -> Running:
    """Engines one after the other on the same store, each as a process has it."""
    if request.param == "memory":
        store = MemoryStore()
        return lambda work: MemoryEngine(store).running(work)
    return partial(durable, request.getfixturevalue(f"{request.param}_url"))
