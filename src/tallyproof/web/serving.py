"""How pages are reached: on this machine only, or by others under a name, perhaps through a proxy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Serving:
    """Under which names the pages answer, and the address of the proxy that speaks https for them."""

    hosts: tuple[str, ...] = ()
    proxy: str = ""
    beyond: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches the pages."""
        return not (self.beyond or self.hosts or self.proxy)


LOCAL = Serving()
