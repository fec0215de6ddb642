"""Files that a browser sends: as much is kept as the largest that any page takes, in memory, and the rest is
read and forgotten. A page sees by the true size that there was more.
"""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 16 * 1024  # a certificate of today has one to three thousand


class KeepsLittle(FileUploadHandler):
    """settings.FILE_UPLOAD_HANDLERS. Nothing is written to a disk."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keeps the beginning."""
        if start == 0:
            self._kept = BytesIO()
        self._kept.write(raw_data[: max(0, MOST_BYTES + 1 - start)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The beginning under its true size."""
        kept = self._kept if file_size else BytesIO()
        kept.seek(0)
        return InMemoryUploadedFile(
            kept, self.field_name, str(self.file_name), self.content_type, file_size, self.charset
        )
