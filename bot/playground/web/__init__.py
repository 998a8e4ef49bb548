"""A web of our own on loopback: a search and sites with every trap that we know.

sites.py   pages, good ones and every trap
search.py  a search server that speaks as each provider does
"""
