"""The law as data: catalogue, working-day calendar, clocks, citations in force. Pure Python.

Import from the modules: `loader` (catalogue), `calendar`, `clocks`, `laws`, `schema`.
"""
