"""The demonstration's conveniences: one-click sign-in, a clock that can be advanced, the outbox.

Refused wherever the database comes from outside or the server listens beyond loopback.
"""
