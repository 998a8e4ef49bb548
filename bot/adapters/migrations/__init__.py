"""The history of our own tables; the engine keeps its own.

env.py  what Alembic runs
"""
