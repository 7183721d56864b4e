"""A published card comparison audit, recomputed: margins, sizes, drawn cards, discrepancies and risks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tallyproof.audit.assertion import Tally, plurality
from tallyproof.election.card_joins import is_answer
from tallyproof.errors import RequestError
from tallyproof.formats.colorado_audit import (
    KINDS,
    BatchCount,
    ContestRow,
    ManifestBatch,
    ReportedCard,
    ReportedRisk,
    ResultsReport,
    plain,
)
from tallyproof.risk.supersimple import Discrepancies, risks, size
from tallyproof.sampling.colorado import LAST_COUNTY, contest_manifest, draw_cards, imprinted_id
from tallyproof.sampling.draw import Manifest, Stack, draw_positions
from tallyproof.sampling.seed import Seed
from tallyproof.services.reproducing_once import Once
from tallyproof.services.reproduction import ClaimSet, ContestClaims, Line, Result, compared, unknown

_QUESTION = (
    "What was tested is which choice has more votes; where the law asks for a larger share than half, that "
    "share was not tested."
)
_NEEDS_SEED = "needs seed.csv, the random seed"
_NEEDS_COUNTIES = "needs contestsByCounty.csv or another table of the contest's counties"


@dataclass
class CardFiles:
    """What the state published; manifests and counties by name without spaces and capitals."""

    reports: list[ResultsReport] = field(default_factory=list)
    contests: list[tuple[ContestRow, ...]] = field(default_factory=list)
    manifests: Once[tuple[ManifestBatch, ...]] = field(default_factory=lambda: Once("ballot manifest"))
    counties: dict[str, set[str]] = field(default_factory=dict)
    votes: Once[dict[str, int]] = field(default_factory=lambda: Once("count of votes by choice"))
    seeds: Once[str] = field(default_factory=lambda: Once("seed"))
    counts: list[tuple[str, tuple[BatchCount, ...]]] = field(default_factory=list)

    @property
    def seed(self) -> str:
        """The random seed; empty where no file tells it, or two differ."""
        return self.seeds.values.get("", "")

    @cached_property
    def stacks(self) -> dict[str, list[Stack]]:
        """Each county's batches in the order of its manifest."""
        return {
            _named(county): [Stack((each.scanner, each.batch), each.cards) for each in batches]
            for county, batches in self.manifests.values.items()
        }

    @cached_property
    def _frames(self) -> dict[frozenset[str], Manifest]:
        return {}

    @cached_property
    def _held(self) -> dict[str, int]:
        return {county: sum(stack.cards for stack in stacks) for county, stacks in self.stacks.items()}

    def counties_of(self, contest: str) -> frozenset[str]:
        """The counties whose cards a contest draws from. Raises RequestError naming what is missing."""
        if contest not in self.counties:
            raise RequestError(_NEEDS_COUNTIES)
        named = {_named(plain(name)): name for name in self.counties[contest]}
        counties = frozenset(named)
        missing = sorted(named[county] for county in counties - set(self.stacks))
        unclear = [self.manifests.needs.get(plain(county), "") for county in missing]
        if any(unclear):
            raise RequestError("; ".join(filter(None, unclear)))
        if missing:
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            raise RequestError(f"needs the ballot manifests of {', '.join(missing[:3])}{more}")
        return counties

    def cards_of(self, contest: str) -> int:
        """All cards of a contest's counties. Raises RequestError naming what is missing."""
        return sum(self._held[county] for county in self.counties_of(contest))

    def frame(self, contest: str) -> Manifest:
        """The cards that a contest draws from. Raises RequestError naming what is missing."""
        counties = self.counties_of(contest)
        if counties not in self._frames:
            self._frames[counties] = contest_manifest(self.stacks, counties)
        return self._frames[counties]


def _named(county: str) -> str:
    return LAST_COUNTY if county == LAST_COUNTY.casefold() else county


def reproduce_cards(files: CardFiles) -> Iterator[Line | ContestClaims]:
    """All lines of the reports, of the rounds' contests and of the batch counts; claims of drawn contests."""
    for report in files.reports:
        yield from _risks(report)
        for row in report.risks:
            yield from _summary(report, row)
        for contest, cards in report.cards.items():
            yield _drawn(files, report, contest, cards)
    winners = {row.contest: row.winners for rows in files.contests for row in rows if row.winners}
    for rows in files.contests:
        for each in rows:
            yield from _contest(files, each)
    for file, counts in files.counts:
        yield from _counts(files, file, counts)
    targeted = dict.fromkeys(
        row.contest for report in files.reports for row in report.risks if row.is_targeted
    )
    yield from _claims(files, targeted, winners)


def _risks(report: ResultsReport) -> Iterator[Line]:
    """Each contest's measured risk in per cent, to the printed digits, and whether it is below the limit."""
    for row in report.risks:
        margin = float(row.diluted_margin) / 100
        counts = (row.over_one, row.over_two, row.under_one, row.under_two)
        try:
            risk = float(risks(row.samples, margin, *counts, row.gamma))
        except RequestError as fault:
            yield unknown("measured risk %", row.contest, row.risk, report.file, row.row, f"needs {fault}")
            continue
        yield _rounded("measured risk %", row.contest, row.risk, 100 * risk, report.file, row.row)
        met = "Yes" if risk <= row.risk_limit else "No"
        yield compared("risk limit met", row.contest, row.met, met, report.file, row.row)


def _summary(report: ResultsReport, row: ReportedRisk) -> Iterator[Line]:
    """A contest's diluted margin, and its samples and discrepancies beside its sheet."""
    margin = 100 * row.margin / row.cards if row.cards else 0.0
    yield _rounded(
        "diluted margin %", row.contest, row.diluted_margin, margin, report.file, row.row, least=5e-7
    )
    cards = report.cards.get(row.contest)
    if cards is None:
        return
    yield compared("audited samples", row.contest, row.samples, len(cards), report.file, row.row)
    seen = Counter(card.discrepancy for card in cards)
    listed = [seen[kind.removeprefix("disc ")] for kind in KINDS]
    told, mine = (", ".join(map(str, each)) for each in (row.discrepancies, listed))
    remark = "overstated by two and one votes, understated by one and two"
    yield compared("discrepancies", row.contest, told, mine, report.file, row.row, remark)


def _drawn(files: CardFiles, report: ResultsReport, contest: str, cards: Sequence[ReportedCard]) -> Line:
    """All cards of a contest's sheet beside those that seed and manifests give, each as often as drawn."""
    place = next((row.row for row in report.risks if row.contest == contest), None)
    told = f"{len(cards):,} draws"
    if not files.seed:
        return unknown(
            "cards drawn", contest, told, report.file, place, files.seeds.needs.get("", _NEEDS_SEED)
        )
    try:
        frame, seed = files.frame(contest), Seed(files.seed, reproducing=True)
        numbers = draw_positions(seed, frame.cards, len(cards), with_replacement=True)
        places = draw_cards(seed, frame, len(cards))
    except RequestError as fault:
        return unknown("cards drawn", contest, told, report.file, place, str(fault))
    expected = Counter(
        (number, plain(where.names[0]), imprinted_id(where))
        for number, where in zip(numbers, places, strict=True)
    )
    for card in cards:
        key = card.number, plain(card.county), card.imprinted_id
        if not expected[key]:
            given = f"{card.county} {card.imprinted_id}, number {card.number:,}"
            mine = next((_card(each) for each in +expected), "not drawn")
            remark = "row of the contest's sheet; the other side is a card that is not listed"
            return Line("cards drawn", contest, Result.DIFFERS, given, mine, report.file, card.row, remark)
        expected[key] -= 1
    different = len({card.imprinted_id + card.county for card in cards})
    remark = f"{different:,} different cards of {frame.cards:,}"
    return Line("cards drawn", contest, Result.AGREES, told, told, report.file, place, remark)


def _card(drawn: tuple[int, str, str]) -> str:
    number, county, imprint = drawn
    return f"{county} {imprint}, number {number:,}"


def _contest(files: CardFiles, row: ContestRow) -> Iterator[Line]:
    """A contest's cards by its manifests, its margin by its votes, and the sample that they ask for."""
    try:
        held = files.cards_of(row.contest)
        yield compared("cards", row.contest, row.cards, held, row.file, row.row)
    except RequestError as fault:
        yield unknown("cards", row.contest, row.cards, row.file, row.row, str(fault))
    if row.contest not in files.votes.values or not row.winners:
        why = files.votes.needs.get(row.contest, "needs tabulate.csv, the votes by choice")
        why = why if row.winners else "needs the column winners_allowed"
        yield unknown("smallest margin", row.contest, row.margin, row.file, row.row, why)
    else:
        ranked = sorted(files.votes.values[row.contest].values(), reverse=True)
        margin = ranked[row.winners - 1] - ranked[row.winners] if len(ranked) > row.winners else 0
        yield compared("smallest margin", row.contest, row.margin, margin, row.file, row.row)
    if not row.margin:
        return
    over_two, over_one, under_one, under_two = row.discrepancies
    seen = Discrepancies(over_one, over_two, under_one, under_two)
    try:
        planned = size(row.risk_limit, row.margin / max(1, row.cards), seen, row.gamma)
    except RequestError as fault:
        yield unknown("samples to audit", row.contest, row.samples, row.file, row.row, f"needs {fault}")
        return
    yield compared("samples to audit", row.contest, row.samples, planned, row.file, row.row)


def _counts(files: CardFiles, file: str, counts: Sequence[BatchCount]) -> Iterator[Line]:
    """The state's count of each county's cards by its manifest; each batch that differs has its own line."""
    held = {
        (county, batch.scanner, batch.batch): batch.cards
        for county, batches in files.manifests.values.items()
        for batch in batches
    }
    by_county: dict[str, list[BatchCount]] = {}
    for each in counts:
        by_county.setdefault(each.county, []).append(each)
    for county, rows in by_county.items():
        total = sum(each.in_manifest for each in rows)
        if plain(county) not in files.manifests.values:
            why = files.manifests.needs.get(plain(county), f"needs the ballot manifest of {county}")
            yield unknown("cards of a county", county, total, file, rows[0].row, why)
            continue
        mine = sum(batch.cards for batch in files.manifests.values[plain(county)])
        yield compared("cards of a county", county, total, mine, file, rows[0].row)
        records = sum(each.in_records for each in rows)
        yield compared("records of a county", county, records, mine, file, rows[0].row, "beside its cards")
        for each in rows:
            cards = held.get((plain(county), each.scanner, each.batch), 0)
            if cards != each.in_manifest:
                where = f"{county} {each.scanner}-{each.batch}"
                yield compared("cards of a batch", where, each.in_manifest, cards, file, each.row)


def _claims(
    files: CardFiles, contests: Mapping[str, None], winners: Mapping[str, int]
) -> Iterator[ContestClaims]:
    """Every winner over every loser is what the smallest margin stands for."""
    for contest in contests:
        votes = files.votes.values.get(contest)
        if not votes or contest not in winners:
            continue
        seats = max(1, winners[contest])
        tally = Tally(votes, max(1, sum(votes.values())), seats)
        claims = ClaimSet(tuple(each.claim for each in plurality(tally, seats).assertions))
        yield ContestClaims(contest, claims, claims, _QUESTION if all(map(is_answer, votes)) else "")


def _rounded(
    question: str, contest: str, printed: str, value: float, file: str, row: int, *, least: float = 0.0
) -> Line:
    """A number beside its printed form: agrees within half of the last printed digit, or ``least``."""
    digits = 0 if "E" in printed else len(printed.partition(".")[2])
    is_near = abs(float(printed) - value) <= max(least, 0.5 * 10.0**-digits) * (1 + 1e-6)
    mine = printed if is_near else f"{value:.{digits + 2}f}"
    return Line(question, contest, Result.AGREES if is_near else Result.DIFFERS, printed, mine, file, row)
