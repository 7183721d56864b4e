"""Made-up drawings for the page of components: each kind of chart and map, plain, empty and very large."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.contest import Contest
from tallyproof.figures.placing import MapValue
from tallyproof.figures.shades import margin_scale
from tallyproof.figures.stakes import Stake, StakeWords, findings_axis
from tallyproof.figures.steps import Step, across, down
from tallyproof.figures.tiles import Mark, Tile, state_tiles
from tallyproof.figures.timeline import Report, margin_over_time
from tallyproof.services.counting import ChoiceCount, ContestCount
from tallyproof.services.units import UnitRow, UnitTable
from tallyproof.tracking.standing import Standing
from tallyproof.web.maps import Maps, county_maps, map_words
from tallyproof.web.tiles import SIGNS
from tallyproof.web.wording import status_words, votes

ANN, BO = "Ann Example", "Bo Sample"
COUNTIES = (
    ("New Castle", 152_000, 96_000),
    ("Kent", 38_000, 38_000),
    ("Sussex", 41_000, 65_000),
    ("Late ballots", 900, 300),
)


def steps() -> SafeString:
    """Two reports as equal steps, for wide and for narrow screens."""
    made = [
        Step(408, "408", "2024-11-06", "", _("unofficial"), False),
        Step(431, "431", "2024-11-12", "+23", _("canvassed"), True),
    ]
    title, zero = _("Margin, report by report: 408, then 431"), _("0: tied")
    wide, narrow = across(made, title=title, zero=zero), down(made, title=title, zero=zero)
    return mark_safe(  # made of our own words
        f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
    )


def many_reports() -> SafeString:
    """A night of sixty reports with the range that pending ballots leave."""
    reports = []
    for place in range(60):
        lead = round(4_000 - 120 * place + 900 * ((place * 7) % 5 - 2) / (place + 1))
        left = 140 * (60 - place)
        when = datetime(2024, 11, 6, 1 + place // 6, 10 * (place % 6), tzinfo=UTC)
        reports.append(Report(when, lead, lead - left, lead + left, firm=place == 59))
    return mark_safe(  # made of our own words
        margin_over_time(
            reports, sides=("Example", "Sample"), title=_("Margin over time: sixty reports"),
            ahead=_("{name} ahead"), further=_("the range goes further"), day=lambda time: f"{time:%m-%d}",
        )
    )  # fmt: skip


def maps() -> Maps | None:
    """Both maps of a state of three counties, one tied, and votes that lie in none of them."""
    rows = tuple(
        UnitRow(name, "", (ann, bo), None, ann + bo, ann - bo, None, "DE") for name, ann, bo in COUNTIES
    )
    table = UnitTable((ANN, BO), rows, has_others=False, has_lead=True)
    standing = Standing("de-example", "example", ANN, BO, 32_600, 431_200)
    snapshot = Snapshot("example", _("Made up"), Status.CANVASSED, None, None, (), 1)
    choices = (ChoiceCount(ANN, "DEM", "choice", 231_900), ChoiceCount(BO, "REP", "choice", 199_300))
    counted = ContestCount(Contest("de-example", "DE", _("Example")), standing, snapshot, choices)
    return county_maps(counted, table, lambda row: "")


def tiles() -> SafeString:
    """Some states counted, some not, in each status."""
    statuses = [each.value for each in SIGNS]
    made = {
        state: Tile(MapValue(lead, 100_000), f"{abs(lead) / 1_000:.1f}", statuses[place % len(statuses)])
        for place, (state, lead) in enumerate(
            {"WI": -800, "MI": 2_000, "PA": 9_000, "OH": -11_000, "MN": 22_000, "IA": -34_000, "IL": 41_000,
             "IN": 0}.items()
        )
    }  # fmt: skip
    words = map_words()
    marks = {status.value: Mark(sign, status_words(status)) for status, sign in SIGNS.items()}
    return mark_safe(  # made of our own words
        state_tiles(
            made, scale=margin_scale(ANN, BO, words), statuses=marks, words=words, id="tiles-example",
            title=_("States by lead, each as one tile"),
        )
    )  # fmt: skip


def axis(margin: int, *stakes: int | None) -> SafeString:
    """Findings against a margin, one of unknown size; by tens where the smallest would not be seen."""
    words = StakeWords(
        margin=_("margin {votes}"), votes=_("votes at stake"), evenly=_("The axis begins at 0."),
        by_tens=_("Each line of the axis is ten times the one before."),
    )  # fmt: skip
    made = [Stake(_("Example"), each, votes(each), "B2", kind="warning") for each in stakes]
    caption = _("The most votes that each finding could move, against the margin")
    return mark_safe(findings_axis(made, margin, caption=caption, words=words))  # made of our own words
