"""What a bot otherwise brings along only as it begins; whatever imports this brings it along at once."""

from __future__ import annotations

import gc
from importlib import import_module

from bot.network import trusted

LATE = [
    "bot.logs",
    "dbos._sys_db_sqlite",
    "genai_prices.data",
    "httpcore2",
    "slack_bolt.listener_matcher.async_builtins",
]

for each in LATE:
    import_module(each)
trusted()
gc.freeze()  # what the collector does not go through is shared by all that are forked
