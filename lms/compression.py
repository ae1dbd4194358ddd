from compression_middleware.middleware import CompressionMiddleware

AS_THEY_ARE = ("image/", "audio/", "video/")


class PageCompressionMiddleware(CompressionMiddleware):
    """Pictures and recordings are small already, and of a recording players ask for a part, by its bytes."""

    def process_response(self, request, response):
        if response.get("Content-Type", "").startswith(AS_THEY_ARE):
            return response
        if "br" in (accepted := request.headers.get("Accept-Encoding", "")):
            # For a page of ours, and at the package's levels, a tenth less than zstd, which it would rather take.
            request.META["HTTP_ACCEPT_ENCODING"] = accepted.replace("zstd", "")
        return super().process_response(request, response)
