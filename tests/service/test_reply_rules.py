"""Which replies are for the bot, before any model is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.jobs import ReplyJob, Word
from bot.service.reply_rules import QUIET_SECONDS, FollowUps, Intent, judge, word_of
from bot.service.transcript import ThreadState

NOW = 1_795_000_000.0
ASLEEP = ThreadState(run_id="r_1", active_at=NOW - QUIET_SECONDS - 1)
AWAKE = ThreadState(run_id="r_1", active_at=NOW - QUIET_SECONDS + 1)
MUTED = ThreadState(run_id="r_1", muted_by="U1", active_at=NOW)


def reply(text: str, **whom: bool) -> ReplyJob:
    said = {"run_id": "r_1", "thread": "C1/1", "ts": "2", "asker": "U2", "text": text, "asked_at": NOW}
    return ReplyJob.model_validate(said | whom)


def judged(text: str, state: ThreadState = AWAKE, setting: FollowUps = "thread", **whom: bool) -> Intent:
    return judge(reply(text, **whom), state, setting, under_way=False)


@pytest.mark.parametrize(
    "text",
    [
        *("Why?", "ok, and why?", "thanks, but what about Kenya?", "👍 what next?", "Warum?", "なぜ？", "1968?", "?"),
        *("|" + ":---:|" * 28 + " why?", ":-" * 2_000 + " why"),
        *("？", "؟", "\u037e", "thanks?", "stop?", ":wave: and Kenya", "ok <https://a.b/c?d> really", "so far so good"),
    ],
)
def test_what_asks_something_is_a_question(text: str) -> None:
    """Politeness around it does not make it less of one."""
    assert judged(text) is Intent.ASK


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "ok", "OK.", "Thanks!", "thank you so much", "+1", ":+1:", "🎉🎉", "great, thanks"),
        *(
            "https://a.b/c",
            "<https://a.b/c?d=e|see why>",
            "<mailto:a@b.c|a@b.c>",
            ":wave::skin-tone-3:",
            "_Thanks_ :tada:",
        ),
        *("\u200b", "o\u200bk", "\u2060thanks\ufeff", "——", "|:---:|", "*ok* all, thank\u00a0you"),
    ],
)
def test_what_says_nothing_asks_nothing(text: str) -> None:
    """Nobody wants thanks answered, whoever they are for."""
    assert judged(text) is Intent.NOTHING
    assert judged(text, addressed=True) is Intent.NOTHING


def test_who_speaks_to_somebody_else_does_not_speak_to_the_bot() -> None:
    """Unless the bot is mentioned too."""
    assert judged("@ada why?", aside=True) is Intent.ASIDE
    assert judged("@ada why?", aside=True, addressed=True) is Intent.ASK
    assert judged("as @ada asks: why?") is Intent.ASK


@pytest.mark.parametrize("state", [MUTED, ASLEEP])
def test_a_silent_thread_answers_mentions_only(state: ThreadState) -> None:
    """Muted by somebody or left alone for a week."""
    assert judged("Why?", state) is Intent.NOTHING
    assert judged("@ada why?", state, aside=True) is Intent.NOTHING  # nor does it offer to be silent
    assert judged("Why?", state, addressed=True) is Intent.ASK


def test_a_thread_without_replies_falls_asleep_a_week_after_its_run() -> None:
    """Whoever comes upon it months later talks to people."""
    silent, asked = ThreadState(run_id="r_1"), reply("Why?")
    assert judge(asked, silent, "thread", under_way=False, active_at=NOW - QUIET_SECONDS + 1) is Intent.ASK
    assert judge(asked, silent, "thread", under_way=False, active_at=NOW - QUIET_SECONDS - 1) is Intent.NOTHING
    assert judge(asked, silent, "thread", under_way=True, active_at=NOW - QUIET_SECONDS - 1) is Intent.ASK


def test_the_setting_says_what_is_answered() -> None:
    """By mention only, or nothing at all; and never more than the thread wants."""
    assert [judged("Why?", setting=setting) for setting in ("mention", "off")] == [Intent.NOTHING, Intent.NOTHING]
    assert judged("Why?", setting="mention", addressed=True) is Intent.ASK
    assert judged("@ada why?", setting="mention", aside=True) is Intent.NOTHING
    assert judged("Why?", setting="off", addressed=True) is Intent.NOTHING


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *(("mute", Word.MUTE), ("Mute.", Word.MUTE), (" UNMUTE! ", Word.UNMUTE), ("stop", "stop"), ("mute it", None)),
        *((text, "stop") for text in ("stop。", "Stop!!!", "*stop*", "`stop`", "“stop”", "_Stop_", "~stop~", "> stop")),
        *(
            (text, "stop")
            for text in ("ｓｔｏｐ！", "stop।", "stop؛", "«stop»", "「stop」", "(stop)", "- stop", "🛑 stop")
        ),
        *(
            (text, "stop")
            for text in ("stop :pray:", "stop\ufe0f", "\u200bst\u200bop", "\u2060stop\ufeff", "sto\u00adp")
        ),
        *(
            (text, "stop")
            for text in ("\u200fstop\u200f", "\u202bstop\u202c", "\u061cSTOP…", "stop\u3164", "\u2800stop")
        ),
        *(
            ("mu\u200dte", Word.MUTE),
            ("un\u00admute", Word.UNMUTE),
            ("ｕｎｍｕｔｅ。", Word.UNMUTE),
            ("```mute```", Word.MUTE),
        ),
        *(
            (text, None)
            for text in ("stop?", "stop？", ":mute:", "stop it", "non-stop", "st op", "stops", "", ":stop:")
        ),
    ],
)
def test_a_word_alone_is_a_word_to_the_bot(text: str, word: object) -> None:
    """Within a sentence it is only a word."""
    assert word_of(text) == word


# What comes along with pasted words: soft hyphens, marks of direction, joiners, fillers, selectors, tags.
UNSEEN = st.text(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206f\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffb\ufffc"
    "\U0001bca0\U0001d173\U000e0001\U000e0020\U000e007f\U000e0100",
    max_size=4,
)


@given(UNSEEN, UNSEEN, UNSEEN)
def test_no_character_that_nobody_sees_changes_what_a_reply_calls_for(before: str, within: str, behind: str) -> None:
    """Whoever types stop sees nothing but the word, and waits for it to be done."""
    assert word_of(f"{before}st{within}op{behind}") == "stop"
    assert word_of(f"{before}mute.{behind}") is Word.MUTE
    assert judged(f"{before}tha{within}nks{behind}") is Intent.NOTHING


def test_stop_stops_what_is_under_way_and_is_nothing_afterwards() -> None:
    """It must not cost a model call."""
    assert judge(reply("stop"), AWAKE, "thread", under_way=True) is Intent.STOP
    assert judged("stop") is Intent.NOTHING
