"""What a person does to sign in, step by step."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "four words that differ"


def enrol(user: User) -> str:
    """Give somebody an authenticator app and return its key."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, *, later: int = 0) -> str:
    """Return what the app shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def give_password(client: Client, name: str = "rosa", path: str = "/admin/", **more: Any) -> Any:
    sent = {"username": name, "password": PASSWORD} | more
    return client.post(f"/admin/login/?next={path}", sent)


def give_code(client: Client, code: str, **more: Any) -> Any:
    return client.post("/staff/account/second-step/", {"code": code, "next": "/admin/"} | more)


def sign_in(user: User, secret: str, **options: Any) -> Client:
    """Return a client in which somebody gave both their password and a code of their app."""
    client = Client(**options)
    give_password(client, user.username)
    assert give_code(client, code_of(secret)).headers["Location"] == "/admin/"
    return client


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())
