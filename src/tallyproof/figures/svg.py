"""Writes SVG: elements with escaped text, numbers as short as they may be."""

from __future__ import annotations

from html import escape

Attribute = str | int | float


def element(name: str, *children: str, **attributes: Attribute) -> str:
    """An element with its children, which are SVG already; ``class_`` is class, ``_`` in names is ``-``.

    >>> element("line", x1=0, y1=2.50, class_="zero")
    '<line x1="0" y1="2.5" class="zero"/>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{attribute(value)}"' for key, value in attributes.items()
    )
    inner = "".join(children)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def attribute(value: Attribute) -> str:
    """A value as it stands in an attribute: a float with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else escape(str(value))


def text(words: str, x: float, y: float, **attributes: Attribute) -> str:
    """A line of text with its baseline at (x, y)."""
    return element("text", escape(words), x=x, y=y, **attributes)


def drawing(*children: str, width: float, height: float, title: str, class_: str) -> str:
    """A drawing that a screen reader calls by its title; its view box is in CSS pixels."""
    return element(
        "svg", *children, viewBox=f"0 0 {attribute(width)} {attribute(height)}", width=width, height=height,
        role="img", aria_label=title, class_=class_,
    )  # fmt: skip
