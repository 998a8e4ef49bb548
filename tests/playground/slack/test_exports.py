"""Files and canvases, the way a report leaves the thread."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.playground.slack.consumer import app

MARKDOWN = {"type": "markdown", "markdown": "# Report"}


async def test_a_file_stands_in_the_thread_with_its_content() -> None:
    """An export that nobody can find is none."""
    async with app("http", echo=True) as at:
        root = await at.client.chat_postMessage(channel=at.channel.id, text="Root")
        sent = await at.client.files_upload_v2(
            channel=at.channel.id,
            thread_ts=root["ts"],
            content="# Tea ✓",
            filename="tea.md",
            title="Tea",
            initial_comment="[x",
        )
        (upload,) = at.slack.uploads
        (reply,) = at.slack.thread(at.channel.messages[0])
        assert (upload.content, upload.title, upload.shared) == ("# Tea ✓".encode(), "Tea", reply.ts)
        assert (reply.text, reply.files[0]["id"]) == ("[x", sent["files"][0]["id"])
        await at.slack.heard(reply.ts)
        assert at.events[-1]["subtype"] == "file_share"


async def test_a_file_of_another_length_than_announced_is_not_taken() -> None:
    """Slack checks the bytes, and a length in characters is wrong for any text that is not English."""
    async with app("http") as at, aiohttp.ClientSession() as session:
        begun = await at.client.files_getUploadURLExternal(filename="tea.md", length=3)
        async with session.post(begun["upload_url"], data=b"1234") as response:
            assert response.status == 400
        files: list[Any] = [{"id": begun["file_id"], "title": "Tea"}]
        assert await at.refused(at.client.files_completeUploadExternal(files=files)) == "file_not_found"
        async with session.post(begun["upload_url"], data=b"123") as response:
            assert (response.status, await response.text()) == (200, "OK - 3")
        done = await at.client.files_completeUploadExternal(files=files)
        assert (done["files"][0]["title"], at.slack.uploads[0].shared) == ("Tea", "")


async def test_a_file_goes_only_where_the_bot_may_post() -> None:
    """A channel that it was removed from takes no file either."""
    async with app("http") as at:
        at.channel.members.clear()
        upload = at.client.files_upload_v2(channel=at.channel.id, content="x", filename="x.md")
        assert await at.refused(upload) == "not_in_channel"


async def test_a_canvas_is_made_once_for_a_channel_and_shared_with_people() -> None:
    """A page that its readers may not open is no export."""
    async with app("http") as at:
        made = await at.client.canvases_create(title="Tea", document_content=MARKDOWN)
        page = at.slack.canvases[0]
        assert (page.id, page.title, page.markdown) == (made["canvas_id"], "Tea", "# Report")
        await at.client.canvases_access_set(canvas_id=page.id, access_level="read", channel_ids=[at.channel.id])
        assert page.access == {at.channel.id: "read"}
        tab: dict[str, Any] = {"channel_id": at.channel.id, "document_content": MARKDOWN}
        await at.client.conversations_canvases_create(**tab)
        assert at.slack.canvases[1].channel == at.channel.id
        assert await at.refused(at.client.conversations_canvases_create(**tab)) == "channel_canvas_already_exists"
        unknown = at.client.canvases_access_set(canvas_id="F0", access_level="read", user_ids=["U1"])
        assert await at.refused(unknown) == "canvas_not_found"
