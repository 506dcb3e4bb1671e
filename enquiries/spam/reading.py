"""An enquiry, read once for all checks."""

import re
from dataclasses import dataclass
from functools import cached_property

from enquiries.spam.circumstances import Circumstances
from enquiries.spam.text import excerpt, fold, is_mixed, tokens, unmask

# Possessive throughout, and a bare name is only tried where a word starts, so time stays linear.
# Chinese and Japanese go on after a link without a space.
_IN_LINK = "[^\\s<>\"'\\])\u3000-\u9fff\uff00-\uffef]"
_LINK = re.compile(rf"(?:https?:/{{1,2}}|hxxps?://|\bwww\.){_IN_LINK}++", re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![a-z0-9_@.:/-])[a-z0-9-]++(?:\.[a-z0-9-]++)++(?:/{_IN_LINK}*+)?(?![a-z0-9_@])",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:(?:https?|hxxps?):/{1,2})?(?:www\.)?([^/?#:\s]*+)", re.IGNORECASE)

# A full stop without a space makes "my knee.it hurts", so only endings that are no words count.
_BARE_ENDINGS = frozenset(
    [
        "com",
        "net",
        "org",
        "info",
        "biz",
        "io",
        "xyz",
        "top",
        "site",
        "online",
        "shop",
        "store",
        "club",
        "icu",
        "buzz",
        "click",
        "link",
        "website",
        "space",
        "pro",
        "vip",
        "ru",
        "cn",
        "su",
        "uk",
        "de",
        "fr",
        "es",
        "pl",
        "eu",
        "agency",
        "tech",
        "digital",
        "live",
        "life",
        "today",
        "world",
        "cc",
        "pw",
        "tk",
        "ga",
        "cf",
        "gq",
        "ml",
        "app",
        "dev",
    ]
)


@dataclass(frozen=True)
class Reading:
    """An enquiry with what several checks need of it."""

    circumstances: Circumstances

    @cached_property
    def message(self) -> str:
        """The message, without its middle when it is very long."""
        return excerpt(self.circumstances.message)

    @cached_property
    def links(self) -> list[str]:
        """The links in the message, with and without a scheme."""
        return find_links(self.message)

    @cached_property
    def hosts(self) -> list[str]:
        """Where the links lead, in lower case."""
        return [host_of(link) for link in self.links]

    @cached_property
    def prose(self) -> str:
        """The message without links and what looks like one."""
        return _BARE.sub(" ", _LINK.sub(" ", self.message))

    @cached_property
    def plain_words(self) -> list[str]:
        """The words of the name and the message as they were spelt."""
        name = self.circumstances.full_name
        return [*tokens(fold(name)), "\n", *tokens(fold(self.message))]

    @cached_property
    def words(self) -> list[str]:
        """The words of the name and the message, with those in mixed alphabets made Latin."""
        return [unmask(word) if word in self.mixed else word for word in self.plain_words]

    @cached_property
    def mixed(self) -> frozenset[str]:
        """The words in mixed alphabets."""
        return frozenset(word for word in set(self.plain_words) if is_mixed(word))


def find_links(text: str) -> list[str]:
    """Return the links in a text, with and without a scheme; email addresses are none."""
    found = _LINK.findall(text)
    rest = _LINK.sub(" ", text)
    for bare in _BARE.findall(rest):
        ending = host_of(bare).rpartition(".")[2]
        if ending in _BARE_ENDINGS:
            found.append(bare)
    return found


def with_hosts_only(text: str) -> str:
    """Return the text with each link cut down to its host."""
    text = _LINK.sub(lambda match: f" {host_of(match[0])} ", text)
    return _BARE.sub(lambda match: f" {host_of(match[0])} ", text)


def host_of(link: str) -> str:
    """Return the host of a link in lower case, without "www."."""
    match = _HOST.match(link)
    return match[1].rstrip(".,;!").lower() if match else ""
