"""The only way from Markdown to HTML: one renderer for the site, the preview and the checks.

Text becomes HTML through Python-Markdown and then passes an allow-list, so that nothing an editor
types or pastes can run in a reader's browser. HTML typed into the text is shown as text.

Apps that add something to the language (such as citations) register a plug-in in their `AppConfig`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Protocol
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import markdown
import nh3
from django.conf import settings
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor

from publishing.limits import excess
from publishing.text import clean_paste

CALL_OUTS = {"note", "warning", "do", "dont"}

_TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "path",
    "pattern", "picture", "pre", "source", "span", "strong", "sub", "summary", "sup", "svg",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "class", "id", "rel", "aria-label", "aria-describedby"},
    "abbr": {"title"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "figcaption": {"class"},
    "figure": {"class"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding", "class"},
    "li": {"id"},
    "ol": {"start"},
    "p": {"class"},
    "path": {"d", "fill"},
    "pattern": {"id", "width", "height", "patternUnits", "fill", "stroke", "stroke-width"},
    "source": {"srcset", "sizes", "type", "media", "width", "height"},
    "span": {"class"},
    "sup": {"id", "class"},
    "svg": {"viewBox", "aria-hidden"},
    "td": {"class"}, "th": {"class", "scope"},
    "table": {"class"},
    "ul": {"class"},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
# Where a link may lead: another site in full, a page of this one from the root, the same page.
_ADDRESS = re.compile(r"https?://|mailto:|tel:|/(?![/\\])|[#?]", re.IGNORECASE)
_PAINT = re.compile(r"none|currentColor|url\(#[a-z0-9-]+\)")
_INLINE_LINK = re.compile(r"(?<!!)\[(?![@^])[^\[\]\n]*\]\(<?(?P<address>[^)\s>]+)")


@dataclass(frozen=True)
class Mistake:
    """Something in a text that must be mended, with its line and how to mend it."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass(frozen=True)
class Heading:
    """A heading of a rendered text, for a contents list."""

    level: int
    anchor: str
    text: str


@dataclass
class Document:
    """The parts of one page after rendering. The parts share numbered references."""

    parts: dict[str, SafeString] = field(default_factory=dict)
    headings: dict[str, list[Heading]] = field(default_factory=dict)
    plugins: dict[type, object] = field(default_factory=dict)


_TOO_DEEP = Mistake(1, "emphasis, lists or boxes are inside one another too many times.")


class Plugin(Protocol):
    """An addition to the language, made anew for each page.

    `texts` is every part of the page, so that what the plug-in needs is fetched in one query.
    """

    def __init__(self, texts: Sequence[str]) -> None: ...

    def extension(self) -> Extension:
        """Return the Python-Markdown extension that does the work."""
        ...


MistakeFinder = Callable[[str], list[Mistake]]

_plugins: list[type[Plugin]] = []
_mistake_finders: list[MistakeFinder] = []


def register(plugin: type[Plugin], mistake_finder: MistakeFinder) -> None:
    """Add a plug-in and the function that finds mistakes in its use. Safe to call twice."""
    if plugin not in _plugins:
        _plugins.append(plugin)
        _mistake_finders.append(mistake_finder)


def mistakes(text: str) -> list[Mistake]:
    """Return everything in the text that must be mended before a reader sees it, by line."""
    refusal = _refusal(text)
    if refusal:
        return [refusal]
    finders = (_link_mistakes, *_mistake_finders)
    found = [mistake for finder in finders for mistake in finder(text)]
    return sorted(found, key=lambda mistake: mistake.line)


def _refusal(text: str) -> Mistake | None:
    too_much = excess(text)
    if too_much:
        return Mistake(*too_much)
    try:
        _engine(2, _Anchors(), [], FootnoteExtension()).convert(text)
    except RecursionError:
        return _TOO_DEEP
    return None


def _link_mistakes(text: str) -> list[Mistake]:
    return [
        Mistake(
            text.count("\n", 0, match.start()) + 1,
            f"the link to “{match['address']}” leads nowhere. Begin a link to another website with"
            " https:// and a link to a page of this one with / such as /contact/.",
        )
        for match in _INLINE_LINK.finditer(text)
        if not _leads_somewhere(match["address"])
    ]


def render(text: str) -> SafeString:
    """Return one text as safe HTML, with headings from level 2."""
    return render_document({"body": text}, heading_level=2).parts["body"]


def render_document(parts: Mapping[str, str], *, heading_level: int) -> Document:
    """Render the named parts of a page; their first heading level is `heading_level`."""
    cleaned = {name: clean_paste(text) for name, text in parts.items()}
    refused = {name: Mistake(*found) for name, text in cleaned.items() if (found := excess(text))}
    document = Document()
    plugins = [
        plugin([text for name, text in cleaned.items() if name not in refused])
        for plugin in _plugins
    ]
    document.plugins = {type(plugin): plugin for plugin in plugins}
    anchors = _Anchors()
    footnotes = FootnoteExtension(UNIQUE_IDS=True, BACKLINK_TEXT="Back to the text")
    engine = _engine(heading_level, anchors, plugins, footnotes)
    for number, (name, text) in enumerate(cleaned.items(), start=1):
        anchors.prefix = f"{name.replace('_', '-')}-"
        engine.reset()
        footnotes.unique_prefix = number
        document.headings[name] = []
        if name in refused:
            document.parts[name] = _plain(text, refused[name])
            continue
        try:
            document.parts[name] = _sanitise(engine.convert(text))
        except RecursionError:
            # It left the engine in the middle of something.
            engine = _engine(heading_level, anchors, plugins, footnotes)
            document.parts[name] = _plain(text, _TOO_DEEP)
            continue
        document.headings[name] = _headings(getattr(engine, "toc_tokens", []))
    return document


def _plain(text: str, why: Mistake) -> SafeString:
    """Return a text that cannot be laid out as it was typed: a reader loses nothing of it."""
    return format_html(
        '<div class="call-out call-out--note"><p class="call-out__title">This text is shown as it'
        " was typed</p><p>{}</p></div>{}",
        why,
        mark_safe(linebreaks(text, autoescape=True)),  # noqa: S308  (it escapes)
    )


class _Anchors:
    """Makes ids of headings: different in each part, and none that the page around it uses."""

    prefix = ""

    def __call__(self, value: str, separator: str) -> str:
        return f"{self.prefix}{slugify(value) or 'section'}"


def _engine(
    heading_level: int,
    anchors: _Anchors,
    plugins: Sequence[Plugin],
    footnotes: FootnoteExtension,
) -> markdown.Markdown:
    engine = markdown.Markdown(
        extensions=[
            "abbr",
            "admonition",
            "def_list",
            "sane_lists",
            "tables",
            footnotes,
            TocExtension(slugify=anchors, toc_depth="2-4"),
            *(plugin.extension() for plugin in plugins),
            _SiteExtension(heading_level),
        ],
        output_format="html",
    )
    # HTML in the text is shown as text: one way to write, and nothing to smuggle.
    engine.preprocessors.deregister("html_block")
    engine.inlinePatterns.deregister("html")
    return engine


class _SiteExtension(Extension):
    def __init__(self, heading_level: int) -> None:
        super().__init__()
        self.heading_level = heading_level

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        # Before the contents list (5) reads the headings.
        md.treeprocessors.register(_HeadingTreeprocessor(md, self.heading_level), "headings", 15)
        # Last: after the admonitions, tables and links it works on have been built.
        md.treeprocessors.register(_SiteTreeprocessor(md), "site", 1)


class _HeadingTreeprocessor(Treeprocessor):
    """Starts a text's headings at the level its place on the page asks for, and skips none."""

    def __init__(self, md: markdown.Markdown, first_level: int) -> None:
        super().__init__(md)
        self.first_level = first_level

    def run(self, root: Element) -> None:
        headings = [each for each in root.iter() if re.fullmatch("h[1-6]", each.tag)]
        if not headings:
            return
        shift = self.first_level - min(int(heading.tag[1]) for heading in headings)
        previous = self.first_level - 1
        for heading in headings:
            previous = min(int(heading.tag[1]) + shift, previous + 1, 6)
            heading.tag = f"h{previous}"


class _SiteTreeprocessor(Treeprocessor):
    """Marks external links, names call-outs, lets wide tables scroll, keeps headings in range."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "a":
                _mark_external_link(element)
            elif element.tag == "div" and "admonition" in element.get("class", ""):
                _name_call_out(element)
            elif element.tag == "table":
                _name_table_cells(element)
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    parent.remove(child)
                    parent.insert(index, _scrolling(child))


def _mark_external_link(link: Element) -> None:
    try:
        parts = urlsplit(link.get("href", ""))
    except ValueError:  # no address at all: the allow-list takes it away
        return
    own_host = urlsplit(settings.SITE_URL).netloc
    if parts.scheme in {"http", "https"} and parts.netloc != own_host:
        link.set("class", "external-link")
        link.set("rel", "external noreferrer")


def _leads_somewhere(address: str) -> bool:
    """Say whether an address has a form we allow and a browser can follow."""
    try:
        urlsplit(address)
    except ValueError:  # for example brackets where a host should be
        return False
    return _ADDRESS.match(address) is not None


def _name_call_out(box: Element) -> None:
    kind = next((each for each in box.get("class", "").split() if each in CALL_OUTS), "note")
    box.set("class", f"call-out call-out--{kind}")
    title = next((child for child in box if child.get("class") == "admonition-title"), None)
    if title is None:
        return
    title.set("class", "call-out__title")
    if kind == "warning" and not (title.text or "").lower().startswith("important"):
        prefix = Element("span", {"class": "visually-hidden"})
        prefix.text = "Important: "
        prefix.tail = title.text
        title.text = None
        title.insert(0, prefix)
    elif kind in {"do", "dont"} and (title.text or "").lower() == kind:
        title.text = "Do" if kind == "do" else "Don’t"


def _name_table_cells(table: Element) -> None:
    """Say which cells are headings. An empty corner means that the first column holds headings."""
    headings = list(table.iter("th"))
    for heading in headings:
        heading.set("scope", "col")
    if not headings or "".join(headings[0].itertext()).strip():
        return
    headings[0].tag = "td"
    del headings[0].attrib["scope"]
    for row in table.iterfind("tbody/tr"):
        if len(row):
            row[0].tag = "th"
            row[0].set("scope", "row")


def _scrolling(table: Element) -> Element:
    # A scrolling box must be reachable with the keyboard (WCAG 2.1.1) and have a name of its own.
    headings = ["".join(each.itertext()).strip() for each in table.iterfind("thead/tr/*")]
    name = ": ".join(filter(None, ["Table", ", ".join(filter(None, headings))]))
    box = Element(
        "div", {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": name}
    )
    box.append(table)
    return box


def _allow_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute in {"src", "srcset"}:
        own = (settings.MEDIA_URL, settings.STATIC_URL)
        addresses = [candidate.split()[0] for candidate in value.split(",") if candidate.strip()]
        return value if all(address.startswith(own) for address in addresses) else None
    if attribute in {"fill", "stroke"}:
        return value if _PAINT.fullmatch(value) else None
    if attribute == "href" and not _leads_somewhere(value):
        return None
    return value


def _sanitise(html: str) -> SafeString:
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allow_attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return mark_safe(cleaned)  # noqa: S308  (the allow-list has just been applied)


def _headings(tokens: Sequence[Mapping[str, object]]) -> list[Heading]:
    found: list[Heading] = []
    for token in tokens:
        text = unescape(str(token["name"]))
        found.append(Heading(int(str(token["level"])), str(token["id"]), text))
        children = token["children"]
        if isinstance(children, Sequence):
            found.extend(_headings(children))
    return found
