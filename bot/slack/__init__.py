"""Slack's side of the bot, in rooms whose arrows run one way: listeners, ports, messages and transport, format.

app.py  tells Bolt which listener hears what
"""
