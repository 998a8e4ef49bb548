"""The ports of research/ and service/, spoken in Slack.

room.py           where threads are opened
thread.py         a root that is edited in place, and replies to it
parts.py          a text in as many messages as it takes
conversation.py   answers and notes in a thread
status.py         the sign that an answer is being written
exporter.py       files and canvases
parked_topics.py  topics that wait for a place
"""
