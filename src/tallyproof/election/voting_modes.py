"""Ways of voting by the many words that sources use for them."""

from __future__ import annotations

import re
from functools import lru_cache

from tallyproof.election.returns import Mode

_MODES = (
    (Mode.TOTAL, (r"total", r"totals?( votes)?", r"votes", r"all", r"")),
    (Mode.ELECTION_DAY, (
        r"election day( votes?| voting| in person)?", r"polling( place)?", r"polls?", r"precinct", r"ed",
        r"e day",
        r"in person", r"regular", r"day of",
    )),
    (Mode.EARLY, (
        r"early( vot(e|es|ing))?( in person)?", r"advance[d]?( vot(ing|e))?( votes)?", r"one ?stop", r"ev",
        r"ev (local|county|site)", r"early in person", r"in person early", r"early vote (north|south)",
    )),
    (Mode.ABSENTEE_IN_PERSON, (r"absentee in person", r"in person absentee", r"ip absentee")),
    (Mode.ABSENTEE_MAIL, (
        r"(absentee by )?mail( in)?( ballots?| votes?)?( ?/ ?absentee)?", r"vote by mail", r"by mail", r"vbm",
        r"absentee (by )?mail( votes?)?", r"mailed", r"mail in / absentee", r"mail absentee",
        r"absentee / mail",
    )),
    (Mode.ABSENTEE, (
        r"absentee( ballots?| votes?)?", r"av", r"av counting boards?", r"avcb", r"absentee counting boards?",
        r"absent",
    )),
    (Mode.PROVISIONAL, (r"provisionals?( ballots?| votes?)?", r"prov", r"affidavit")),
    (Mode.UOCAVA, (
        r"military( / overseas| overseas)?", r"uocava", r"overseas", r"federal( only| absentee)?",
        r"(absentee )?fwab", r"fpca", r"ufwab",
    )),
)  # fmt: skip
_PATTERNS = tuple((mode, re.compile("|".join(words), re.IGNORECASE)) for mode, words in _MODES)
_EARLY_SITE = re.compile(r"^(ev|early)\b")


@lru_cache(maxsize=16_384)
def mode(text: str) -> Mode:
    """The NIST mode for a source's own wording; ``other`` where none fits."""
    plain = " ".join(re.sub(r"[_.\-]+", " ", text.casefold()).split()).removesuffix(" votes")
    found = next((mode for mode, pattern in _PATTERNS if pattern.fullmatch(plain)), None)
    return found or (Mode.EARLY if _EARLY_SITE.match(plain) else Mode.OTHER)
