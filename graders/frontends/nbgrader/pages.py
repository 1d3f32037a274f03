"""HTML pages of a submission: a student's Markdown can no more carry a script than an output can."""

from __future__ import annotations

import re
from typing import Any

import bleach  # type: ignore[import-untyped]

TAGS = frozenset(
    """
    a abbr acronym b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre s span strong
    sub sup table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905 - a list of words
)
ATTRIBUTES = {
    "*": ["class", "id", "title"],
    "a": ["href", "title"],
    "img": ["src", "alt", "width", "height"],
    "td": ["align", "colspan", "rowspan"],
    "th": ["align", "colspan", "rowspan", "scope"],
    "ol": ["start"],
}
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
_PICTURE = re.compile(r"\Adata:image/(?:png|jpeg|gif);base64,")


def safe_markdown(source: str) -> str:
    """Return Markdown as HTML with the tags of text only: nbgrader's templates put it into the page as it is."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    rendered = MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(source)
    cleaned: str = bleach.clean(
        rendered, tags=TAGS, attributes=_allowed, protocols=PROTOCOLS, strip=False, strip_comments=True
    )
    return cleaned


def _allowed(tag: str, name: str, value: Any) -> bool:
    """Allow what formats text; a picture must lie in the page itself, so that opening it tells nobody."""
    if name == "src":
        return _PICTURE.match(str(value)) is not None
    if name == "href" and str(value).strip().lower().startswith("data:"):
        return False
    return name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, ())
