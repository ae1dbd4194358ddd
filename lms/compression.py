from compression_middleware.middleware import CompressionMiddleware

AS_THEY_ARE = ("image/", "audio/", "video/")


class PageCompressionMiddleware(CompressionMiddleware):
    """Pictures and recordings are small already, and of a recording players ask for a part, by its bytes."""

    def process_response(self, request, response):
        if response.get("Content-Type", "").startswith(AS_THEY_ARE):
            return response
        return super().process_response(request, response)
