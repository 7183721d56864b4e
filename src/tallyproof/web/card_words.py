"""Sentences on the cards of a case: whether manifests agree, and where contests stand by their cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tallyproof.audit.reconciliation import JurisdictionLine
from tallyproof.services import card_bounds, card_margins
from tallyproof.services.card_answers import CardsAnswer, ContestAnswer, Imported
from tallyproof.web.wording import votes

NAMED = 3
"""Jurisdictions whose manifest differs that the first sentence names."""


def of_cards(found: CardsAnswer, imported: Mapping[str, Imported]) -> str:
    """How many cards of which jurisdictions, whether manifests agree, and how many phantoms are needed."""
    if not imported:
        return _("This case has no cast vote records yet.")
    if not found.jurisdictions:
        return ngettext(
            "A ballot manifest is here, and no cast vote records yet.",
            "Ballot manifests of %(n)s jurisdictions are here, and no cast vote records yet.",
            len(imported),
        ) % {"n": votes(len(imported))}
    lacking = [each.name for each in imported.values() if not each.readings]
    return " ".join(filter(None, [*_agreeing(found), *_lacking(lacking), _phantoms(found)]))


def _agreeing(found: CardsAnswer) -> list[str]:
    lines = found.jurisdictions
    if len(lines) == 1:
        return [_("%(what)s: %(stands)s.") % {"what": _of_whom(found), "stands": stands(lines[0])}]
    without = sum(line.listed is None for line in lines)
    differing = [line for line in lines if differs(line)]
    said = [f"{_of_whom(found)}."]
    said += [
        _("%(what)s: %(stands)s.") % {"what": line.jurisdiction, "stands": stands(line)}
        for line in differing[:NAMED]
    ]
    if (more := len(differing) - NAMED) > 0:
        said.append(
            ngettext(
                "One more jurisdiction differs from its manifest.",
                "%(n)s more jurisdictions differ from their manifests.", more,
            ) % {"n": votes(more)}
        )  # fmt: skip
    if not differing and without < len(lines):
        said.append(_("Every manifest agrees, batch by batch."))
    if without:
        said.append(
            ngettext("One jurisdiction has no manifest.", "%(n)s jurisdictions have no manifest.", without)
            % {"n": votes(without)}
        )
    return said


def _of_whom(found: CardsAnswer) -> str:
    """So many cards of one jurisdiction by its name, or of so many."""
    number = len(found.jurisdictions)
    cards = ngettext("%(n)s card", "%(n)s cards", found.cards) % {"n": votes(found.cards)}
    if number == 1:
        name = found.jurisdictions[0].jurisdiction
        return _("%(cards)s of %(whom)s") % {"cards": cards, "whom": name} if name else cards
    return _("%(cards)s of %(number)s jurisdictions") % {"cards": cards, "number": votes(number)}


def _lacking(names: Collection[str]) -> list[str]:
    """Jurisdictions of which there is a manifest alone."""
    if not names:
        return []
    if len(names) > NAMED:
        return [_("%(n)s jurisdictions have a manifest and no cast vote records.") % {"n": votes(len(names))}]
    return [_("%(whom)s: a manifest, and no cast vote records.") % {"whom": name} for name in names]


def _phantoms(found: CardsAnswer) -> str:
    if all(line.listed is None for line in found.jurisdictions):
        return _("Nobody can tell whether cards are missing.")
    if not found.phantoms:
        return _("No phantom is needed.")
    return ngettext(
        "An audit needs one phantom, for a card that is listed and has no cast vote record.",
        "An audit needs %(n)s phantoms, for cards that are listed and have no cast vote record.",
        found.phantoms,
    ) % {"n": votes(found.phantoms)}


def differs(line: JurisdictionLine) -> bool:
    """Whether a batch of the jurisdiction differs from its manifest, or is not listed there."""
    return bool(line.listed is not None and (line.missing or line.over))


def stands(line: JurisdictionLine) -> str:
    """How the cards of a jurisdiction stand beside its manifest."""
    if line.expected is None:
        return _("no manifest")
    more = line.cards - line.expected
    if more:
        form = (
            ngettext(
                "%(n)s card more than the manifest lists", "%(n)s cards more than the manifest lists", more
            )
            if more > 0
            else ngettext(
                "%(n)s card fewer than the manifest lists", "%(n)s cards fewer than the manifest lists", -more
            )
        )  # fmt: skip
        return form % {"n": votes(abs(more))}
    if differs(line):
        return _("as many cards as the manifest lists, but not in every batch")
    return _("as many cards as the manifest lists, batch by batch")


def of_batches(found: CardsAnswer) -> str:
    """How many batches differ or are not listed."""
    unlisted = sum(line.listed is None for line in found.batches)
    differing = len(found.batches) - unlisted
    if not found.batches:
        if any(line.listed is not None for line in found.jurisdictions):
            return _("Every batch holds as many cards as its manifest lists.")
        return _("There is no manifest to hold batches against.")
    said = []
    if differing:
        said.append(
            ngettext(
                "One batch does not hold as many cards as its manifest lists.",
                "%(n)s batches do not hold as many cards as their manifest lists.", differing,
            ) % {"n": votes(differing)}
        )  # fmt: skip
    if unlisted:
        said.append(
            ngettext("One batch is not listed.", "%(n)s batches are not listed.", unlisted)
            % {"n": votes(unlisted)}
        )
    return " ".join(said)


def kind(each: ContestAnswer) -> str:
    """How a voter votes in it."""
    if each.margin.kind == "ranked":
        return _("ranked")
    return ngettext("vote for one", "vote for %(n)s", each.vote_for) % {"n": votes(each.vote_for)}


def bound_by(each: ContestAnswer) -> str:
    """What the number of cards that may bear the contest rests on."""
    return {
        card_bounds.MANIFESTS: _("by manifests"),
        card_bounds.RECORDS: _("by records alone"),
        card_bounds.BOTH: _("in part by manifests"),
    }.get(each.margin.bound.source, each.margin.bound.source)


def status(each: ContestAnswer) -> str:
    """What stands in place of a margin; empty where there is one."""
    known = {
        "unopposed": _("Nobody loses here, so there is nothing to confirm."),
        "tied": _("This is a tie: a count of all cards decides it, not a sample."),
        "no assertions suffice": _("No assertions confirm this winner; count all cards."),
        "another outcome": _("By these cards the outcome would be another one than reported."),
        card_margins.WRITE_INS: _(
            "Write-ins together would win, and records do not say who they are. "
            "Count the names on the paper first."
        ),
        card_margins.NOBODY: _("No card bears this contest."),
        card_margins.TOO_LONG: _(
            "What confirms the winner was not found in the few seconds that this page takes."
        ),
        card_margins.REFUSED: _("Who won cannot be told from these cards."),
    }  # fmt: skip
    return known.get(each.margin.status, "")
