"""Nothing that somebody types or pastes into a text can run in a reader's browser."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publishing.markdown import mistakes, render, render_document
from tests.publishing.markup import parse, text_of, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<a href="javascript:alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<style>body{display:none}</style>",
    "<p style='background:url(javascript:alert(1))' onclick=x>y</p>",
    "<!-- <script>alert(1)</script> -->",
    "<!--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<form action=/><input name=password autofocus onfocus=alert(1)></form>",
    "<base href=https://evil.example/><meta http-equiv=refresh content=0>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<div\n\n<script>alert(1)</script>\n\n</div>",
    "    <script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](javascript&#58;alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '[x](/ "onmouseover=alert(1)")',
    '[x](/ "\\" onmouseover=\\"alert(1)")',
    '[x](/"onmouseover="alert(1))',
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    '![x"onerror="alert(1)](image:1)',
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    '!!! evil" onmouseover="alert(1)\n    text',
    '!!! note "<img src=x onerror=alert(1)>"\n    text',
    '*[X]: " onmouseover="alert(1)\n\nX',
    '[^"onclick=alert(1)]\n\n[^"onclick=alert(1)]: note',
    "# <script>alert(1)</script> {: onclick=alert(1) }",
    '# x {#"onclick="alert(1)}',
    '| a |\n|---|\n| <td onclick=alert(1)> |\n{: onclick="x" }',
    "Term <b onclick=x>\n:   Definition <script>alert(1)</script>",
    "\x02amp\x03lt;script\x02amp\x03gt;",
    "\x02klzzwxh:0000\x03 `<script>`",
    "&#2;klzzwxh:0000&#3; `<script>`",
    "klzzwxh:0000 wzxhzdk:0 `<script>`",
    '[@<script>] [@x"onclick=y]',
    "\ud83d<script>\udc00</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_renders_to_nothing_that_can_run(text: str) -> None:
    assert trouble(render(text)) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_harmless_among_other_parts(text: str) -> None:
    parts = render_document({"overview": text, "self_care": "x\n\n" + text}, heading_level=3).parts
    assert [trouble(html) for html in parts.values()] == [[], []]


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "<!-- hidden -->",
        "Use <br> here",
        "<div>\n\ntext\n\n</div>",
        "a < b > c & d",
    ],
)
def test_html_is_shown_as_the_text_that_was_typed(typed: str) -> None:
    assert text_of(render(typed)) == " ".join(typed.split())


def test_entities_mean_their_character_and_open_nothing() -> None:
    html = render("&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62; &copy; AT&T &bogus;")
    assert trouble(html) == []
    assert text_of(html) == "<script>alert(1)</script> <b> © AT&T &bogus;"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "conditions/back-pain/",
        "http:x",
    ],
)
def test_address_we_do_not_allow_leaves_the_words_without_a_link(address: str) -> None:
    link = parse(render(f"[words]({address})")).find("a")
    assert link is not None
    assert link.get_text() == "words"
    assert "href" not in link.attrs


@pytest.mark.parametrize(
    "address",
    ["http://[", "http://[foo", "https://exa[mple.org/", "http://[::1", "//[", "http://]/"],
)
def test_broken_address_is_no_error(address: str) -> None:
    assert trouble(render(f"[words]({address}) and <{address}>")) == []


PIECES = [
    "*", "**", "***", "_", "__", "`", "``", "[", "]", "(", ")", "![", "](", "[^1]", "[^1]: ",
    "[^", "[@ng59]", "[@", "*[A]: ", "A", "!!! note\n", '!!! warning "T"\n', "!!! do\n",
    "    ", "\n", "\n\n", "> ", "- ", "1. ", "# ", "###### ", "===\n", "---\n", "| a | b |\n",
    "|---|---|\n", "|", "\nterm\n:   ", "<", ">", "<!--", "-->", "</", "<script>", "<img ",
    "onerror=", "javascript:", "&", "&#", "&lt;", ";", '"', "'", "\\", "{: onclick=x }",
    "image:1", "image:²", "illustration:needle-session", "[illustration:first-visit]",
    "[people:4/10]", "[treatments:", "https://", "http://[", "mailto:",
    "\x00", "\x02", "\x03", "\u200b", "\xa0", "\ud800", "\t", "  \n", "é", "ع", "👩‍👧",
    "/", "#", "?", "=", "+", "~",
]  # fmt: skip
TOKENS = st.sampled_from(PIECES)
MARKED_UP = st.lists(st.one_of(TOKENS, TOKENS, st.text(st.characters(), max_size=5))).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.one_of(MARKED_UP, st.text(st.characters())))
@example("[x](http://[y)")
@example("![x](image:²)")
@example("![x](image:" + "1" * 5000 + ")")
@example("*[" + "]: x\n\n[")
def test_any_text_renders_to_allowed_elements_only(text: str) -> None:
    """Whatever is typed, it is shown, without an error and without anything that could run."""
    assert trouble(render(text)) == []


@settings(deadline=None, max_examples=100)
@given(MARKED_UP, MARKED_UP)
def test_any_two_parts_share_no_id(first: str, second: str) -> None:
    parts = render_document({"overview": first, "faq-1": second}, heading_level=3).parts
    ids = [each["id"] for html in parts.values() for each in parse(html).find_all(id=True)]
    assert len(ids) == len(set(ids))


@settings(deadline=None, max_examples=100)
@given(st.one_of(MARKED_UP, st.text(st.characters())))
def test_any_text_can_be_checked_for_mistakes(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= mistake.line <= lines for mistake in mistakes(text))
