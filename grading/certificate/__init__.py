"""The certificate of a yearly grade: how it is laid out, what it holds, and what is to be said of a file shown as one.

Pure: no database and no application, so that `flask verify grade` reads certificates alone.
"""
