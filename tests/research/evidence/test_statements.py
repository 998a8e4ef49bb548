"""The scripted statements: none that the gate told right before may be told wrong."""

from __future__ import annotations

from bench.statements import told


def test_the_gate_tells_all_scripted_statements_right() -> None:
    assert {row.kind: row.right for row in told()} == dict.fromkeys(
        ["right", "wrong number", "wrong source", "no marker", "unknown id"], 20
    )
