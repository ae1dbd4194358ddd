import re
from collections.abc import Iterator
from tempfile import TemporaryDirectory

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from .stylesheet import stylesheet

# A comment alone on its line, or behind code. One with a quote in it stays there: it may be the end of a text.
COMMENT = re.compile(r"""^[ ]*//.*\n|[ ]//[ ][^"'`\n]*$""", re.M)

_read: dict[tuple[str, str], dict] = {}


class ReadOnceWhiteNoise(WhiteNoiseMiddleware):
    """Reads the list of static files once a process: Wagtail builds all middleware anew for every preview."""

    def update_files_dictionary(self, root, prefix):
        if (root, prefix) not in _read:
            before = dict(self.files)
            super().update_files_dictionary(root, prefix)
            _read[root, prefix] = {url: file for url, file in self.files.items() if url not in before}
        self.files.update(_read[root, prefix])


def without_comments(script: str) -> str:
    return COMMENT.sub("", script)


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Serves our scripts without comments, a sixth of what a phone would load of them."""

    def _save(self, name: str, content: File) -> str:
        if name.startswith("js/"):  # those of a package are in its own folder
            content = ContentFile(without_comments(b"".join(content.chunks()).decode()))
        return super()._save(name, content)


class StylesheetFinder(BaseFinder):
    """Everyone's stylesheet as one file, for collectstatic."""

    NAME = "css/everyone.css"

    def __init__(self, app_names=None, *args, **kwargs):
        self.folder = TemporaryDirectory()  # goes with the finder
        self.storage = FileSystemStorage(self.folder.name)
        self.storage.save(self.NAME, ContentFile(stylesheet("everyone")))

    def check(self, **kwargs) -> list:
        return []

    def list(self, ignore_patterns) -> Iterator[tuple[str, FileSystemStorage]]:
        yield self.NAME, self.storage

    def find(self, path, find_all=False, **kwargs):
        if path != self.NAME:
            return []
        found = self.storage.path(path)
        return [found] if find_all else found
