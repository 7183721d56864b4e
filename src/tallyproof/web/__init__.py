"""The pages: plain HTML made on the server, read only, with an access rule beside each of them."""

from tallyproof.web.server import application, serve

__all__ = ["application", "serve"]
