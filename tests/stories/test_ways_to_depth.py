"""Depth: asked for in every way there is to ask, kept wherever a topic goes; in both modes."""

from __future__ import annotations

import json

from bot.playground import model as ms
from bot.playground.slack.workspace import BOT_USER, Message
from bot.research.run_state import Run
from bot.slack.messages.controls import EXPORT_FILE, ROOT_MENU
from bot.slack.messages.ephemeral import OPEN_FORM, START_DM
from bot.slack.messages.modal import DEPTH, MODE, TOPIC
from bot.slack.messages.root import RESUME, STOP
from tests.stories.test_forms import field, opened, own, shown
from tests.stories.test_home import home, rows
from tests.support.prices import priced
from tests.support.processes import run as typed
from tests.support.story import Mode, Story, story


async def kept(told: Story, root: Message) -> Run:
    """A run as it is kept once its root says that it has ended."""
    await told.slack.until(lambda: " is done, " in root.text)
    found = await told.bot.desk.kept((root.metadata or {})["event_payload"]["run_id"])
    assert found
    return found


async def test_depth_is_asked_for_in_commands_mentions_and_direct_messages(mode: Mode) -> None:
    """Whoever wants more than a first look says so where they are."""
    async with story(mode) as told:
        own = told.slack.workspace.direct("U0ASKER")
        typed_root = await told.research("tea —deep --angles “law, cost”")
        mention = await told.slack.say(told.channel.id, f"<@{BOT_USER}> --deep tea")
        for words in ("tea －－ｄｅｅｐ", "deep tea"):
            await told.slack.say(own.id, words)
        await told.slack.until(lambda: told.slack.thread(mention) and len(told.slack.messages(own.id)) == 4)
        direct = sorted((each for each in told.slack.messages(own.id) if each.part), key=lambda each: each.title)
        roots = [typed_root, told.slack.thread(mention)[0], *direct]
        asked = [(await kept(told, root)).question for root in roots]
        assert [(question.topic, question.deep) for question in asked] == [
            *[("tea", True)] * 2,
            ("deep tea", False),
            ("tea", True),
        ]
        assert [angle.slug for angle in asked[0].angles] == ["law", "cost"]


async def test_a_word_that_only_begins_like_it_is_refused_before_anything_is_paid(mode: Mode) -> None:
    """A typing error must not be a plain run."""
    async with story(mode) as told:
        for words, said in (
            ("tea --deeper", "There is no option --deeper."),
            ("tea --deep=3", "--deep takes no value"),
        ):
            assert (await told.slack.command(words, told.channel.id)).acked
            assert told.slack.answers[-1].text.startswith(said)
        assert (await told.slack.command("help", told.channel.id)).acked
        assert "With --deep each angle is split into questions" in told.slack.answers[-1].text
        assert "`/research nuclear fusion --deep`" in str(told.slack.answers[-1].payload["blocks"])
        assert told.model.requests == []


async def test_a_try_in_the_terminal_takes_depth_as_an_option_and_within_the_topic() -> None:
    """One grammar, wherever somebody types."""
    async with ms.ModelServer() as model:
        at = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local"}
        for words in (("tea", "--deep"), ("tea --deep",), ("tea",)):
            process = await typed("try", *words, "--json", **at)
            assert json.loads(process.out)["question"]["deep"] is (words != ("tea",))


async def test_the_form_asks_for_depth_beside_the_angles_and_a_run_again_has_the_same(mode: Mode) -> None:
    """Nobody should have to learn a command's options; most people want a first look, so that is chosen."""
    async with story(mode) as told:
        form = await opened(told)
        names = [block["block_id"] for block in form.blocks]
        assert names[names.index(MODE) + 1] == DEPTH
        assert field(form, DEPTH)["initial_option"]["value"] == "standard"
        told.slack.fill(form, {TOPIC: "tea", DEPTH: "deep"})
        await own(told, form)  # the form is shown anew: what was chosen stays
        assert field(form, DEPTH)["initial_option"]["value"] == "deep"
        assert (await told.slack.submit(form, {"research.form.angles_own": "law"})).acked
        root = await told.newest(0)
        run = await kept(told, root)
        assert (run.question.deep, run.question.angles[0].slug) == (True, "law")
        assert (await told.slack.click(root, ROOT_MENU, option=f"again:{run.id}")).acked
        again = await shown(told, 2)
        assert field(again, DEPTH)["initial_option"]["value"] == "deep"
        assert (await told.slack.submit(again, {DEPTH: "standard"})).acked
        second = await kept(told, await told.newest(1))
        assert (second.question.deep, second.question.angles) == (False, run.question.angles)


async def test_a_run_says_that_it_is_deep_wherever_it_is_named(mode: Mode) -> None:
    """It takes longer and costs more: nobody should wonder why."""
    async with story(mode) as told:
        root = await told.research("tea --deep")
        assert told.slack.answers[-1].text.startswith("Starting deep research on “tea”. You can follow it")
        assert ", deep, results will appear in this thread." in root.versions[0].text
        run = await kept(told, root)
        assert "angles, deep · " in str(root.blocks)
        assert root.text.count(", deep.") == 1
        report = next(each for each in told.slack.thread(root) if each.part == "report")
        assert "angles, deep · " in str(report.blocks)
        assert "3 of 3 angles, deep, " in report.text
        await told.click(report, EXPORT_FILE)
        await told.heard("The .md file is in the thread.")
        assert "3 of 3 angles, deep, " in (told.slack.uploads[0].content or b"").decode()
        assert " · deep · " in rows(await home(told), "run")[0]
        assert (await told.slack.command("list", told.channel.id)).acked
        assert "tea: Done: 3 of 3 angles, deep, " in told.slack.answers[-1].text
        assert run.question.deep


async def test_depth_goes_along_to_direct_messages_and_through_a_stop_and_a_restart(mode: Mode) -> None:
    """What was asked for is what is done, wherever it is done in the end."""
    async with story(mode) as told:
        closed = told.slack.workspace.add("closed", kind="private", members=set())
        assert (await told.slack.command("tea --deep", closed.id)).acked
        hint = await told.heard("I can't post in this channel")
        assert (await told.slack.press(hint.payload, START_DM)).acked
        await told.slack.until(lambda: told.slack.messages(told.slack.workspace.direct("U0ASKER").id))
        direct = told.slack.messages(told.slack.workspace.direct("U0ASKER").id)[0]
        assert (await kept(told, direct)).question.deep
        assert told.slack.answers[-1].text == "Starting deep research on “tea” in our direct messages."
        gates = told.hold("historical", "technical", "societal")
        root = await told.research("coffee --deep")
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        await told.restart()
        for gate in gates.values():
            gate.set()
        await told.click(root, RESUME)
        assert (await kept(told, root)).question.deep


async def test_a_deep_run_says_what_such_runs_usually_cost_after_five_of_them(mode: Mode) -> None:
    """Nobody is surprised by a price: also where the root is the only answer, and after a restart."""
    with priced("100"):
        async with story(mode, report="sections") as told:
            for _ in range(5):
                root = await told.research("tea --deep")
                assert "usually" not in told.slack.answers[-1].text + root.versions[0].text
                calls = (await kept(told, root)).usage.calls
            cost = f"{calls} calls, about ${calls * 300 * 100 / 1e6:.2f}"
            await told.restart()
            root = await told.research("coffee --deep")
            assert told.slack.answers[-1].text.startswith(
                f"Starting deep research on “coffee” (usually {cost}). You can"
            )
            first = root.versions[0].text
            assert f" s, {cost}, results will appear in this thread." in first
            await kept(told, root)
            assert "usually" not in root.text
            plain = await told.research("oats")
            assert "usually" not in told.slack.answers[-1].text + plain.versions[0].text


OFF = "Deep research is switched off here; this is a plain run."


async def test_where_depth_is_off_a_run_is_plain_and_whoever_asked_for_more_is_told(mode: Mode) -> None:
    """A plain run that is taken for a deep one would be trusted too much."""
    async with story(mode, max_depth=1) as told:
        root = await told.research("tea --deep")
        assert told.slack.answers[-1].text == (
            f"Starting research on “tea”. You can follow it in this channel; the results go in its thread. {OFF}"
        )
        mention = await told.slack.say(told.channel.id, f"<@{BOT_USER}> coffee --deep")
        await told.heard(OFF)
        await told.slack.until(lambda: told.slack.thread(mention))
        for each in (root, told.slack.thread(mention)[0]):
            assert not (await kept(told, each)).question.deep
            assert "deep" not in "".join(version.text for version in each.versions)
        assert OFF not in (await told.research("milk")).text + told.slack.answers[-1].text


async def test_where_depth_is_off_the_help_does_not_offer_it(mode: Mode) -> None:
    """Whoever types what the help says must get it."""
    async with story(mode, max_depth=1) as told:
        assert (await told.slack.command("help", told.channel.id)).acked
        assert "--angles @market" in told.slack.answers[-1].text
        assert "--deep" not in f"{told.slack.answers[-1].text}{told.slack.answers[-1].payload}"


async def test_where_depth_is_off_the_form_does_not_offer_it_and_an_older_form_says_so(mode: Mode) -> None:
    """Nobody should choose what they do not get."""
    async with story(mode) as told:
        form = await opened(told)
        told.settings = told.settings.model_copy(update={"max_depth": 1})
        await told.restart()
        assert (await told.slack.submit(form, {TOPIC: "tea", DEPTH: "deep"})).acked
        assert form.errors == {DEPTH: "Deep research is switched off here. Choose Standard."}
        assert (await told.slack.submit(form, {DEPTH: "standard"})).acked
        run = await kept(told, await told.newest(0))
        assert (await told.slack.press(told.slack.answers[0], OPEN_FORM)).acked
        assert DEPTH not in str((await shown(told, 2)).blocks)
        assert not run.question.deep


async def test_a_try_where_depth_is_off_says_so_too() -> None:
    """The same settings, the same words."""
    async with ms.ModelServer() as model:
        at = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local", "MAX_DEPTH": "1"}
        assert OFF in (await typed("try", "tea", "--deep", **at)).out.splitlines()
        assert OFF not in (await typed("try", "tea", **at)).out
        assert not json.loads((await typed("try", "tea", "--deep", "--json", **at)).out)["question"]["deep"]
