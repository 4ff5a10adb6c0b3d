"""Runs a callback once, just before or just after a named function, so that a race is no matter of luck."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import patch

Callback = Callable[[], object]


@contextmanager
def just_before(target: str, callback: Callback) -> Iterator[None]:
    """Within the block, the first call of the function `package.module.name` runs the callback first.

    What the callback itself calls is not intercepted. Fails when the function was never called.
    """
    with _intercepted(target, callback, after=False):
        yield


@contextmanager
def just_after(target: str, callback: Callback) -> Iterator[None]:
    """Like `just_before`, with the callback run when the function has returned."""
    with _intercepted(target, callback, after=True):
        yield


@contextmanager
def _intercepted(target: str, callback: Callback, *, after: bool) -> Iterator[None]:
    owner, name = _resolve(target)
    original = getattr(owner, name)
    met = False

    def intercept(*args: Any, **kwargs: Any) -> Any:
        nonlocal met
        if met:
            return original(*args, **kwargs)
        met = True
        if after:
            result = original(*args, **kwargs)
            callback()
            return result
        callback()
        return original(*args, **kwargs)

    with patch.object(owner, name, intercept):
        yield
    assert met, f"{target} was never called, so nothing raced"


def _resolve(target: str) -> tuple[Any, str]:
    """The module, or the class within one, and the name of what it holds."""
    path, _, name = target.rpartition(".")
    try:
        return import_module(path), name
    except ModuleNotFoundError:
        module, _, holder = path.rpartition(".")
        return getattr(import_module(module), holder), name
