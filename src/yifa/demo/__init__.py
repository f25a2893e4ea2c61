"""The demonstration county: fictional, generated from a fixed seed relative to a day."""

from yifa.demo.loading import load
from yifa.demo.shapes import county as _county

CODE: str = _county().body.code
PASSWORD: str = _county().password
ACCOUNTS: tuple[tuple[str, str], ...] = tuple((given.username, given.title) for given in _county().accounts)

__all__ = ["ACCOUNTS", "CODE", "PASSWORD", "load"]
