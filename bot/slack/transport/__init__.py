"""To Slack and from Slack: nothing lost, nothing twice, no faster than Slack takes it. Knows nothing of runs.

client.py       the Web API, and what its errors mean
outbox.py       who goes first, how fast
posting.py      a message, effectively once, in the first form that Slack takes
live_edit.py    a message edited in place, the latest state only
lookup.py       what Slack tells by ids, remembered for a while
private.py      answers that one person sees
socket_mode.py  sockets, opened, watched and replaced
dispatch.py     what Slack delivers, handed to Bolt
"""
