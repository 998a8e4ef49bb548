"""The FeedbackStore port on the database: a row for each person and run."""

from __future__ import annotations

import json

from bot.adapters.database import Database
from bot.adapters.tables import FEEDBACK, upsert
from bot.service.transcript import Feedback


class SqlFeedback:
    """Feedback in a table; raises StoreDown where the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, feedback: Feedback) -> None:
        """Keep it in place of what the same person thought of the same run before."""
        row = feedback.model_dump(mode="json")
        row["reasons"] = json.dumps(row["reasons"])
        await self._database.run(lambda connection: upsert(connection, FEEDBACK, row))
