"""The first look at what is uploaded: what is far too large is refused before it is taken in, with an answer."""

from __future__ import annotations

from typing import IO

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

MOST = 210 * 1024 * 1024  # a page takes at most two hundred files of a megabyte, or one of a hundred
MOST_OPEN = 60 * 1024 * 1024  # without a session: somewhat more than the check-up allows
READ_AWAY = (
    4  # times what is taken are read of a refused request: a browser shows an answer when it has sent all
)
MEGABYTE = PIECE = 1024 * 1024


class UploadTooLarge(RequestDataTooBig):
    """Refused by its announced length; the message names the limit it broke."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            f"这次上传的内容一共约 {-(-length // MEGABYTE)} MB，超过一次 {most // MEGABYTE} MB 的上限，没有存入。"
        )


class SizeGate(FileUploadHandler):
    """Refuses a request by its announced length; takes no files itself."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803  # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the length before the first byte is kept."""
        request = self.request
        signed_in = isinstance(request, HttpRequest) and "sessionid" in request.COOKIES
        most = MOST if signed_in else MOST_OPEN
        if content_length > most:
            left = most * READ_AWAY
            while left > 0 and (piece := input_data.read(min(PIECE, left))):
                left -= len(piece)
            raise UploadTooLarge(content_length, most)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the data to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Take no file."""
