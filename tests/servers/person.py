"""The person who signs in: a browser that follows links, and eyes for what the terminal says."""

import json
import re
import threading
from pathlib import Path
from typing import Any

import keyring
import pytest
import requests
from keyring.backends.fail import Keyring

from connectors.account import Account
from connectors.oauth import Asking
from tests.servers import USER
from tests.servers.oauth import CLIENT_ID, SignInServer


class Person:
    """Signs in to the provider as soon as a link or a code appears."""

    def __init__(self, server: SignInServer) -> None:
        self._server = server
        self.told: list[str] = []
        self.pages: list[str] = []

    def with_a_browser(self) -> Asking:
        """At the desk: the program opens the browser."""
        return Asking(self.told.append, self.open)

    def with_a_link(self) -> Asking:
        """Over ssh: the link is printed, and the person copies it."""
        return Asking(self._reads)

    def open(self, link: str) -> None:
        """In a browser; each page shown is kept."""
        page = requests.get(link, verify=str(self._server.ca), timeout=10).text
        if form := re.search('<form action="(.*?)"', page):
            fields = dict(re.findall('<input name="(.*?)" value="(.*?)">', page))
            page = requests.post(form[1], fields, timeout=10).text
        self.pages.append(page)

    def _reads(self, line: str) -> None:
        self.told.append(line)
        if line.startswith("https://"):
            threading.Thread(target=self.open, args=[line], daemon=True).start()
        elif " the code " in line:
            self._server.enter(line.rpartition(" ")[2])


def at_home(server: SignInServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own without a keyring, in which the server's certificate is trusted."""
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    before = keyring.get_keyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", before)  # put back at the end
    keyring.set_keyring(Keyring())


def google(server: SignInServer, home: Path, **settings: Any) -> Account:
    """A Gmail account whose client is known to the server."""
    client = home / "client_secret.json"
    client.write_text(json.dumps(server.client_secret()))
    usual = {"name": "g", "connector": "gmail", "addresses": (USER,), "client": client, "authority": server.address}
    return Account(**(usual | settings))


def microsoft(server: SignInServer, **settings: Any) -> Account:
    """An Outlook account whose application is known to the server."""
    usual = {
        "name": "m",
        "connector": "outlook",
        "addresses": (USER,),
        "client_id": CLIENT_ID,
        "authority": server.address,
    }
    return Account(**(usual | settings))
