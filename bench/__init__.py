"""The figures: each measured beside a plain script that makes the same calls, in the same run."""
