from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks

from .models import User
from .pins import make_temporary


@hooks.register("before_delete_user")
def keep_accounts(request, user):
    """With the row of a learner's account all that she did would go, but her name in histories, her files and her part
    in her region's counts would not; and a companion's account is bound to what she wrote. Wagtail looks at neither."""
    messages.error(request, "Akun tidak dihapus di sini. Tutup saja: matikan centang «Aktif».")
    return redirect("wagtailusers_users:edit", user.pk)


@hooks.register("before_bulk_action")
def keep_accounts_in_lists(request, action_type, objects, action):
    if action_type == "delete" and action.model is User:
        return keep_accounts(request, objects[0])
    return None


@hooks.register("after_bulk_action")
def close_whole_accounts_in_lists(request, action_type, objects, action):
    """Wagtail's list writes past ``User.save``, which does what else belongs to it."""
    if action_type == "set_active_state" and action.model is User:
        for user in User.objects.filter(pk__in=[one.pk for one in objects]):
            user.save(update_fields=["closed_by_withdrawal"])


@hooks.register("after_create_user")
@hooks.register("after_edit_user")
def make_secret_temporary(request, user):
    """As at the administrator's desk (people/admin.py)."""
    if request.POST.get("password1"):
        make_temporary(user, request)
