"""What runs and answers have cost, by the month (UTC) in which that was kept; it outlives what was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import COSTS, upsert
from bot.research.model import Usage

DIGITS = 9  # of a dollar: what a sum of binary numbers adds to them is none of them


class SqlCosts:
    """Dollars in a table, as far as prices are known; the clock gives seconds since the epoch."""

    def __init__(self, database: Database, clock: Callable[[], float] | None = None) -> None:
        self._database, self._clock = database, clock or (lambda: time.time())
        self._seen: tuple[str, Decimal] = ("", Decimal(0))

    @property
    def known(self) -> Decimal:
        """This month's dollars, as they were seen last."""
        month, dollars = self._seen
        return dollars if month == self._month else Decimal(0)

    async def spent(self) -> Decimal:
        """This month's dollars; raises StoreDown."""
        await self._database.run(self._see)
        return self.known

    def book(self, connection: sa.Connection, run_id: str, name: str, usage: Usage) -> None:
        """Note what a run, or a thing of that name in it, has cost in all: what was not noted yet is this month's."""
        if not usage.price:
            return
        own = sa.and_(COSTS.c.run_id == run_id, COSTS.c.name == name)
        earlier = sa.select(sa.func.sum(COSTS.c.dollars)).where(own, COSTS.c.month != self._month)
        dollars = float(usage.price) - (connection.scalar(earlier) or 0)
        upsert(connection, COSTS, {"run_id": run_id, "name": name, "month": self._month, "dollars": dollars})
        self._see(connection)

    def _see(self, connection: sa.Connection) -> None:
        month = self._month
        dollars = connection.scalar(sa.select(sa.func.sum(COSTS.c.dollars)).where(COSTS.c.month == month))
        self._seen = month, Decimal(str(round(dollars or 0, DIGITS)))

    @property
    def _month(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m")
