"""The ChannelChanges port on the database: a row for each id that a channel had."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import CHANNELS, upsert
from bot.service.channels import ChannelChange


class SqlChannelChanges:
    """Changes of channels' ids in a table; every method raises StoreDown where the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, change: ChannelChange) -> None:
        """Keep a change, once however often it is told."""
        await self._database.run(lambda connection: upsert(connection, CHANNELS, change.model_dump()))

    async def all(self) -> list[ChannelChange]:
        """All changes, the earliest first."""
        query = sa.select(CHANNELS).order_by(CHANNELS.c.at)
        rows = await self._database.run(lambda connection: list(connection.execute(query).mappings()))
        return [ChannelChange.model_validate(dict(row)) for row in rows]
