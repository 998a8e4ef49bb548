"""Addresses that a model wrote: whatever form they have, they go, and no word goes with them."""

from __future__ import annotations

import pytest

from bot.text.addresses import unlinked


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The [bridge](https://x.example/a) is old.", "The bridge is old."),
        ('The [bridge](https://x.example/a "Its page") is old.', "The bridge is old."),
        ("The [bridge](https://x.example/a 'Its page') is old.", "The bridge is old."),
        ("The [bridge](https://x.example/a (Its page)) is old.", "The bridge is old."),
        ("The [bridge](<https://x.example/a b>) is old.", "The bridge is old."),
        ("The [bridge]( https://x.example/a ) is old.", "The bridge is old."),
        ("The [bridge\nof steel](https://x.example/a_(b)) is old.", "The bridge\nof steel is old."),
        ("The [bridge [Golden Gate]](https://x.example/a) is old.", "The bridge [Golden Gate] is old."),
        ("The [![picture](https://x.example/a.png)](https://x.example) is old.", "The picture is old."),
        ("The [bridge][b] is old.\n\n[b]: https://x.example/a", "The bridge is old.\n\n"),
        ("The [bridge][] is old.\n\n[Bridge]: <https://x.example/a>", "The bridge is old.\n\n"),
        ("The [bridge][1a] is old.\n\n[1a]: https://x.example/a", "The bridge [1a] is old.\n\n"),
        ("The <a href='https://x.example/a' rel=\"me\">bridge</a> is old.", "The bridge is old."),
        ("The <https://x.example/a|bridge> is old.", "The bridge is old."),
        ("It is old, says <https://x.example/a>.", "It is old, says."),
        ("It is old: https://x.example/a.", "It is old."),
        ("It is old (see https://x.example/a_(b)).", "It is old."),
        ("It is old (http://[2001:db8::1]/a).", "It is old."),
        ("The `https://x.example/a` bridge is old.", "The bridge is old."),
        ("It is old **https://x.example/a**.", "It is old."),
        ("It is old [1a][https://x.example/a].", "It is old [1a]."),
        ("It is old, see x-bridge.org/facts?id=1 for more.", "It is old, see for more."),
        ("It is old. Source: https://x.example/a", "It is old."),
        ("It is old.\n\n**Sources:**\n- https://x.example/a\n- https://x.example/b", "It is old.\n\n"),
        ("It fell ([source](https://x.example/a)). Then it rose.", "It fell. Then it rose."),
        ("It fell ([x.example](https://x.example/a?b=c), [Quelle](https://y.example)).", "It fell."),
        ("It fell (Source: https://x.example/a).", "It fell."),
        ("The agency ([WHO](https://x.example/a)) says so.", "The agency (WHO) says so."),
    ],
)
def test_of_an_address_no_more_is_left_than_its_label(text: str, left: str) -> None:
    assert unlinked(text) == left


@pytest.mark.parametrize(
    "text",
    ["Booking.com and/or Node.js, e.g. ASP.NET/MVC", "x[1](a b)", "The [sic] bridge [...] (old)", "[a] [b]", "1.2/3.4"],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert unlinked(text) == text
