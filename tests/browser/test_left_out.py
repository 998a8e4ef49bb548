"""What becomes of tests that want a browser where there is none."""

from __future__ import annotations

import pytest

from tests.support.chromium import LEFT_OUT, executable


def test_without_a_browser_its_tests_are_left_out_and_where_it_is_needed_they_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that nobody looked at must not pass for one that is fine."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match=LEFT_OUT):
        executable()
    monkeypatch.setenv("BROWSER", "needed")
    with pytest.raises(pytest.fail.Exception, match=LEFT_OUT):
        executable()
