"""The looks of a mail: bare tags get their style, and nothing else changes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from monitor.alert.dress import STYLES, dressed
from monitor.alert.escape import as_html
from monitor.alert.render import render
from monitor.alert.samples import sample
from monitor.alert.shape import Shape

NOW = 1_790_000_000.0


def test_each_bare_tag_gets_its_style_and_no_other() -> None:
    body = "".join(f"<{tag}>x</{tag}>" for tag in STYLES)
    for tag, style in STYLES.items():
        assert f'<{tag} style="{style}">x</{tag}>' in dressed(body)
    assert '<p class="own">x</p>' in dressed('<p class="own">x</p>'), "what has attributes is somebody's own"


def test_a_mail_is_dressed_and_a_chat_is_not() -> None:
    one = sample("story", now=NOW)
    mail = render(one, shape=Shape("html", styled=True), key="k").body
    chat = render(one, shape=Shape("html"), key="k").body
    assert "style=" not in chat
    assert re.sub(r'</?div[^>]*>\n?| style="[^"]*"', "", mail).strip() == chat


@given(st.text())
def test_text_of_a_feed_is_never_taken_for_a_tag(text: str) -> None:
    body = as_html(text)
    assert f"\n{body}\n" in dressed(body)
