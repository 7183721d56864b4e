"""A published batch comparison audit, recomputed: totals, bounds, draws, tickets, discrepancies and P."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tallyproof.audit.assertion import Assertion, Claims, Tally, above, majority_or_runoff, plurality
from tallyproof.audit.assorter import HALF
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.errors import RequestError
from tallyproof.formats.arlo_report import (
    BALLOTS,
    ArloContest,
    ArloReport,
    ArloRound,
    BatchCards,
    BatchVotes,
    SampledBatch,
    audited_column,
    reported_column,
)
from tallyproof.sampling.arlo import NumpyMajor, arlo_batches
from tallyproof.sampling.seed import Seed
from tallyproof.services.reproducing_changes import changes
from tallyproof.services.reproducing_sums import shown, sums_of
from tallyproof.services.reproduction import ClaimSet, ContestClaims, Line, Result, compared, needed, unknown

_COUNT_NEEDED = "needs the count of row {:,}, which was drawn and says 'Audited? No'"
Key = tuple[str, str]
"""Jurisdiction and batch."""


@dataclass(frozen=True)
class BatchFiles:
    """A report with each jurisdiction's manifest and batch totals, by the jurisdiction's folder.

    ``lacking`` says what is needed where two files of one jurisdiction differ.
    """

    report: ArloReport
    manifests: Mapping[str, Sequence[BatchCards]]
    totals: Mapping[str, Sequence[BatchVotes]]
    lacking: str = ""

    @cached_property
    def cards(self) -> dict[Key, BatchCards]:
        """Manifest rows by jurisdiction, as the report writes it, and batch."""
        return {(self._named(folder), b.name): b for folder, rows in self.manifests.items() for b in rows}

    @cached_property
    def votes(self) -> dict[Key, BatchVotes]:
        """Batch totals in the order of the draw: jurisdictions by name, then as in the file."""
        named = sorted((self._named(folder), rows) for folder, rows in self.totals.items())
        return {(place, batch.name): batch for place, rows in named for batch in rows}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {_plain(batch.jurisdiction): batch.jurisdiction for batch in self.report.batches}

    def _named(self, folder: str) -> str:
        """A folder's jurisdiction: archives write BEN-HILL where the report has BEN HILL."""
        return self._names.get(_plain(folder), folder.replace("-", " "))


def reproduce_batches(files: BatchFiles) -> Iterator[Line | ContestClaims]:
    """Lines and claims of each targeted contest; what cannot be checked says what it needs."""
    report = files.report
    missing = _missing(files)
    for contest in (each for each in report.contests if each.is_targeted):
        if missing:
            yield unknown("draws and risk", contest.name, "", report.file, contest.row, missing)
            yield from changes(report, contest, ())
            continue
        try:
            yield from _Contest(files, contest).lines()
        except RequestError as fault:
            yield unknown("draws and risk", contest.name, "", report.file, contest.row, str(fault))
    yield from sums_of(report)


def _missing(files: BatchFiles) -> str:
    if files.report.math_type != "MACRO" or files.report.audit_type != "BATCH_COMPARISON":
        kind = " ".join((files.report.audit_type, files.report.math_type))
        return f"needs a batch comparison audit by MACRO; this one is {kind or 'of no named type'}"
    if files.lacking:
        return files.lacking
    wanted = [
        name
        for name, found in (
            ("the ballot manifests (Batch Name, Number of Ballots)", files.manifests),
            ("the candidate totals by batch", files.totals),
        )
        if not found
    ]
    return f"needs {' and '.join(wanted)}" if wanted else ""


@dataclass(frozen=True)
class _Contest:
    files: BatchFiles
    contest: ArloContest

    @cached_property
    def batches(self) -> tuple[Batch, ...]:
        """Every batch with its reported votes in the order of the report's choices, as it is drawn from.

        Raises RequestError for a batch without a manifest row, and where the totals lack a choice.
        """
        names = [self.column(choice) for choice in self.contest.votes]
        if sum(map(len, self.files.totals.values())) > len(self.files.votes):
            raise RequestError(
                "needs batch names that stand once in a jurisdiction's totals; one stands twice"
            )
        batches = []
        for key, told in self.files.votes.items():
            if key not in self.files.cards:
                raise RequestError(
                    f"needs a manifest row for {' / '.join(key)} ({told.file}, row {told.row})"
                )
            lacking = next((name for name in names if name not in told.votes), None)
            if lacking is not None:
                raise RequestError(f"needs a column '{lacking}' in {told.file}")
            votes = tuple(told.votes[name] for name in names)
            batches.append(Batch("\n".join(key), votes, self.files.cards[key].cards))
        return tuple(batches)

    def column(self, choice: str) -> str:
        """The choice's column in the totals; where one contest was audited it may be the choice alone."""
        named = f"{self.contest.name} - {choice}"
        alone = sum(each.is_targeted for each in self.files.report.contests) == 1
        first = next(iter(self.files.votes.values()), None)
        return choice if alone and first is not None and named not in first.votes else named

    @cached_property
    def tally(self) -> Tally:
        contest = self.contest
        return Tally(contest.votes, contest.ballots, per_card=contest.votes_allowed)

    @cached_property
    def tested(self) -> BatchContest:
        """What the report's settings say was tested."""
        return self._with(_tested(self.tally, self.contest).assertions)

    def _with(self, claims: Sequence[Assertion]) -> BatchContest:
        held = sum(batch.cards for batch in self.batches)
        lost = self.contest.pending + max(0, self.contest.ballots - held)
        return BatchContest(self.tally, tuple(claims), self.batches, lost, as_published=True)

    def lines(self) -> Iterator[Line | ContestClaims]:
        report, contest = self.files.report, self.contest
        found = [sum(batch.votes[place] for batch in self.batches) for place in range(len(contest.votes))]
        for (choice, told), seen in zip(contest.votes.items(), found, strict=True):
            yield compared("votes", contest.name, told, seen, report.file, contest.row, choice)
        held = sum(batch.cards for batch in self.batches)
        yield compared("ballots", contest.name, contest.ballots, held, report.file, contest.row)
        yield from self._rounds()
        yield from self._not_audited()
        yield from self._draws()
        yield from self._rows()
        yield from changes(report, contest, self.tested.assertions, self.tested)
        yield self._claims()

    def _rounds(self) -> Iterator[Line]:
        report, name = self.files.report, self.contest.name
        rounds = [each for each in report.rounds if each.contest == name]
        for each in rounds:
            listed = [
                ticket for row in report.batches for ticket in _until(row, name, each.number, each.number)
            ]
            yield compared("draws listed", name, each.size, len(listed), report.file, each.row)
            if each.number == 1:
                plan = self.tested.first_round(report.risk_limit)
                yield compared("first round", name, each.size, plan, report.file, each.row)
            yield from self._risk(each)

    def _risk(self, each: ArloRound) -> Iterator[Line]:
        """P of all rows drawn up to this round, to the printed digits, and whether it is below the limit."""
        report, name = self.files.report, self.contest.name
        sample = []
        for row in report.batches:
            times = len(_until(row, name, 1, each.number))
            if times and (need := self._need(row)):
                yield unknown("P-value", name, each.p_value, report.file, each.row, need)
                yield unknown("risk limit met", name, each.met, report.file, each.row, need)
                return
            sample += [self._audited(row)] * times
        p = self.tested.p_value(sample)
        digits = len(each.p_value.partition(".")[2])
        yield compared("P-value", name, each.p_value, f"{p:.{digits}f}", report.file, each.row)
        met = "Yes" if p <= report.risk_limit else "No"
        yield compared("risk limit met", name, each.met, met, report.file, each.row)

    def _audited(self, row: SampledBatch) -> tuple[Batch, tuple[int, ...]]:
        """The row as reported and as seen: batches that were counted together are one."""
        said = row.contests[self.contest.name]
        told, seen = (
            tuple(votes.get(choice, 0) for choice in self.contest.votes)
            for votes in (said.reported, said.audited)
        )
        cards = row.ballots
        if row.fault_in(BALLOTS):
            known = (self.files.cards.get(key) for key in self.members(row))
            cards = sum(batch.cards for batch in known if batch is not None)
        return Batch(f"{row.jurisdiction}\n{row.name}", told, cards), seen

    def _need(self, row: SampledBatch) -> str:
        """What P needs of a drawn row; empty where it has it."""
        name = self.contest.name
        fault = row.fault_in(reported_column(name), audited_column(name))
        if fault is not None:
            return needed(fault)
        return _COUNT_NEEDED.format(row.row) if self._is_open(row) else ""

    def _is_open(self, row: SampledBatch) -> bool:
        """Whether the row says that it was not audited, and has no votes seen."""
        return row.was_audited.casefold() == "no" and not row.contests[self.contest.name].audited

    def _not_audited(self) -> Iterator[Line]:
        """The drawn rows that say they were not audited: with votes seen they contradict themselves."""
        report, name = self.files.report, self.contest.name
        for row in report.batches:
            if not row.contests[name].tickets or row.was_audited.casefold() != "no":
                continue
            where = f"{row.jurisdiction} / {row.name}"
            if self._is_open(row):
                why = f"{_COUNT_NEEDED.format(row.row)} ({where})"
                yield unknown("audited", name, row.was_audited, report.file, row.row, why)
                continue
            remark = f"{where}, which was drawn and has audit results"
            yield Line("audited", name, Result.DIFFERS, row.was_audited, "Yes", report.file, row.row, remark)

    def _draws(self) -> Iterator[Line]:
        """The tickets of each row beside those that the seed gives its batches."""
        report, name = self.files.report, self.contest.name
        size = sum(len(row.contests[name].tickets) for row in report.batches)
        if not report.seed:
            yield unknown("tickets", name, size, report.file, None, "needs the random seed")
            return
        rows = [(row, Counter(ticket for _, ticket in row.contests[name].tickets)) for row in report.batches]
        both: tuple[NumpyMajor, NumpyMajor] = (1, 2)
        printed = {ticket for _, tickets in rows for ticket in tickets}
        drawn = max(
            (self._tickets(size, major) for major in both),
            key=lambda each: sum(ticket in printed for tickets in each.values() for ticket in tickets),
        )
        left = {key: Counter(tickets) for key, tickets in drawn.items()}
        places = [row.row for row, listed in rows if listed]
        if places:
            yield compared(
                "batches drawn", name, len(places), len(drawn), report.file, places[0], "first row"
            )
        for row, listed in rows:
            expected: Counter[str] = Counter()
            for key in self.members(row):
                expected += left.pop(key, Counter())
            if listed or expected:
                told, mine = (_listed(each) for each in (listed, expected))
                where = f"{row.jurisdiction} / {row.name}"
                yield compared("tickets", name, told, mine, report.file, row.row, where)
        for key, tickets in left.items():
            batch = self.files.votes[key]
            where = " / ".join(key)
            yield compared("tickets", name, "not listed", _listed(tickets), batch.file, batch.row, where)

    def _tickets(self, size: int, major: NumpyMajor) -> dict[Key, Counter[str]]:
        bounds = dict(zip(self.files.votes, self.tested.bounds.values(), strict=True))
        seed = Seed(self.files.report.seed, reproducing=True)
        found: dict[Key, Counter[str]] = {}
        for each in arlo_batches(seed, bounds, size, numpy_major=major):
            found.setdefault(each.batch, Counter())[each.number] += 1
        return found

    def members(self, row: SampledBatch) -> list[Key]:
        """The batches of a row: itself, or those that it says were counted together."""
        if not row.combined:
            return [(row.jurisdiction, row.name)]
        found, name = [], ""
        for part in row.combined.split(", "):  # names may hold commas: join until one is known
            name = f"{name}, {part}" if name else part
            if (row.jurisdiction, name) in self.files.votes:
                found.append((row.jurisdiction, name))
                name = ""
        return found

    def _rows(self) -> Iterator[Line]:
        """Each sampled row's ballots and reported votes beside manifest and totals."""
        report, contest = self.files.report, self.contest
        for row in report.batches:
            keys = [key for key in self.members(row) if key in self.files.votes and key in self.files.cards]
            where = f"{row.jurisdiction} / {row.name}"
            if not keys:
                why = f"needs the batch {where} in manifests and totals"
                yield unknown("batch", contest.name, row.name, report.file, row.row, why)
                continue
            cards = sum(self.files.cards[key].cards for key in keys)
            if fault := row.fault_in(BALLOTS):
                yield unknown("batch ballots", contest.name, "", report.file, row.row, needed(fault))
            else:
                yield compared("batch ballots", contest.name, row.ballots, cards, report.file, row.row, where)
            if fault := row.fault_in(reported_column(contest.name)):
                yield unknown("batch votes", contest.name, "", report.file, row.row, needed(fault))
                continue
            sums = {
                choice: sum(self.files.votes[key].votes[self.column(choice)] for key in keys)
                for choice in contest.votes
            }
            told = dict(row.contests[contest.name].reported)
            sides = shown(told, sums), shown(sums, told)
            yield compared("batch votes", contest.name, *sides, report.file, row.row, where)

    def _claims(self) -> ContestClaims:
        alpha, name = self.files.report.risk_limit, self.contest.name
        tested = _claim_set(self.tested, alpha)
        if self.contest.runoff_law or self.contest.winners > 1 or len(self.contest.votes) < 3:
            return ContestClaims(name, tested, tested)
        rule = majority_or_runoff(self.tally)
        needed = rule.assertions
        if 2 * max(self.contest.votes.values()) > sum(self.contest.votes.values()):
            needed = (*self.tested.assertions, above(self.tally, self.tally.ranked[0], HALF))
        if not needed:
            return ContestClaims(name, tested, tested, f"Where the law asks for a majority: {rule.sentence}")
        wanted = _claim_set(self._with(needed), alpha)
        remark = (
            "The report's field Runoff Law is blank: that the winner leads each other choice was tested, and "
            "no majority. Where the law asks for one, the outcome would have needed the last claim too: "
            f"{wanted.draws:,} draws, not {tested.draws:,}."
        )
        return ContestClaims(name, tested, wanted, remark)


def _tested(tally: Tally, contest: ArloContest) -> Claims:
    """By the settings of the report: a runoff law brings in the claims about majorities."""
    pairs = plurality(tally, contest.winners)
    if not contest.runoff_law:
        claims = pairs
    elif 2 * max(tally.votes.values()) > sum(tally.votes.values()):
        more = (*pairs.assertions, above(tally, tally.ranked[0], HALF))
        claims = Claims(pairs.status, pairs.sentence, pairs.outcome, more)
    else:
        claims = majority_or_runoff(tally)
    if not claims.assertions:
        raise RequestError(f"no sample can confirm this contest: {claims.sentence}")
    return claims


def _claim_set(contest: BatchContest, alpha: float) -> ClaimSet:
    claims = tuple(each.claim for each in contest.assertions)
    return ClaimSet(claims, float(contest.total_bound), contest.first_round(alpha))


def _listed(tickets: Counter[str]) -> str:
    return ", ".join(sorted(tickets.elements())) or "not drawn"


def _until(row: SampledBatch, contest: str, first: int, last: int) -> list[str]:
    """The tickets that a row has for a contest from rounds ``first`` to ``last``."""
    return [ticket for number, ticket in row.contests[contest].tickets if first <= number <= last]


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
