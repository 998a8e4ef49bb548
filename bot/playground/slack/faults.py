"""Ways in which Slack lets a caller down, on demand."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]


@dataclass
class Fault:
    """What happens to the next ``times`` calls of ``method`` (``*`` for any) whose arguments fit.

    The method ``response_url`` is that of private answers; it knows ``error`` only.

    ``error`` answers with Slack's code, ``status`` with an HTTP status, ``retry_after`` with a 429 and those seconds,
    ``hang`` not at all; with ``done`` what was asked is done all the same. ``dropped`` does it and cuts the connection
    instead of answering. ``delay`` answers after those seconds. From ``until`` on, in seconds of time.monotonic, it
    happens no more.
    """

    method: str
    error: str = ""
    status: int = 0
    retry_after: int | None = None
    done: bool = False
    dropped: bool = False
    hang: bool = False
    delay: float = 0
    times: int = 1
    until: float = math.inf
    fits: Callable[[Payload], bool] = field(default=lambda arguments: True)


class Faults:
    """The faults that still wait for their call."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let this happen from now on."""
        self._waiting.append(fault)

    def take(self, method: str, arguments: Payload) -> Fault:
        """The fault that this call meets; one without effect if none."""
        self._waiting = [fault for fault in self._waiting if time.monotonic() < fault.until]
        for fault in self._waiting:
            if fault.method in ("*", method) and fault.fits(arguments):
                fault.times -= 1
                if not fault.times:
                    self._waiting.remove(fault)
                return fault
        return Fault(method)
