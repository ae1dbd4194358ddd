"""The ``badge:`` section of a module file; the badge of the main path is made with the last of its modules."""

from courses.content_files import ContentError, Mapping
from courses.loader import Load
from courses.models import ModulePage

from .models import Badge, BadgeModule

# The five main modules, by slug: merek, kemasan, riset pasar, literasi keuangan, foto produk.
MAIN_PATH = ("merek", "kemasan", "riset-pasar", "literasi-keuangan", "foto-produk")
MAIN_PATH_NAME = "Jalur Utama PENA"


def load_badge(run: Load, module: ModulePage, source: Mapping) -> None:
    """Makes the module's badge where it has none, and the path's as soon as all its modules are there.

    A badge that exists is its editor's. Raises ContentError.
    """
    source.only({"name"})
    name = source.take("name")
    if len(name) > Badge._meta.get_field("name").max_length:
        raise ContentError(source.places["name"], "nama lencana terlalu panjang.")
    if not Badge.objects.filter(is_path=False, required_modules__module=module).exists():
        badge = Badge.objects.create(name=name, art=module.pictogram)
        BadgeModule.objects.create(badge=badge, module=module)
    main = list(ModulePage.objects.original().filter(slug__in=MAIN_PATH))
    if len(main) == len(MAIN_PATH) and not Badge.objects.filter(is_path=True).exists():
        badge = Badge.objects.create(name=MAIN_PATH_NAME, art="jalur-utama", is_path=True)
        for number, page in enumerate(sorted(main, key=lambda page: MAIN_PATH.index(page.slug))):
            BadgeModule.objects.create(badge=badge, module=page, sort_order=number)


def tell_badge(module: ModulePage) -> dict | None:
    """What ``load_badge`` needs to make the module's badge elsewhere; None where it has none."""
    badge = Badge.objects.filter(is_path=False, required_modules__module=module).first()
    return {"name": badge.name} if badge else None
