"""Papers as offices expect them: Word files in the layout of official documents, Excel sheets, safe writing.

Knows nothing of what the papers say: the rooms above put their words in.
"""
