"""Faults in the request or the program; faults in the evidence are findings or rejections."""


class TallyproofError(Exception):
    """Something we were asked to do cannot be done; the message says what to do next."""


class RequestError(TallyproofError):
    """The request itself is wrong: an option, a name, a problem object."""


class AccessError(TallyproofError):
    """This actor may not do this."""


class StoreError(TallyproofError):
    """What is kept cannot be read or written as asked."""


class UnreadableError(TallyproofError):
    """A file cannot be read at all; nothing of it was stored.

    ``file`` names the file as the user knows it and ``row`` the spreadsheet row where there is one.
    """

    def __init__(self, file: str, reason: str, *, row: int | None = None, remedy: str = "") -> None:
        self.file, self.reason, self.row, self.remedy = file, reason, row, remedy
        place = f"{file}, row {row:,}" if row is not None else file
        super().__init__(f"{place}: {reason}." + (f" {remedy}." if remedy else ""))


class UnrecognisedError(UnreadableError):
    """No importer claims a file, or several do: their ids are in ``claims``.

    ``is_table`` tells that a mapping could read it.
    """

    claims: tuple[str, ...] = ()
    is_table: bool = True
