from whitenoise.middleware import WhiteNoiseMiddleware

_read: dict[tuple[str, str], dict] = {}


class ReadOnceWhiteNoise(WhiteNoiseMiddleware):
    """Reads the list of static files once a process: Wagtail builds all middleware anew for every preview."""

    def update_files_dictionary(self, root, prefix):
        if (root, prefix) not in _read:
            before = dict(self.files)
            super().update_files_dictionary(root, prefix)
            _read[root, prefix] = {url: file for url, file in self.files.items() if url not in before}
        self.files.update(_read[root, prefix])
