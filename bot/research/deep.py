"""One angle in depth: split into questions that are answered side by side, its finding made of their answers.

A question may be split as its angle was; one function walks them all. Each node's steps are stored under its name.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog
from pydantic import TypeAdapter

from bot.research.angles import SHOWN, says
from bot.research.beside import beside
from bot.research.deep_calls import FEWEST, LONGEST, MOST, Calls
from bot.research.evidence.grounds import Grounds, filed
from bot.research.evidence.joined import joined
from bot.research.evidence.numbering import in_turn
from bot.research.investigate import found, grounded, said_by
from bot.research.model import Draft, Failure, Finding, Gap, Node, Split, Unwritten, Usage
from bot.research.model_call import TimeLimit, Writer, ask
from bot.research.ports import Call, Completion, Journal, Model
from bot.text.entries import sentences
from bot.text.typed import fit, visible
from bot.text.written import untitled, unwrapped

log = structlog.get_logger(__name__)

SPLIT: TypeAdapter[Split] = TypeAdapter(Split)
ANSWER: TypeAdapter[Draft | Unwritten] = TypeAdapter(Draft | Unwritten)

QUOTED = 4_000  # characters of a plan that go back with what is wrong with it


@dataclass(frozen=True)
class Depth:
    """How deep an angle may go: so many levels of workers, and at least so many seconds for what merges answers.

    ``asked`` are the questions of the whole run, as they are compared: none is asked twice. ``note`` is told of each
    node as it stands from now on. ``plainly`` researches an angle that cannot be split. ``gather`` finds pages for a
    question, None where nothing is searched; ``number`` gives an angle's pages their numbers in the run.
    """

    most: int
    merging: float
    asked: set[str]
    note: Callable[[Node], None]
    plainly: Callable[[], Awaitable[Finding | Gap]]
    number: Callable[[Sequence[str]], Mapping[int, int]]
    gather: Callable[[str, str], Awaitable[Grounds]] | None = None


@dataclass(frozen=True)
class Tree:
    """One angle of a deep run; ``before`` is what was found of it when questions were missing, None without that."""

    model: Model
    calls: Calls
    limit: TimeLimit
    depth: Depth
    before: Finding | None = None

    async def grown(self, root: Node, journal: Journal) -> Node:
        """The angle with all of its questions ended, each answered or failed; as it is where it may not begin."""
        if refusal := await self.limit.admitted(self.calls.angle.slug):
            return root.model_copy(update={"failure": refusal})
        return await self._grown(root, journal)

    async def _grown(self, node: Node, journal: Journal) -> Node:
        """The node with the questions below it, each of which has ended."""
        if not (node.nodes or node.unsplit) and node.depth < self.depth.most:
            node = self._noted(node.split(await self._split(node, journal)))
        async with asyncio.TaskGroup() as workers:
            answers = [workers.create_task(self._answered(child, below(child, journal))) for child in node.nodes]
        return node.model_copy(update={"nodes": tuple(answer.result() for answer in answers)})

    async def _answered(self, node: Node, journal: Journal) -> Node:
        if node.over:  # an earlier process may have come to either
            return node
        node = await self._grown(node, journal)
        return self._noted(node.ended(await journal.step("answer", lambda: self._written(node), ANSWER)))

    def _noted(self, node: Node) -> Node:
        self.depth.note(node)
        return node

    async def _split(self, node: Node, journal: Journal) -> Split:
        """Have it split; without any questions where that cannot be done."""
        plan = await journal.step("plan", lambda: self._plan(node), SPLIT)
        return await journal.step("plan/repair", lambda: self._plan(node, plan), SPLIT) if plan.faults else plan

    async def _plan(self, node: Node, faulty: Split | None = None) -> Split:
        call, to_follow = self.calls.plan(node, faulty), self.calls.least(node)
        refusal = self.limit.budget.keep(to_follow if faulty else [call, *to_follow])
        answer = refusal or await ask(self.model, call, self.limit)
        before = faulty or Split()
        made = Split(usage=before.usage + answer.usage, seconds=before.seconds + answer.seconds)
        if isinstance(answer, Failure):
            return made.model_copy(update={"limit": answer.reached})
        questions, faults = await beside(len(answer.text), lambda: read(answer.text, self.depth.asked))
        if faults:
            log.warning("split.unusable", step=self.calls.step(node), faults=len(faults))
            again = {"text": answer.text[:QUOTED], "faults": tuple(faults)}
            return made if faulty else made.model_copy(update=again)
        self.depth.asked.update(map(compared, questions))
        return made.model_copy(update={"questions": questions})

    async def _written(self, node: Node) -> Draft | Unwritten:
        """A question's answer, from those below it if it was split."""
        node, grounds = await self._grounds(node, in_turn)
        answer = await self._ask(node, self.calls.answer(node, grounds.shelf))
        spent = {"usage": grounds.usage + answer.usage, "seconds": grounds.seconds + answer.seconds}
        if isinstance(answer, Failure):
            return Unwritten(**dict(answer) | spent)
        text = untitled(unwrapped(answer.text), node.question, self.calls.angle.title, self.calls.question.topic)
        if not text:
            return Unwritten(cause="empty_or_cut", **spent)
        after = await filed(text, grounds, [node.question, *said_by(self.calls.question, self.calls.angle)])
        return Draft(text=after.checked.text, sources=after.sources, unsourced=grounds.shelf.unsourced, **spent)

    async def _grounds(self, node: Node, number: Callable[[Sequence[str]], Mapping[int, int]]) -> tuple[Node, Grounds]:
        """The node as its writer sees it, and what its text may rest on: what is read for it, or what is below it."""
        if node.nodes:
            nodes, grounds = joined(node.nodes, number)
            return node.model_copy(update={"nodes": nodes}), grounds
        if not self.depth.gather:
            return node, Grounds()
        return node, await self.depth.gather(node.question, self.calls.step(node))

    async def found(self, root: Node) -> Finding | Gap:
        """What came of a grown angle; what was found before stays where there is nothing better."""
        before = self.before
        if not (root.nodes or root.failure):
            return _with(root, await self.depth.plainly())
        if before and {node.name for node in before.missing} == {node.name for node in root.missing}:
            return before.kept(root)
        result = await self._merged(root)
        return before.kept(root, result) if before and isinstance(result, Gap) else _with(root, result)

    async def _merged(self, root: Node) -> Finding | Gap:
        """One text of all answers, with the run's numbers of their pages."""
        question, angle = self.calls.question, self.calls.angle
        if root.failure:  # it may not begin
            return Gap(angle=angle, **dict(root.failure))
        seen, grounds = await self._grounds(root, self.depth.number)
        call = self.calls.answer(seen, grounds.shelf)
        answer = await self._ask(seen, call)
        if isinstance(answer, Failure):
            return Gap(angle=angle, **dict(answer))
        result = await beside(len(answer.text), lambda: found(answer, angle, question))
        searched = grounds if grounds.shelf or self.depth.gather else None
        return await grounded(Writer(self.model, self.limit, self.depth.merging), call, result, searched, question)

    async def _ask(self, node: Node, call: Call) -> Completion | Failure:
        """Make a node's own call; where all below it has failed it fails as that did."""
        if node.nodes and not any(child.text for child in node.nodes):
            why = node.missing[0].failure or Failure(cause="internal")
            return Failure(**dict(why) | {"usage": Usage(), "seconds": 0})
        return await ask(self.model, call, self.limit, self.depth.merging if node.nodes else 0)


async def recovered(node: Node, journal: Journal) -> Node:
    """The node with all that an earlier process stored of it and of what is below it."""
    for name in ("plan", "plan/repair"):
        if not node.nodes and (plan := await journal.known(name, SPLIT)):
            node = node.split(plan)
    nodes = [await recovered(child, below(child, journal)) for child in node.nodes]
    node = node.model_copy(update={"nodes": tuple(nodes)})
    if node.text or not (answer := await journal.known("answer", ANSWER)):
        return node
    return node.ended(answer)


def below(child: Node, journal: Journal) -> Journal:
    """The journal of a node, from the one of what it stands below."""
    return journal.branch(child.name.rpartition("/")[2])


def read(text: str, before: Collection[str]) -> tuple[tuple[str, ...], list[str]]:
    """The questions in a plan that were not asked ``before``, as compared, each once; else what is wrong with them."""
    listed = [" ".join(visible(fit(question)).split()) for question in sentences(text)]
    new: dict[str, str] = {}
    for question in listed:
        if compared(question) not in before:
            new.setdefault(compared(question), question)
    questions = tuple(new.values())
    faults = list(_faults(listed, questions))
    return ((), faults) if faults else (questions, [])


def compared(question: str) -> str:
    """A question as it is compared with others: its letters and digits, of one width and size."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", question).casefold()))


def _faults(listed: Sequence[str], questions: Sequence[str]) -> Iterator[str]:
    if not FEWEST <= len(questions) <= MOST:
        yield f"The plan has {len(questions)} questions that are asked nowhere else; it must have {FEWEST} to {MOST}."
        new = set(questions)
        twice = [each for each in listed if each not in new]
        yield from (f"The question “{each[:SHOWN]}” is asked elsewhere." for each in twice[:MOST])
        return
    yield from (f"Question {number} says nothing." for number, each in enumerate(questions, 1) if not says(each))
    yield from (
        f"The question “{each[:SHOWN]}…” has {len(each)} characters; the limit is {LONGEST}."
        for each in questions
        if len(each) > LONGEST
    )


def _with(root: Node, result: Finding | Gap) -> Finding | Gap:
    """What came of an angle with its questions, and with what they took."""
    changes = {"nodes": root.nodes, "usage": result.usage + root.cost, "seconds": result.seconds + root.took}
    if isinstance(result, Finding):
        changes |= {"unsplit": root.unsplit}
    return result.model_copy(update=changes)
