"""A run whose workers search and read: what they are given, what is let through, and which numbers people see."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from bot.adapters.journal_memory import MemoryJournal
from bot.research.active_run import ActiveRun
from bot.research.budget import RunLimits
from bot.research.errors import ModelTimeout, PageError, SearchError
from bot.research.evidence.reading import Library
from bot.research.model import OWN_ANGLE, Angle, Finding, Gap
from bot.research.ports import UNCOUNTED, Call, Candidate, Completion, Page, Purse
from bot.research.run import Research
from bot.research.run_state import Run
from bot.research.voice import SECTIONS
from tests.support.fakes import FakeModel, RecordingRoom, question

PASSAGE = re.compile(r"\[(\d+[a-z]+)\] ([^:]+): (.+)")
FACTS = (
    "Tea has been grown on hillsides in this province since the year {year}, says the council of growers there.",
    "About {share} percent of the harvest is picked by hand and dried on the same day, which keeps its taste.",
    "The rest of it is sold at auctions in three towns, where buyers taste each lot before they bid for it.",
)


class Web:
    """A search that finds pages for anything, and pages about tea, each with facts of its own."""

    def __init__(self) -> None:
        self.queries: list[str] = []
        self.found: list[str] | SearchError = [f"https://s{number}.example/tea" for number in range(1, 4)]
        self.unread: set[str] = set()
        self.share: Callable[[int], int] = lambda number: 41

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        self.queries.append(query)
        if isinstance(self.found, SearchError):
            raise self.found
        return [Candidate(url) for url in self.found]

    async def read(self, url: str) -> Page:
        if url in self.unread:
            raise PageError("page_down")
        number = int(re.findall(r"\d+", url)[0])
        text = " ".join(FACTS).format(year=1900 + number, share=self.share(number))
        return Page(url, f"Tea {number}", f"Growers {number}", "2024-05-01", "\n".join([text] * 4), 0)


class Citing(FakeModel):
    """Writes the first sentence of each passage that it is given, with its id; splits an angle into two questions."""

    async def write(self, call: Call) -> Completion:
        if call.step not in self.answers:
            self.answers[call.step] = self._text(call)
        return await super().write(call)

    def _text(self, call: Call) -> str:
        if call.step.endswith("/plan"):
            return json.dumps([f"Who grows tea, {call.step}?", f"Who picks tea, {call.step}?"])
        passages = PASSAGE.findall(call.prompt)
        if not call.step.startswith("angle/") or not passages:
            return "Tea is well known."
        return " ".join(f"{text.split('.')[0]} [{name}]." for name, _, text in passages)

    @property
    def asked(self) -> list[str]:
        return [call.step for call in self.calls]

    def call(self, step: str) -> Call:
        return next(call for call in self.calls if call.step == step)


OFF_TOPIC = Angle(slug="gluonen", title="Gluonen", section="Gluonen", prompt=OWN_ANGLE)


async def researched(
    web: Web, model: FakeModel, before: Run | None = None, topic: str = "tea", **changes: object
) -> Run:
    research = Research(model, RecordingRoom(), voice=SECTIONS, library=Library(web, web))
    run = before or Run.of(question(topic, **changes))
    return await research.run(ActiveRun(run), MemoryJournal())


def finding(run: Run, slug: str) -> Finding:
    found = next(branch.result for branch in run.branches if branch.angle.slug == slug)
    assert isinstance(found, Finding)
    return found


def numbers(found: Finding) -> list[int]:
    return [source.number for source in found.sources]


async def test_a_worker_is_given_passages_as_data_and_never_in_what_it_is_told() -> None:
    model = Citing()
    await researched(Web(), model)
    call = model.call("angle/historical")
    assert "<passages>\n[1a] Growers " in call.prompt
    assert ", 2024-05-01: Tea has been grown" in call.prompt
    assert "Growers" not in call.system
    assert "You have no sources" not in call.system


async def test_each_angle_has_a_block_of_numbers_of_its_own_and_keeps_what_it_cites() -> None:
    run = await researched(Web(), Citing())
    assert [numbers(finding(run, slug)) for slug in ("historical", "technical", "societal")] == [
        [1, 2, 3],
        [11, 12, 13],
        [21, 22, 23],
    ]
    text = finding(run, "technical").text
    assert "[11a]" in text
    assert "[1a]" not in text
    assert all(source.passages for source in finding(run, "technical").sources)


async def test_what_does_not_pass_goes_back_once_and_is_let_through_when_it_is_right() -> None:
    model = Citing()
    model.answers["angle/technical"] = "In 1850 tea has been grown on hillsides in this province [1a]. Tea is known."
    model.answers["angle/technical/repair"] = "1. Tea has been grown on hillsides in this province since 1901 [1a]."
    web = Web()
    web.found = ["https://s1.example/tea"]
    found = finding(await researched(web, model), "technical")
    assert "since 1901 [11a]" in found.text
    assert "1850" not in found.text
    assert "not verified" not in found.text
    assert found.checks is not None
    assert found.checks.statements == found.checks.checked == 1
    repair = model.call("angle/technical/repair")
    assert "1. In 1850 tea has been grown" in repair.prompt
    assert "1850)" in repair.prompt
    assert found.usage.calls == 2


async def test_what_fails_even_then_is_marked_and_so_is_all_where_nothing_can_be_asked() -> None:
    for answer in ("1. In 1850 tea has been grown on hillsides [1a].", ModelTimeout(limit=90)):
        model = Citing()
        model.answers["angle/technical"] = "In 1850 tea has been grown on hillsides in this province [1a]."
        model.answers["angle/technical/repair"] = answer
        found = finding(await researched(Web(), model), "technical")
        assert "1850" in found.text
        assert found.text.count("(not verified)") == 1
        assert found.checks is not None
        assert found.checks.checked == 0


async def test_where_no_search_can_be_made_angles_are_written_from_memory_and_say_why() -> None:
    web, model = Web(), Citing()
    web.found = SearchError("search_credit")
    run = await researched(web, model)
    assert [found.unsourced for found in run.findings] == ["search_credit"] * 3
    assert [found.sources for found in run.findings] == [()] * 3
    assert [found.checks for found in run.findings] == [None] * 3
    assert "You have no sources at hand" in model.call("angle/historical").system
    assert not [step for step in model.asked if step.endswith("/queries")]


async def test_pages_that_were_read_and_say_nothing_of_the_topic_are_not_told_as_unread() -> None:
    run = await researched(Web(), Citing(), topic="Quantenchromodynamik", angles=(OFF_TOPIC,))
    assert [found.unsourced for found in run.findings] == ["pages_unfit"]


async def test_where_too_little_is_found_the_model_gives_other_queries_once() -> None:
    web, model = Web(), Citing()
    web.found = []
    model.answers["angle/technical/queries"] = '["camellia sinensis processing", "tea rolling machine"]'
    run = await researched(web, model)
    assert model.asked.count("angle/technical/queries") == 1
    assert "camellia sinensis processing" in web.queries
    assert finding(run, "technical").unsourced == "search_nothing"
    assert finding(run, "technical").usage.calls == 2


async def test_the_answers_of_a_deep_angle_share_its_numbers_and_a_page_has_one() -> None:
    model = Citing()
    run = await researched(Web(), model, deep=True)
    found = finding(run, "technical")
    assert numbers(found) == [11, 12, 13]
    merge = model.call("angle/technical").prompt
    assert "[11a]" in merge
    assert "[1a]" not in merge
    assert [node.sources for node in found.nodes] != [(), ()]


async def test_a_retry_of_a_deep_angle_keeps_the_numbers_that_people_have_seen() -> None:
    web, model = Web(), Citing()
    model.answers["angle/technical/1"] = ModelTimeout(limit=90)
    run = await researched(web, model, deep=True)
    first = {source.url: source.number for source in finding(run, "technical").sources}
    del model.answers["angle/technical"], model.answers["angle/technical/1"]
    web.found = [f"https://s{number}.example/tea" for number in (7, 2, 8)]
    run = await researched(web, model, run.retrying(["technical"], "U2"))
    again = {source.url: source.number for source in finding(run, "technical").sources}
    assert {url: number for url, number in again.items() if url in first} == first
    assert sorted(again.values()) == [11, 12, 13, 14, 15]


async def test_a_number_that_one_page_had_is_never_that_of_another() -> None:
    """Answers in the thread and exports stay as they are, whatever becomes of the angle since."""
    web, model = Web(), Citing()
    model.answers["angle/technical/plan"] = json.dumps([f"Question {number} about tea?" for number in range(3)])
    model.answers |= dict.fromkeys(["angle/technical/1", "angle/technical/3"], ModelTimeout(limit=90))
    run = await researched(web, model, deep=True)
    shown = {source.number: source.url for source in finding(run, "technical").sources}
    assert len(shown) == 3
    for answered, merged in (("3", "It cites no page any more."), ("1", None)):
        del model.answers[f"angle/technical/{answered}"], model.answers["angle/technical"]
        model.answers |= {"angle/technical": merged} if merged else {}
        web.found = [f"https://s{number}{answered}.example/tea" for number in range(4, 7)]
        run = await researched(web, model, run.retrying(["technical"], "U2"))
    now = {source.number: source.url for source in finding(run, "technical").sources}
    assert len(now) > 3
    assert [now.get(number, url) for number, url in shown.items()] == list(shown.values())


async def test_nothing_is_searched_for_a_deep_angle_that_the_budget_does_not_let_begin() -> None:
    web = Web()
    research = Research(Citing(), RecordingRoom(), voice=SECTIONS, limits=RunLimits(calls=5), library=Library(web, web))
    run = await research.run(ActiveRun(Run.of(question("tea", deep=True))), MemoryJournal())
    refused = [gap.angle.slug for gap in run.gaps if gap.cause == "call_limit"]
    assert "societal" in refused
    assert not [query for query in web.queries if "society" in query or "economy" in query]


async def test_an_angle_that_fails_has_cost_what_its_search_has() -> None:
    web, model = Web(), Citing()
    web.found = []
    model.answers["angle/technical"] = ModelTimeout(limit=90)
    run = await researched(web, model)
    [gap] = run.gaps
    assert isinstance(gap, Gap)
    assert gap.usage.calls == 2
