"""What spreadsheet programs make of imprints and names of batches: dates and rounded numbers."""

from __future__ import annotations

import re

_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_TIME = r"[ T]\d{1,2}:\d{2}(:\d{2}(\.0+)?)?( [ap]m)?"
SPOILED = (
    rf"(?i)^(\d{{1,2}}/\d{{1,2}}/\d{{2,4}}({_TIME})?|\d{{4}}-\d{{2}}-\d{{2}}{_TIME}"
    rf"|{_MONTH}-\d{{1,4}}|\d{{1,2}}-{_MONTH}(-\d{{2,4}})?|\d(\.\d+)?E\+\d{{1,3}}|#{{3,}})$"
)
"""5/1/2007, 2007-05-01 00:00:00, May-01, 1-May, 1.01E+12, ####; no vendor prints these on a card."""
DATE = r"^(19|20)\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
"""2007-05-01 may also be card 1 of batch 5 of tabulator 2007."""


def is_spoiled(text: str, tabulator: str = "") -> bool:
    """Whether a spreadsheet program changed this imprint or name of a batch, on this tabulator."""
    if re.match(SPOILED, text):
        return True
    return bool(re.match(DATE, text)) and tabulator.lstrip("0") != text[:4]
