"""The outside world on loopback, for trying, for tests and for measuring: nothing that serves imports it.

model.py         a model server whose answers, faults and pace are given
model_citing.py  its sentences where it is given passages, right or wrong as wanted
model_stream.py  its answers token by token
postgres.py      a real Postgres, where its wheel is installed
"""
