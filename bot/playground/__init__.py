"""The outside world on loopback, for trying, for tests and for measuring: nothing that serves imports it.

model.py         a model server whose answers, faults and pace are given
model_citing.py  its sentences where it is given passages, right or wrong as wanted
model_stream.py  its answers token by token
postgres.py      a real Postgres, where its wheel is installed

Together, with the bot in a process of its own and a page that shows it all:

begin.py           from the start to the end
premises.py        its port and its files
launch.py          where the parts meet
bot_process.py     the bot: started, killed, started again
bot_main.py        what that process does
bot_settings.py    what it is told
model_proxy.py     before the model, which it can let fail
fault_choices.py   what can go wrong at hand
controls.py        what the page's panel offers
guard.py           who may speak to a server on loopback
manifest.py        what the app asks of Slack
kept_workspace.py  what was said, kept
"""
