"""Topics that found no place: kept for a while, so that a button can start them in direct messages."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable

from bot.research.model import Question

KEEP_SECONDS = 30 * 60  # as the message beside the button says, and as long as its response_url works


class ParkedTopics:
    """Questions by a short name; the clock gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Question]] = OrderedDict()

    def keep(self, question: Question) -> str:
        """Keep a question; give its name, the same for the same question."""
        self._forget_old()
        name = f"p_{hashlib.sha256(question.key.encode()).hexdigest()[:12]}"
        self._kept[name] = (self._clock() + KEEP_SECONDS, question)
        return name

    def find(self, name: str) -> Question | None:
        """The question of that name unless its time is over."""
        self._forget_old()
        found = self._kept.get(name)
        return found[1] if found else None

    def _forget_old(self) -> None:
        while self._kept and next(iter(self._kept.values()))[0] <= self._clock():
            self._kept.popitem(last=False)
