"""HiGHS without its greeting: since 1.16 its first model prints one to standard output, whatever the options say.

Our commands print JSON there. So the first model of a process is made while standard output points nowhere.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys
import threading
from typing import Any, cast

import highspy

_FIRST = threading.Lock()


@functools.cache
def _greeted() -> bool:
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        cast("Any", highspy.Highs)()
        # The greeting may wait in the C library's own buffer, which would be written after the way back is restored.
        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
    return True


def new_model() -> highspy.Highs:
    """Return an empty silent HiGHS model."""
    with _FIRST:
        _greeted()
    model: highspy.Highs = cast("Any", highspy.Highs)()
    model.silent()
    return model
