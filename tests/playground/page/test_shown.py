"""What one person sees of the workspace: messages, threads, their own private answers, Home."""

from __future__ import annotations

import re
from typing import Any

from tests.playground.page.visitor import ASKER, MATE, Visitor, visitor
from tests.playground.slack.test_interactions import BLOCKS
from tests.playground.slack.test_views import HOME

WAYS = '<script>alert(1)</script> "onerror=x \u202e <b>'


async def bot_says(here: Visitor, text: str, **how: Any) -> Any:
    """A message of the app."""
    await here.at.client.chat_postMessage(channel=here.at.channel.id, text=text, **how)
    return here.at.channel.messages[-1]


async def whisper(here: Visitor, user: str, text: str, **how: Any) -> None:
    """A message of the app that one person sees."""
    here.at.channel.members.add(user)
    await here.at.client.chat_postEphemeral(channel=here.at.channel.id, user=user, text=text, **how)


async def test_a_private_answer_is_seen_by_its_person_only_and_until_the_next_load() -> None:
    """Two people sit before one page here, and each must see what Slack would show them."""
    async with visitor() as here:
        await whisper(here, ASKER, "for the asker")
        assert "for the asker" in await here.channel()
        assert 'role="note"' in await here.channel()
        assert "for the asker" not in await here.channel(user=MATE)
        _, loaded = await here.get(here.energy)
        assert "for the asker" not in loaded
        since = re.findall(r'data-since="([\d.]+)"', loaded)[0]
        assert "for the asker" not in await here.channel(since=since)
        await whisper(here, ASKER, "and another")
        assert "and another" in await here.channel(since=since)


async def test_an_answer_stands_in_its_thread_and_not_in_the_channel() -> None:
    """It is about what was pressed there."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, "root")
        await whisper(here, ASKER, "in the thread", thread_ts=root.ts)
        assert "in the thread" in await here.thread(root)
        assert "in the thread" not in await here.channel()
        assert "in the thread" not in await here.channel(f"{here.energy}/t/{root.ts}")


async def test_messages_and_notes_stand_in_the_order_in_which_they_came() -> None:
    """A refusal belongs below the command's channel as it was then."""
    async with visitor() as here:
        for text in ("first", "second", "third"):
            await (whisper(here, ASKER, text) if text == "second" else here.at.slack.say(here.at.channel.id, text))
        shown = await here.channel()
        assert shown.index("first") < shown.index("second") < shown.index("third")


async def test_an_edit_changes_one_entry_and_keeps_its_key() -> None:
    """The page replaces only what looks otherwise."""
    async with visitor() as here:
        message = await bot_says(here, "Working: 0 of 3")
        await here.at.slack.say(here.at.channel.id, "beside it")
        before = (await here.shown())["channel"]
        await here.at.client.chat_update(channel=message.channel, ts=message.ts, text="Working: 1 of 3")
        after = (await here.shown())["channel"]
        assert before.keys() == after.keys()
        assert [key for key in after if after[key] != before[key]] == [f"message/{message.ts}"]
        assert "(edited)" in after[f"message/{message.ts}"]


async def test_a_root_tells_of_its_replies_and_that_it_is_open() -> None:
    """From there one comes into the thread."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, "root")
        assert "replies" not in await here.channel()
        for text in ("one", "two"):
            await here.at.slack.say(here.at.channel.id, text, thread_ts=root.ts)
        assert "2 replies" in await here.channel()
        assert "is-open" not in await here.channel()
        path = f"{here.energy}/t/{root.ts}"
        assert "is-open" in await here.channel(path)
        assert "one" in await here.thread(root)
        assert await here.thread(here.at.channel.messages[-1]) == await here.thread(root)
        assert "Reply in thread" in await here.channel(path)
        assert "Reply in thread" not in await here.thread(root)  # one is there already


async def test_a_deleted_root_leaves_a_stone_and_a_deleted_reply_nothing() -> None:
    """As in Slack; what it said is gone from the page too."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, "to be deleted")
        reply = await here.at.slack.say(here.at.channel.id, "a reply", thread_ts=root.ts)
        here.at.slack.delete(root)
        assert "to be deleted" not in await here.channel()
        assert "This message was deleted." in await here.channel()
        assert "a reply" in await here.thread(root)
        here.at.slack.delete(reply)
        assert "This message was deleted." not in await here.channel()


async def test_reactions_and_who_added_them_are_shown() -> None:
    """The bot says so that it has heard."""
    async with visitor() as here:
        message = await here.at.slack.say(here.at.channel.id, "a question?")
        await here.at.client.reactions_add(channel=message.channel, timestamp=message.ts, name="eyes")
        assert "eyes: Research" in await here.channel()


async def test_a_status_is_shown_in_its_thread_as_long_as_it_holds() -> None:
    """Somebody who asked sees that an answer is being written."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, "root")
        where = {"channel_id": root.channel, "thread_ts": root.ts}
        await here.at.client.api_call("assistant.threads.setStatus", json={**where, "status": "is thinking..."})
        path = f"{here.energy}/t/{root.ts}"
        assert "Research is thinking..." in str((await here.shown(path))["thread-status"])
        assert "thread-status" not in await here.shown()
        here.at.slack.workspace.later(600)
        assert (await here.shown(path))["thread-status"] == {}


async def test_people_see_their_own_direct_messages_and_no_others() -> None:
    """What somebody asks there is nobody else's."""
    async with visitor() as here:
        own = here.at.slack.workspace.direct(ASKER)
        await here.at.slack.say(own.id, "a secret topic")
        assert "a secret topic" in await here.channel(f"/c/{own.id}")
        assert "a secret topic" in await here.channel("/dm")
        assert "a secret topic" not in await here.channel("/dm", MATE)
        assert (await here.get(f"/shown/c/{own.id}?as={MATE}"))[0] == 404
        assert own.id not in str(await here.shown(user=MATE))


async def test_home_is_what_the_app_published_for_that_person() -> None:
    """Before that it says what one waits for."""
    async with visitor() as here:
        assert "has not shown this page yet" in await here.channel("/home")
        await here.at.client.views_publish(user_id=ASKER, view=HOME)
        assert "Welcome" in await here.channel("/home")
        assert "Welcome" not in await here.channel("/home", MATE)


async def test_what_people_and_apps_write_is_never_html() -> None:
    """Topics, names of files, private answers, forms: all of it comes from somebody."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, WAYS)
        await bot_says(here, WAYS, blocks=[{"type": "markdown", "text": WAYS}], thread_ts=root.ts)
        await whisper(here, ASKER, WAYS)
        await here.at.slack.say(here.at.channel.id, "a file", files=(f"{WAYS}.md",))
        for html in (await here.channel(), await here.thread(root), (await here.get(here.energy))[1]):
            assert "<script>alert" not in html
            assert "<b>" not in html
            assert ' "onerror' not in html


async def upload(here: Visitor, name: str, content: bytes) -> str:
    """A file of the app in its channel; its id."""
    await here.at.client.files_upload_v2(channel=here.at.channel.id, filename=name, content=content)
    return here.at.slack.uploads[-1].id


async def test_files_are_read_as_text_and_never_run() -> None:
    """A file with a script in it must not run where people only want to read it."""
    async with visitor() as here:
        id_ = await upload(here, "a.md", b"# Title\n\n<script>alert(1)</script> and **bold**")
        assert "Download" in await here.channel()
        status, page = await here.get(f"/files/{id_}")
        assert status == 200
        assert "<strong>bold</strong>" in page
        assert "<script>" not in page
        plain = await upload(here, "page.html", b"<h1>x</h1>")
        assert "&lt;h1&gt;" in (await here.get(f"/files/{plain}"))[1]


FILES = [
    ('a "b" ü.md', "Grüße".encode(), "text/markdown; charset=utf-8", "a%20%22b%22%20%C3%BC.md"),
    ("latin.txt", b"Gr\xfc\xdfe", "text/plain", "latin.txt"),
    ("chart.png", bytes(range(256)), "image/png", "chart.png"),
    ("runs.csv.gz", b"\x1f\x8b\xff", "application/octet-stream", "runs.csv.gz"),
    ("notes", b"x", "application/octet-stream", "notes"),
    ("data:text/html;a=\r\nb,x\r\nSet-Cookie: y", b"x", "application/octet-stream", "Set-Cookie%3A%20y"),
    ("n" * 5_000 + ".md", b"x", "text/markdown; charset=utf-8", "nnn.md"),
]


async def test_files_are_downloaded_as_they_are_and_under_their_names() -> None:
    """Whatever an app puts there, to the byte, and no name says anything else to a browser."""
    async with visitor() as here:
        for name, content, kind, shown in FILES:
            id_ = await upload(here, name, content)
            async with here.session.get(f"/files/{id_}/download") as response:
                assert response.status == 200, name
                assert response.headers["Content-Type"] == kind, name
                start, _, named = response.headers["Content-Disposition"].partition("''")
                assert start == "attachment; filename*=UTF-8"
                assert named.endswith(shown)
                assert "Set-Cookie" not in response.headers
                assert await response.read() == content


async def test_a_canvas_is_opened_by_the_link_to_it_and_downloaded() -> None:
    """The bot names it in the thread by its address in the workspace."""
    async with visitor() as here:
        content = {"type": "markdown", "markdown": "# Canvas\n\n- one"}
        made = await here.at.client.canvases_create(title="Tea: a run", document_content=content)
        link = f"{here.at.slack.workspace.url}docs/T0ACME/{made['canvas_id']}"
        await bot_says(here, f"<{link}|The canvas>")
        path = f"/canvases/{made['canvas_id']}"
        assert f'href="{path}" data-within' in await here.channel()
        assert "<li>one</li>" in (await here.get(path))[1]
        async with here.session.get(f"{path}/download") as response:
            assert "Tea-a-run.md" in response.headers["Content-Disposition"]


async def test_menus_and_buttons_can_be_told_apart_by_whoever_presses_them() -> None:
    """The page's script finds them by these."""
    async with visitor() as here:
        message = await bot_says(here, "Report", blocks=BLOCKS)
        shown = await here.channel()
        for said in ('data-action="stop"', 'data-block="actions"', 'data-option="own"', 'aria-pressed="false"'):
            assert said in shown
        assert f'data-where="message/{message.channel}/{message.ts}"' in shown


async def test_what_was_drawn_is_not_drawn_again_as_long_as_it_stands() -> None:
    """A channel of 300 messages is asked for after each change, by whoever looks."""
    async with visitor() as here:
        for number in range(3):
            await here.at.slack.say(here.at.channel.id, f"message {number}")
        for user in (ASKER, MATE):
            await here.channel(user=user)
        here.at.channel.messages[0].blocks.clear()  # what was drawn stands as long as no other version does
        assert "message 0" in await here.channel(user=MATE)
        assert "message 0" in await here.channel()
        here.at.slack.edit(here.at.channel.messages[0], "anew")
        assert "anew" in await here.channel()
