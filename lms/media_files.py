"""Editors' pictures and recordings, whole or in part: a player that goes on where it stopped asks for the rest."""

import posixpath
import re
from collections.abc import Iterator

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.static import serve

ELSEWHERE = "documents/"  # Wagtail's own way to them, /dokumen/, asks who may have one
PIECE = 64 * 1024  # bytes
# One part, as players ask for; of others the whole is sent (RFC 9110, 14.2).
PART = re.compile(r"bytes=(\d{,18})-(\d{,18})")


def media_file(request: HttpRequest, path: str) -> HttpResponse:
    if posixpath.normpath(path).lstrip("/").startswith(ELSEWHERE):
        raise Http404
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as problem:  # a name that is longer than any file's
        raise Http404 from problem
    if not isinstance(response, FileResponse):
        return response
    response["Accept-Ranges"] = "bytes"
    asked = PART.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        return response
    size = int(response["Content-Length"])
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        response.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file = response.file_to_stream
    file.seek(start)
    response.streaming_content = _pieces(file, end + 1 - start)
    response.status_code = 206
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = end + 1 - start
    return response


def _pieces(file, left: int) -> Iterator[bytes]:
    while left > 0 and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece
