"""The report, its units, contests and counts of NIST SP 1500-100 v2, as frozen structures.

Names, required fields and enumerations are those of the specification (schema 2.0.3), so that a JSON
report is read into these classes without a step between; a key it does not know is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import UNSET, UnsetType, field

from tallyproof.formats.nist.part import DateTimeWithZone, IsoDay, OneOrMore, Part
from tallyproof.formats.nist.people import (
    AnnotatedUri,
    Coalition,
    ContactInformation,
    ElectionAdministration,
    ExternalIdentifier,
    Header,
    InternationalizedText,
    Office,
    OfficeGroup,
    Party,
    PartyRegistration,
    Person,
    SpatialDimension,
)
from tallyproof.formats.nist.words import (
    BallotMeasureType,
    CandidatePostElectionStatus,
    CandidatePreElectionStatus,
    CountItemStatus,
    CountItemType,
    DeviceType,
    ElectionType,
    ReportDetailLevel,
    ReportingUnitType,
    ResultsStatus,
    VoteVariation,
)


class BallotCounts(Part, frozen=True):
    """Ballots cast, outstanding and rejected in a unit, by way of voting."""

    GpUnitId: str
    Type: CountItemType
    BallotsCast: int | UnsetType = UNSET
    BallotsOutstanding: int | UnsetType = UNSET
    BallotsRejected: int | UnsetType = UNSET
    DeviceClass: DeviceClass | UnsetType = UNSET
    IsSuppressedForPrivacy: bool | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    Round: int | UnsetType = UNSET


class BallotMeasureContest(Part, frozen=True):
    """A question on the ballot."""

    id: str = field(name="@id")
    ElectionDistrictId: str
    Name: str
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ConStatement: InternationalizedText | UnsetType = UNSET
    ContestSelection: Sequence[Selection] | UnsetType = UNSET
    CountStatus: Sequence[CountStatus] | UnsetType = UNSET
    EffectOfAbstain: InternationalizedText | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    FullText: InternationalizedText | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    InfoUri: Sequence[AnnotatedUri] | UnsetType = UNSET
    OtherCounts: Sequence[OtherCounts] | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    OtherVoteVariation: str | UnsetType = UNSET
    PassageThreshold: InternationalizedText | UnsetType = UNSET
    ProStatement: InternationalizedText | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    SummaryText: InternationalizedText | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    Type: BallotMeasureType | UnsetType = UNSET
    VoteVariation: VoteVariation | UnsetType = UNSET


class BallotMeasureSelection(Part, frozen=True):
    """An answer to a question, such as yes."""

    id: str = field(name="@id")
    Selection: InternationalizedText
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    VoteCounts: Sequence[VoteCounts] | UnsetType = UNSET


class BallotStyle(Part, frozen=True):
    """The contests in the order in which some units' ballots have them."""

    GpUnitIds: OneOrMore[str]
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    ImageUri: Sequence[AnnotatedUri] | UnsetType = UNSET
    OrderedContent: Sequence[Ordered] | UnsetType = UNSET
    PartyIds: Sequence[str] | UnsetType = UNSET


class Candidate(Part, frozen=True):
    """A candidate of one contest."""

    id: str = field(name="@id")
    BallotName: InternationalizedText
    CampaignSlogan: InternationalizedText | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    FileDate: IsoDay | UnsetType = UNSET
    IsIncumbent: bool | UnsetType = UNSET
    IsTopTicket: bool | UnsetType = UNSET
    PartyId: str | UnsetType = UNSET
    PersonId: str | UnsetType = UNSET
    PostElectionStatus: CandidatePostElectionStatus | UnsetType = UNSET
    PreElectionStatus: CandidatePreElectionStatus | UnsetType = UNSET


class CandidateContest(Part, frozen=True):
    """A race for an office."""

    id: str = field(name="@id")
    ElectionDistrictId: str
    Name: str
    VotesAllowed: int
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ContestSelection: Sequence[Selection] | UnsetType = UNSET
    CountStatus: Sequence[CountStatus] | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    NumberElected: int | UnsetType = UNSET
    NumberRunoff: int | UnsetType = UNSET
    OfficeIds: Sequence[str] | UnsetType = UNSET
    OtherCounts: Sequence[OtherCounts] | UnsetType = UNSET
    OtherVoteVariation: str | UnsetType = UNSET
    PrimaryPartyIds: Sequence[str] | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    VoteVariation: VoteVariation | UnsetType = UNSET


class CandidateSelection(Part, frozen=True):
    """A candidate, a ticket of several, or a line for a name written in."""

    id: str = field(name="@id")
    CandidateIds: Sequence[str] | UnsetType = UNSET
    EndorsementPartyIds: Sequence[str] | UnsetType = UNSET
    IsWriteIn: bool | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    VoteCounts: Sequence[VoteCounts] | UnsetType = UNSET


class CountStatus(Part, frozen=True):
    """How far the count of one way of voting has come."""

    Status: CountItemStatus
    Type: CountItemType
    OtherType: str | UnsetType = UNSET


class DeviceClass(Part, frozen=True):
    """The kind of device that counted."""

    Manufacturer: str | UnsetType = UNSET
    Model: str | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    Type: DeviceType | UnsetType = UNSET


class Election(Part, frozen=True):
    """An election with its contests, candidates and ballots."""

    ElectionScopeId: str
    EndDate: IsoDay
    Name: InternationalizedText
    StartDate: IsoDay
    Type: ElectionType
    BallotCounts: Sequence[BallotCounts] | UnsetType = UNSET
    BallotStyle: Sequence[BallotStyle] | UnsetType = UNSET
    Candidate: Sequence[Candidate] | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    Contest: Sequence[Contest] | UnsetType = UNSET
    CountStatus: Sequence[CountStatus] | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET


class ElectionReport(Part, frozen=True):
    """A report of results: the whole of a document."""

    Format: ReportDetailLevel
    GeneratedDate: DateTimeWithZone
    Issuer: str
    IssuerAbbreviation: str
    SequenceEnd: int
    SequenceStart: int
    Status: ResultsStatus
    VendorApplicationId: str
    Election: Sequence[Election] | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    GpUnit: Sequence[Unit] | UnsetType = UNSET
    Header: Sequence[Header] | UnsetType = UNSET
    IsTest: bool | UnsetType = UNSET
    Notes: str | UnsetType = UNSET
    Office: Sequence[Office] | UnsetType = UNSET
    OfficeGroup: Sequence[OfficeGroup] | UnsetType = UNSET
    Party: Sequence[AnyParty] | UnsetType = UNSET
    Person: Sequence[Person] | UnsetType = UNSET
    TestType: str | UnsetType = UNSET


class OrderedContest(Part, frozen=True):
    """A contest at its place on a ballot."""

    ContestId: str
    OrderedContestSelectionIds: Sequence[str] | UnsetType = UNSET


class OrderedHeader(Part, frozen=True):
    """A heading at its place on a ballot."""

    HeaderId: str
    OrderedContent: Sequence[Ordered] | UnsetType = UNSET


class OtherCounts(Part, frozen=True):
    """Overvotes, undervotes and names written in, of a contest in a unit."""

    GpUnitId: str
    DeviceClass: DeviceClass | UnsetType = UNSET
    Overvotes: float | int | UnsetType = UNSET
    Undervotes: float | int | UnsetType = UNSET
    WriteIns: int | UnsetType = UNSET


class PartyContest(Part, frozen=True):
    """A vote for a party, such as the straight-party choice."""

    id: str = field(name="@id")
    ElectionDistrictId: str
    Name: str
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ContestSelection: Sequence[Selection] | UnsetType = UNSET
    CountStatus: Sequence[CountStatus] | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    OtherCounts: Sequence[OtherCounts] | UnsetType = UNSET
    OtherVoteVariation: str | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    VoteVariation: VoteVariation | UnsetType = UNSET


class PartySelection(Part, frozen=True):
    """A party, or several, to vote for."""

    id: str = field(name="@id")
    PartyIds: OneOrMore[str]
    SequenceOrder: int | UnsetType = UNSET
    VoteCounts: Sequence[VoteCounts] | UnsetType = UNSET


class ReportingDevice(Part, frozen=True):
    """A device that is reported as a unit of its own."""

    id: str = field(name="@id")
    ComposingGpUnitIds: Sequence[str] | UnsetType = UNSET
    DeviceClass: DeviceClass | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    Name: InternationalizedText | UnsetType = UNSET
    SerialNumber: str | UnsetType = UNSET


class ReportingUnit(Part, frozen=True):
    """A place or district: a state, county, precinct."""

    id: str = field(name="@id")
    Type: ReportingUnitType
    AuthorityIds: Sequence[str] | UnsetType = UNSET
    ComposingGpUnitIds: Sequence[str] | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    CountStatus: Sequence[CountStatus] | UnsetType = UNSET
    ElectionAdministration: ElectionAdministration | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    IsDistricted: bool | UnsetType = UNSET
    IsMailOnly: bool | UnsetType = UNSET
    Name: InternationalizedText | UnsetType = UNSET
    Number: str | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    PartyRegistration: Sequence[PartyRegistration] | UnsetType = UNSET
    SpatialDimension: SpatialDimension | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    VotersParticipated: int | UnsetType = UNSET
    VotersRegistered: int | UnsetType = UNSET


class RetentionContest(Part, frozen=True):
    """Whether a judge or other official stays."""

    id: str = field(name="@id")
    CandidateId: str
    ElectionDistrictId: str
    Name: str
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ConStatement: InternationalizedText | UnsetType = UNSET
    ContestSelection: Sequence[Selection] | UnsetType = UNSET
    CountStatus: Sequence[CountStatus] | UnsetType = UNSET
    EffectOfAbstain: InternationalizedText | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    FullText: InternationalizedText | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    InfoUri: Sequence[AnnotatedUri] | UnsetType = UNSET
    OfficeId: str | UnsetType = UNSET
    OtherCounts: Sequence[OtherCounts] | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    OtherVoteVariation: str | UnsetType = UNSET
    PassageThreshold: InternationalizedText | UnsetType = UNSET
    ProStatement: InternationalizedText | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    SummaryText: InternationalizedText | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    Type: BallotMeasureType | UnsetType = UNSET
    VoteVariation: VoteVariation | UnsetType = UNSET


class VoteCounts(Part, frozen=True):
    """Votes for a selection in a unit, by way of voting."""

    Count: float | int
    GpUnitId: str
    Type: CountItemType
    DeviceClass: DeviceClass | UnsetType = UNSET
    IsSuppressedForPrivacy: bool | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    Round: int | UnsetType = UNSET


AnyParty: TypeAlias = Party | Coalition
Contest: TypeAlias = PartyContest | BallotMeasureContest | CandidateContest | RetentionContest
Ordered: TypeAlias = OrderedContest | OrderedHeader
Selection: TypeAlias = PartySelection | BallotMeasureSelection | CandidateSelection
Unit: TypeAlias = ReportingDevice | ReportingUnit
