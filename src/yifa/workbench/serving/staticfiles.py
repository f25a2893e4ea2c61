"""Style sheets, scripts and icons, served as they are on the disk now."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise keeps each file's length from the start; a file changed since is looked at anew.

    Otherwise an update under a running server would be sent cut off, or with the length of the old file.
    """

    def add_file_to_dictionary(
        self, url: str, path: str, stat_cache: Mapping[str, os.stat_result] | None = None
    ) -> None:
        """Remember where the file lies and how it looks."""
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        self.looks[url] = (path, _look(path))

    @property
    def looks(self) -> dict[str, tuple[str, tuple[float, ...]]]:
        """By address: the path, and how the file looked when it was taken up."""
        kept: dict[str, tuple[str, tuple[float, ...]]] = self.__dict__.setdefault("_looks", {})
        return kept

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the file at the address, or pass the request on."""
        path, look = self.looks.get(request.path_info, ("", ()))
        if path and look != (now := _look(path)) and now:
            self.add_file_to_dictionary(request.path_info, path)
        response: HttpResponseBase = super().__call__(request)
        return response


def _look(path: str) -> tuple[float, ...]:
    """Size and time of a file and of its packed copy; nothing while the file is away."""
    if not Path(path).exists():
        return ()
    seen = [each.stat() for each in (Path(path), Path(f"{path}.gz")) if each.exists()]
    return tuple(value for each in seen for value in (each.st_size, each.st_mtime))
