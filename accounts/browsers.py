"""What is told of a browser and its address: enough to know one's own, and no more."""

import ipaddress

from django.http import HttpRequest

from components.client_address import client_address

# In this order: most browsers also name the ones they descend from.
_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Windows": "Windows", "iPhone": "iPhone", "iPad": "iPad", "Android": "Android",
    "Mac OS": "Mac", "CrOS": "Chromebook", "Linux": "Linux",
}  # fmt: skip


def browser_of(request: HttpRequest) -> str:
    """Return the browser and the system in words, such as “Firefox on Windows”."""
    told = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for mark, name in _BROWSERS.items() if mark in told), "A browser")
    system = next((name for mark, name in _SYSTEMS.items() if mark in told), "")
    return f"{browser} on {system}" if system else browser


def coarse_address(request: HttpRequest) -> str:
    """Return the network that a request came from: a quarter of a town rather than a house."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 4:
        return str(address).rpartition(".")[0] + ".…"
    return f"{ipaddress.ip_network(f'{address}/48', strict=False).network_address}…"
