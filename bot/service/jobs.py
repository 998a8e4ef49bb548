"""What the engine is told to do, kept until it is done: attempts at runs, replies to answer, exports to make."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, TypeAdapter

from bot.research.model import Question, Value


class Order(Value):
    """What the engine is told to do, kept until it is done: one attempt at a run. ``version`` is of this shape.

    ``retry`` are the slugs of the angles that this attempt researches anew; without any it does all that is missing.
    """

    kind: Literal["run"] = "run"
    version: int = 1
    question: Question
    attempt: int = 1
    by: str = ""
    retry: tuple[str, ...] = ()

    @property
    def run_id(self) -> str:
        """The run that it is about."""
        return self.question.run_id

    @property
    def id(self) -> str:
        """The attempt's name: the run's own for the first one."""
        run_id = self.question.run_id
        return run_id if self.attempt == 1 else f"{run_id}.{self.attempt}"


class Word(StrEnum):
    """A reply that is a word to the bot, and what it wants."""

    MUTE = "mute"
    UNMUTE = "unmute"


class Ask(Value):
    """A reply in a run's thread, in words, without the bot's own mention; an order as well. ``version`` as there.

    ``ts`` is its name in its channel and grows with time; ``thread`` is where its answer goes, as Run.thread has it, in
    the workspace ``team``, "" in what 0.1.0 kept. ``addressed`` says that it mentions the bot or that nobody else is
    there to talk to, ``aside`` that it begins with a mention of somebody else. ``attempt`` counts from 1.
    """

    kind: Literal["ask"] = "ask"
    version: int = 1
    run_id: str
    team: str = ""
    thread: str
    ts: str
    asker: str
    text: str
    asked_at: float
    addressed: bool = False
    aside: bool = False
    word: Word | None = None
    attempt: int = 1

    @property
    def id(self) -> str:
        """The order's name; once for each reply and attempt, whichever events bring it."""
        again = "" if self.attempt == 1 else f".{self.attempt}"
        return f"{self.run_id}.answer.{self.ts}{again}"


class Form(StrEnum):
    """What a run can be exported as."""

    FILE = "md"
    CANVAS = "canvas"


class Export(Value):
    """An order to export a run as it stood after an attempt; its ``tries`` count from 1.

    ``direct`` and ``reply_url``, which takes the private answer to whoever asked, are as in a Place.
    """

    version: int = 1
    kind: Literal["export"] = "export"
    run_id: str
    form: Form
    attempt: int
    tries: int = 1
    direct: bool = False
    reply_url: str = Field("", repr=False)

    @property
    def id(self) -> str:
        """The order's name, the same for the same export of the same state."""
        name = f"{self.run_id}.export.{self.form}.{self.attempt}"
        return name if self.tries == 1 else f"{name}.{self.tries}"


class Exported(Value):
    """What became of an export; ``link`` leads to it, "" after ``failures`` only."""

    run_id: str
    form: Form
    attempt: int
    link: str = ""
    failures: int = 0


def _kind(order: Any) -> str:
    """What kind of order this is; what was kept without a kind is an attempt at a run."""
    found = order.get("kind", "run") if isinstance(order, dict) else order.kind
    return str(found)


# All that the engine is told to do. Each has an ``id`` that begins with its run's, and a ``kind`` of its own.
AnyOrder = Order | Ask | Export
ORDERS: TypeAdapter[AnyOrder] = TypeAdapter(
    Annotated[
        Annotated[Order, Tag("run")] | Annotated[Ask, Tag("ask")] | Annotated[Export, Tag("export")],
        Discriminator(_kind),
    ]
)
