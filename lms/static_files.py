from collections.abc import Iterator
from tempfile import TemporaryDirectory

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.middleware import WhiteNoiseMiddleware

from .stylesheet import stylesheet

_read: dict[tuple[str, str], dict] = {}


class ReadOnceWhiteNoise(WhiteNoiseMiddleware):
    """Reads the list of static files once a process: Wagtail builds all middleware anew for every preview."""

    def update_files_dictionary(self, root, prefix):
        if (root, prefix) not in _read:
            before = dict(self.files)
            super().update_files_dictionary(root, prefix)
            _read[root, prefix] = {url: file for url, file in self.files.items() if url not in before}
        self.files.update(_read[root, prefix])


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
