"""What is asked for an angle in depth: a plan of questions, an answer to each, one text of all answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.research.evidence.gather import PART_PAGES
from bot.research.evidence.numbering import BLOCK
from bot.research.evidence.shelf import Shelf, longest_shelf
from bot.research.investigate import asked, looked_at
from bot.research.model import Angle, Node, Question, Split
from bot.research.model_call import LETTERS_PER_TOKEN, TOKENS_PER_WORD
from bot.research.ports import Call, Priority, Upcoming
from bot.research.prompts import fenced, prompt

FEWEST, MOST = 2, 4  # questions of a plan
LONGEST = 200  # characters of a question
ANSWER_WORDS, FINDING_WORDS = (80, 120), (200, 260)
PLAN_WORDS = 150  # of four questions as JSON


@dataclass(frozen=True)
class Calls:
    """The calls of one angle, each named by its place in the tree; ``searches`` says that answers have pages."""

    question: Question
    angle: Angle
    searches: bool = False

    def step(self, node: Node) -> str:
        """What the call is named that answers a node, from its questions if it was split."""
        return f"angle/{self.angle.slug}/{node.name}".rstrip("/")

    def plan(self, node: Node, faulty: Split | None) -> Call:
        """Ask for the questions that a node is split into; once more with a plan that cannot be used."""
        repair = [fenced("plan", faulty.text), fenced("faults", "\n".join(faulty.faults))] if faulty else []
        step = f"{self.step(node)}/plan{'/repair' if faulty else ''}"
        system = prompt("split", fewest=FEWEST, most=MOST, length=LONGEST)
        return self._call(step, system, [*self._seen(node), *repair], Priority.ANGLE, PLAN_WORDS)

    def least(self, node: Node) -> list[Call]:
        """What a plan of a node leads to at least: the fewest questions, and one text of their answers."""
        shelf = longest_shelf(PART_PAGES if self.searches else 0)
        questions = [self._answer(unasked(node, number), shelf) for number in range(1, FEWEST + 1)]
        return [*questions, self.largest_merge(node)]

    def largest_merge(self, node: Node) -> Call:
        """The call that makes a node's text of as many and as long answers as there can be."""
        text = "." * (LETTERS_PER_TOKEN * ANSWER_WORDS[1] * TOKENS_PER_WORD)
        answers = tuple(unasked(node, number).model_copy(update={"text": text}) for number in range(1, MOST + 1))
        return self._merge(node.model_copy(update={"nodes": answers}), longest_shelf(BLOCK if self.searches else 0))

    def merges(self, node: Node) -> list[Upcoming]:
        """The calls that make texts of answers, in a node and all below it, where these are split and have not ended.

        An angle's own is there in any case: it has as much room as it takes where it is not split.
        """
        own = [Upcoming(self.step(node), partial(self.largest_merge, node))] if node.nodes or not node.name else []
        return [] if node.over else [*own, *(call for each in node.nodes for call in self.merges(each))]

    def answer(self, node: Node, shelf: Shelf) -> Call:
        """Ask for a node's text from what was read: an answer, or one text of the answers below it."""
        return self._merge(node, shelf) if node.nodes else self._answer(node, shelf)

    def _answer(self, node: Node, shelf: Shelf) -> Call:
        fewest, most = ANSWER_WORDS
        system = prompt("question", fewest=fewest, most=most, grounds=prompt("cite" if shelf else "memory"))
        return self._call(self.step(node), system, [*self._seen(node), *shelf.shown()], Priority.ANGLE, most)

    def _merge(self, node: Node, shelf: Shelf) -> Call:
        fewest, most = ANSWER_WORDS if node.name else FINDING_WORDS
        system = prompt(
            "merge",
            fewest=fewest,
            most=most,
            grounds=prompt("cite_answers") if shelf else "",
            confidence="" if node.name else prompt("confidence"),
        )
        material = [*self._seen(node), *map(_answered, node.nodes), *shelf.shown()]
        return self._call(self.step(node), system, material, Priority.SECTION, most)

    def _call(self, step: str, system: str, material: list[str], priority: Priority, words: int) -> Call:
        return Call(
            run=self.question.run_id,
            person=self.question.asker,
            step=step,
            system=system,
            prompt="\n\n".join(material),
            priority=priority,
            max_tokens=words * TOKENS_PER_WORD,
        )

    def _seen(self, node: Node) -> list[str]:
        """What every call of a node is told."""
        own = [fenced("question", node.question)] if node.name else []
        return [*asked(self.question), *looked_at(self.angle), *own]


def unasked(node: Node, number: int) -> Node:
    """A question below a node, as long as it can be."""
    return Node(name=f"{node.name}/{number}".lstrip("/"), question="." * LONGEST)


def _answered(node: Node) -> str:
    return fenced("answer", node.text, question=node.question) if node.text else fenced("gap", node.question)
