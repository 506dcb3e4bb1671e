"""Connections to the database where a pool hands them out, apart from those of requests.

Django gives a connection back when a request ends. What is done outside of any has to see to it.
"""

from copy import deepcopy

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections


def give_back() -> None:
    """Give this thread's connection back to the pool, if there is one: others may wait for it."""
    if "pool" in settings.DATABASES[DEFAULT_DB_ALIAS].get("OPTIONS", ()):
        close_old_connections()


def take_one_apart() -> None:
    """Have this thread use a connection of its own: it would keep one of the pool for ever."""
    shared = connections[DEFAULT_DB_ALIAS]
    its_own = deepcopy(shared.settings_dict)
    its_own["OPTIONS"].pop("pool", None)
    connections[DEFAULT_DB_ALIAS] = type(shared)(its_own, DEFAULT_DB_ALIAS)
