"""The least that Django does: one view that says hello. What every figure of ``make bench`` is compared with; served by
the same program with the same options as the product."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY="nothing-is-signed-with-this",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # it tells the length, which keeps a connection open
)
urlpatterns = [path("", lambda request: HttpResponse("hello"))]
application = get_wsgi_application()
