"""Documents: a content-addressed, write-once store and the rows that say whose each file is.

Files are accepted by what they contain, not by their name; downloads are streamed and asked of the room that owns them.
"""
