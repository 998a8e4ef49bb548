"""What somebody sees and does in a tab of the playground's page, by roles and names alone."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


class Reader:
    """Somebody in front of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def channel(self) -> Locator:
        """The channel."""
        return self.page.get_by_role("main")

    @property
    def thread(self) -> Locator:
        """The thread beside it."""
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def form(self) -> Locator:
        """The form that lies on top, or what is asked before something is done."""
        return self.page.get_by_role("dialog").last

    @property
    def note(self) -> Locator:
        """The newest private answer in the channel."""
        return self.channel.get_by_role("note").last

    def message(self, words: str, within: Locator | None = None) -> Locator:
        """The newest message that says this."""
        return (within or self.channel).get_by_role("article").filter(has_text=words).last

    def titled(self, title: str, within: Locator | None = None) -> Locator:
        """The newest message that begins with this heading."""
        heading = self.page.get_by_role("heading", name=title)
        return (within or self.channel).get_by_role("article").filter(has=heading).last

    async def go(self, place: str) -> None:
        """Open a channel, or the direct messages."""
        await self.page.get_by_role("navigation", name="Places").get_by_role("link", name=place).click()

    async def speak_as(self, name: str) -> None:
        """Be somebody else."""
        await self.page.get_by_role("combobox", name="Speak as").select_option(label=name)

    async def write(self, words: str, place: str = "#energy") -> None:
        """Write in the channel."""
        await self._send(self.page.get_by_role("textbox", name=f"Message {place}"), words)

    async def reply(self, words: str) -> None:
        """Write in the thread."""
        await self._send(self.thread.get_by_role("textbox"), words)

    async def press(self, where: Locator, name: str) -> None:
        """Press a button by its words."""
        await where.get_by_role("button", name=name, exact=True).click()

    async def open_thread(self, message: Locator) -> None:
        """Open a message's thread, by what is there without any reply."""
        await message.hover()
        await message.get_by_role("link", name="Reply in thread").first.click()
        await expect(self.thread).to_be_visible()

    async def _send(self, composer: Locator, words: str) -> None:
        await composer.fill(words)
        await composer.press("Enter")
        await expect(composer).to_have_value("")
