"""New South Wales 2021: 20 mayoral contests from their cards have the margins that others published.

Cards in Dominion's layout (449,902), © State of New South Wales (NSW Electoral Commission), CC BY 4.0;
rankings and margins of raire-rs, and the margins that Colorado's program states for its own assertion sets.
"""

import gzip
import json
import shutil
from collections import Counter
from math import ceil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tallyproof.audit.card_codes import rankings_of
from tallyproof.audit.irv_assertion import Assertion
from tallyproof.audit.irv_difficulty import kaplan_markov_cards
from tallyproof.audit.irv_rankings import collapse
from tallyproof.audit.irv_tallies import Tallies
from tallyproof.election.card_part import CaseCards
from tallyproof.services import solving
from tallyproof.services.card_contests import CountedContest
from tallyproof.services.card_margins import margins, problem_of
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.card_pools import gather
from tallyproof.services.cards import read_manifest

from .golden import ids, vector

IN_COLORADO = ids("irv-nsw-")


@pytest.fixture(scope="module")
def contests(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> dict[str, CountedContest]:
    """The 20 contests by name, each with its cards and its manifest."""
    folder, unpacked = (
        shared_data / "irv_nsw2021" / "CSVs" / "NewSouthWales21",
        tmp_path_factory.mktemp("nsw"),
    )
    found = {}
    for path in sorted(folder.glob("*_Mayoral.csv*")):
        if path.suffix not in {".csv", ".gz"}:
            continue
        plain = unpacked / path.name.removesuffix(".gz")
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out)
        manifest = read_manifest(folder / plain.name.replace(".csv", ".manifest.csv"))
        (contest,) = gather(CaseCards(parts_from_files([plain]), {"": manifest})).contests
        found[contest.name] = contest
    return found


def published(shared_data: Path, name: str) -> Path:
    """The file of rankings; the answer stands beside it."""
    return shared_data / "audits" / "irv" / "nsw2021" / f"{name}.json"


def test_all_20_contests_have_their_published_rankings(
    contests: dict[str, CountedContest], shared_data: Path
) -> None:
    """Each ranking stands on as many cards as the published file says, and the manifests list those cards."""
    assert len(contests) == 20
    assert sum(contest.bound.cards for contest in contests.values()) == 449_902
    for name, contest in contests.items():
        told = json.loads(published(shared_data, name).read_bytes())
        names, wanted = told["metadata"]["candidates"], Counter[tuple[str, ...]]()
        for each in told["votes"]:
            wanted[tuple(names[place] for place in each["prefs"])] += each["n"]
        ours = {each.ranking: each.ballots for each in rankings_of(contest.recorded, contest.counts)}
        assert ours == {ranking: ballots for ranking, ballots in wanted.items() if ranking}
        assert contest.bound.source == "manifests" and contest.bound.phantoms == 0


def test_the_smallest_margins_are_those_published(
    contests: dict[str, CountedContest], shared_data: Path
) -> None:
    """Winner and smallest margin of raire-rs, and its difficulty, the cards over that margin."""
    for found in margins(contests.values()):
        path = published(shared_data, found.name)
        names = json.loads(path.read_bytes())["metadata"]["candidates"]
        told = json.loads(path.with_name(f"{path.stem}_out.json").read_bytes())["solution"]["Ok"]
        assert (found.status, found.winners) == ("assertions", (names[told["winner"]],))
        assert found.smallest == min(row["margin"] for row in told["assertions"]) == told["margin"]
        assert found.smallest and found.bound.cards / found.smallest == pytest.approx(
            told["difficulty"], rel=1e-12
        )


def called(letters: str, contests: dict[str, CountedContest], shared_data: Path) -> CountedContest:
    """The contest whose name has these letters; without a Dominion export the rankings are its cards."""
    for name, contest in contests.items():
        if "".join(filter(str.isalpha, name)).lower() == letters:
            return contest
    files = (shared_data / "audits" / "irv" / "nsw2021").glob("* Mayoral.json")
    path = next(each for each in files if "".join(filter(str.isalpha, each.stem)).lower() == letters)
    (contest,) = gather(CaseCards(parts_from_files([path]))).contests
    return contest


@pytest.mark.parametrize("name", IN_COLORADO)
def test_colorados_margins_come_out_of_the_cards(
    name: str, contests: dict[str, CountedContest], shared_data: Path
) -> None:
    """Every assertion of the vector has its margin, ours is as large, and its cards suffice at 3 %."""
    given, wanted = vector(name)["inputs"], vector(name)["expected"]
    contest = called(name.removeprefix("irv-nsw-"), contests, shared_data)
    names = contest.recorded.choices
    places = [names.index(choice) for choice in given["candidates"]]
    rankings = {
        tuple(names.index(choice) for choice in each.ranking): each.ballots
        for each in rankings_of(contest.recorded, contest.counts)
    }
    tallies = Tallies(collapse(len(names), rankings))
    listed = [
        Assertion(
            each["type"],
            places[each["winner"]],
            places[each["loser"]],
            tuple(sorted(places[place] for place in each["continuing"] or ())),
        )
        for each in given["assertions"]
    ]
    (ours,) = margins([contest])
    assert [each.margin(tallies) for each in listed] == wanted["assertion_margins"]
    assert (ours.winners, ours.smallest) == ((given["winner"],), wanted["min_margin"])
    assert contest.bound.cards == given["total_auditable_ballots"]
    measure = kaplan_markov_cards(given["risk_limit"], given["gamma"])
    cards = measure(np.array([ours.smallest]), np.array([0]), contest.bound.cards)[0]
    assert ceil(cards) == wanted["sample_size"]


def test_ballinas_problem_solves_to_the_published_set(contests: dict[str, CountedContest]) -> None:
    """The problem made of the cards, given to solve, has the four assertions of vector irv-ballina."""
    given = vector("irv-ballina")["inputs"]
    problem = problem_of(contests["Ballina Mayoral"])
    told = json.loads(solving.solve_json(msgspec.json.encode(problem)))
    measure = kaplan_markov_cards(given["risk_limit"], given["gamma"])
    found = [
        {
            **{key: each[key] for key in ("type", "winner", "loser", "margin")},
            **({"continuing": set(each["continuing"])} if each["type"] == "NEN" else {}),
            "difficulty": round(given["universe"] / each["margin"], 4),
            "samples": ceil(measure(np.array([each["margin"]]), np.array([0]), given["universe"])[0]),
        }
        for each in told["assertions"]
    ]
    wanted = [
        {key: set(part) if key == "continuing" else part for key, part in row.items()}
        for row in vector("irv-ballina")["expected"]
    ]
    assert sorted(found, key=lambda row: row["margin"]) == sorted(wanted, key=lambda row: row["margin"])
