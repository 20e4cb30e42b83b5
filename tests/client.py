"""A signed-in browser without a window, and what its pages say."""

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from institutions.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()
