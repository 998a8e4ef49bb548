"""Angles that a planner chooses, and lists of angles: asked for, shown, kept over a crash; in both modes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.playground import model as ms
from bot.playground.slack.workspace import BOT_USER
from bot.research.presets import packaged
from bot.slack.messages.controls import ROOT_MENU
from bot.slack.messages.ephemeral import OPEN_FORM
from bot.slack.messages.modal import MODE, TOPIC
from bot.slack.messages.root import RESUME, STOP
from tests.stories.test_forms import field, opened, shown
from tests.support.crashes import answered, crashing
from tests.support.processes import run as typed
from tests.support.story import Mode, Story, story

SLUGS = ["licensing-and-regulation", "fuel-supply", "cost-per-unit", "public-acceptance"]
PARTS = sorted(["report", *(f"angle/{slug}" for slug in SLUGS)])
OWN_PARTS = ["angle/data-flows", "angle/vendors", "report"]
FALLBACK = "The planner's angles could not be used: the three standard angles were taken."
ROWS = "Licensing and regulation: working. Fuel supply: working. Cost per unit: working. Public acceptance: working."
OWN_LISTS = '[our-review]\n"Data flows" = "Which data go where."\n"Vendors" = "Who else is involved."\n'


def asked(told: Story) -> list[str]:
    return [request.step for request in told.model.requests]


async def test_a_crash_while_angles_are_chosen_or_researched_changes_none_of_them(
    mode_and_database: tuple[Mode, str], tmp_path: Path
) -> None:
    """Nobody sees other angles than before, no plan is paid twice, and each worker knows what to look for."""
    mode, database_url = mode_and_database
    (tmp_path / "angles.toml").write_text(OWN_LISTS)
    lists = {"ANGLES_FILE": str(tmp_path / "angles.toml"), "RUNS_PER_USER": "0"}
    async with crashing(database_url, mode, **lists) as told:
        told.model.answer("angle/*", gate=asyncio.Event())
        for words in ("rye --angles @our-review", "tea --angles auto"):
            assert (await told.slack.command(words, told.channel.id)).acked
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 6)
        told.model.answer("plan", "no plan")
        told.model.answer("plan/repair", gate=asyncio.Event())
        assert (await told.slack.command("oats --angles auto", told.channel.id)).acked
        await told.model.until(lambda: len(told.model.asked("plan/repair")) == 1)
        told.model.answer("plan", gate=asyncio.Event())
        assert (await told.slack.command("milk --angles auto", told.channel.id)).acked
        await told.model.until(lambda: len(told.model.asked("plan")) == 3)
        assert told.roots("milk")[0].text.startswith("Research on milk. Choosing angles for this topic. Asked by ")
        assert ROWS in told.roots("tea")[0].text
        await told.kill()
        told.model.answer("*")
        await told.start()
        for topic, parts in (("rye", OWN_PARTS), ("tea", PARTS), ("oats", PARTS), ("milk", PARTS)):
            root = await told.ended(topic)
            assert sorted(message.part for message in told.slack.thread(root)) == parts
        assert (len(told.model.asked("plan")), len(told.model.asked("plan/repair"))) == (4, 2)
        assert set(answered(told.model).values()) == {1}
        for request in told.model.asked("angle/vendors"):
            told_what = request.body["messages"][0]["content"]
            assert "<angle>\nVendors\n</angle>\n\n<brief>\nWho else is involved.\n</brief>" in told_what
            assert "Which data go where" not in told_what


async def test_the_angles_stand_in_the_root_before_a_worker_begins(mode: Mode) -> None:
    """Whoever sees that they miss the point stops the run."""
    async with story(mode) as told:
        gate = asyncio.Event()
        told.model.answer("angle/*", gate=gate)
        root = await told.research("tea --angles auto")
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 4)
        first, second = root.versions
        assert "Working" not in first.text
        assert "results will appear in this thread" in first.text
        assert f"Working: 0 of 4 angles done. {ROWS} Report: after the angles." in second.text
        assert second.text.endswith(", angles chosen for this topic.")
        gate.set()
        await told.says(root, "is done, 4 of 4 angles.")
        assert sorted(told.parts(root)) == PARTS
        assert "Angle 2 of 4" in str(next(m for m in told.slack.thread(root) if m.part == "angle/fuel-supply").blocks)
        assert "6 model calls" in told.ending(root)
        assert FALLBACK not in root.text + told.ending(root)


async def test_a_plan_that_cannot_be_used_gives_way_to_the_standard_angles_and_that_is_said(mode: Mode) -> None:
    """In the run's message and in the report's small print, with a gap as well."""
    async with story(mode) as told:
        told.model.answer("plan", json.dumps([{"title": "@channel", "brief": "All of it."}] * 40))
        told.model.answer("plan/repair", "I cannot help with that.")
        gates = told.hold("societal")
        told.model.answer("angle/technical", "x", ms.REFUSED)
        message = await told.slack.say(told.channel.id, f"<@{BOT_USER}> tea --angles auto")
        await told.slack.until(lambda: told.slack.thread(message))
        root = await told.says(told.slack.thread(message)[0], "Societal: working")
        assert root.text.endswith(FALLBACK)
        gates["societal"].set()
        await told.says(root, "is partly done: 2 of 3 angles.")
        assert FALLBACK in root.text
        assert FALLBACK in str(root.blocks)
        report = told.slack.thread(message)[-1]
        assert (report.part, FALLBACK in report.text, FALLBACK in str(report.blocks)) == ("report", True, True)
        assert sorted(asked(told))[-3:] == ["plan", "plan/repair", "report"]
        assert "6 model calls" in report.text


async def test_a_run_is_stopped_while_its_angles_are_chosen_and_chooses_when_it_is_resumed(mode: Mode) -> None:
    """No model call, and no message, may follow a stop."""
    async with story(mode) as told:
        told.model.answer("plan", gate=asyncio.Event())
        root = await told.research("tea --angles auto")
        await told.model.until(lambda: asked(told) == ["plan"])
        assert (await told.slack.command("status", told.channel.id)).acked
        assert "tea: Choosing angles" in told.slack.answers[-1].text
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER> after ")
        await told.model.until(lambda: told.model.requests[0].cut)
        told.model.answer("*")
        await told.click(root, RESUME)
        await told.says(root, "is done, 4 of 4 angles.")
        assert sorted(told.parts(root)) == PARTS


async def test_the_form_offers_a_planner_and_all_lists_and_a_run_again_has_the_same(mode: Mode) -> None:
    """Nobody should have to know a list's name."""
    async with story(mode) as told:
        form = await opened(told)
        assert [option["text"]["text"] for option in field(form, MODE)["options"]] == [
            *("Standard", "Chosen for the topic", "Market", "Technology choice", "Incident background", "Policy"),
            "My own",
        ]
        held = field(form, MODE)["options"][2]["description"]["text"]
        assert held == "Demand and customers, Competitors, Prices and business models, …"  # no name in pieces
        for number, (choice, slugs) in enumerate(
            [("planner", SLUGS), ("@market", [angle.slug for angle in packaged()["market"]])]
        ):
            if number:
                assert (await told.slack.press(told.slack.answers[0], OPEN_FORM)).acked
                form = await shown(told, 3)
            assert (await told.slack.submit(form, {TOPIC: "tea", MODE: choice})).acked
            root = await told.says(await told.newest(number), f"is done, {len(slugs)} of {len(slugs)} angles.")
            assert sorted(told.parts(root)) == sorted(["report", *(f"angle/{slug}" for slug in slugs)])
            run_id = (root.metadata or {})["event_payload"]["run_id"]
            assert (await told.slack.click(root, ROOT_MENU, option=f"again:{run_id}")).acked
            again = await shown(told, 2 * number + 2)
            assert field(again, MODE)["initial_option"]["value"] == choice
            await told.slack.close(again)


async def test_a_form_with_more_lists_than_buttons_can_show_has_a_menu_of_them(tmp_path: Path) -> None:
    """Slack takes ten buttons. A list that is gone when the form is sent is said where it was chosen."""
    (tmp_path / "angles.toml").write_text("".join(f"[list-{n}]\na = 'b'\nc = 'd'\n" for n in range(4)))
    async with story("socket", angles_file=str(tmp_path / "angles.toml")) as told:
        form = await opened(told)
        assert field(form, MODE)["type"] == "static_select"
        assert (await told.slack.click(form, MODE, option="@list-3")).acked
        await told.slack.until(lambda: field(form, MODE)["initial_option"]["value"] == "@list-3")
        assert (await told.slack.submit(form, {TOPIC: "tea"})).acked
        root = await told.says(await told.newest(0), "is done, 2 of 2 angles.")
        assert sorted(told.parts(root)) == ["angle/a", "angle/c", "report"]
        assert (await told.slack.press(told.slack.answers[0], OPEN_FORM)).acked
        form = await shown(told, 2)
        assert (await told.slack.click(form, MODE, option="@list-3")).acked
        await told.slack.until(lambda: field(form, MODE)["initial_option"]["value"] == "@list-3")
        told.settings = told.settings.model_copy(update={"angles_file": None})
        await told.restart()
        assert (await told.slack.submit(form, {TOPIC: "tea"})).acked
        assert form.errors[MODE].startswith("There is no list of angles @list-3. There are: @standard, @market, ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("tea --angles @markets", "There is no list of angles @markets. There are: @standard, @market, @technology"),
        ("tea --angles auto,law", "“auto” stands alone. Remove the other angles, or name each of them yourself."),
        ("help", "How to use /research."),
    ],
)
async def test_what_there_is_to_choose_from_is_told(mode: Mode, words: str, said: str) -> None:
    """Before anything is posted or paid."""
    async with story(mode) as told:
        assert (await told.slack.command(words, told.channel.id)).acked
        assert told.slack.answers[0].text.startswith(said)
        assert ("--angles auto" in told.slack.answers[0].text) == (words == "help")
        assert ("@standard, @market" in told.slack.answers[0].text) == (not words.endswith("law"))
        assert told.model.requests == []


async def test_a_try_in_the_terminal_plans_and_knows_lists_too(tmp_path: Path) -> None:
    """One grammar, wherever somebody types."""
    (tmp_path / "angles.toml").write_text(OWN_LISTS)
    async with ms.ModelServer() as model:
        at = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local", "ANGLES_FILE": str(tmp_path / "angles.toml")}
        plan = await typed("try", "tea", "--angles", "auto", **at)
        assert plan.out.index("◐ Choosing angles for this topic.") < plan.out.index("◐ Fuel supply: working")
        own = await typed("try", "tea", "--angles", "@our-review", "--json", **at)
        assert list(json.loads(own.out)["findings"]) == ["data-flows", "vendors"]
        model.answer("plan*", "no")
        assert FALLBACK in (await typed("try", "tea", "--angles", "auto", **at)).out
