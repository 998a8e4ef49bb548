"""A web of our own on loopback: a search and sites with every trap that we know.

search.py  a search server that speaks as each provider does
"""
