"""Large text and dark mode: cookies set by a form, so that both work without scripts and without signing in.

static/js/app.js sets the same cookies without a round trip.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from institutions.access import public

CHOICES = {"cme-size": ("normal", "large"), "cme-theme": ("light", "dark")}
YEAR = 365 * 24 * 60 * 60


def appearance_of(request: HttpRequest) -> dict[str, str]:
    """{"size": "large", "theme": "dark"}; empty where the reader has chosen nothing."""
    chosen = {name: request.COOKIES.get(name, "") for name in CHOICES}
    return {name.removeprefix("cme-"): value if value in CHOICES[name] else "" for name, value in chosen.items()}


@public
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember the choice for a year and go back to the page it was made on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for name, values in CHOICES.items():
        if request.POST.get(name) in values:
            response.set_cookie(name, request.POST[name], max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
