"""The ports of research/ and service/, spoken in Slack.

room.py           where threads are opened
thread.py         a run's root, edited in place, and the replies to it
location.py       where these stand: the channel, or direct messages
parts.py          a text in as many messages as it takes
conversation.py   answers and notes in a thread
status.py         the sign that an answer is being written
directory.py      who people are, what channels are called
exporter.py       files and canvases
"""
