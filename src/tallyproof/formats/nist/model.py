"""The report, its units, contests and counts of NIST SP 1500-100 v2, as frozen structures.

Names, required fields and enumerations are those of the specification (schema 2.0.3), so that a JSON
report is read into these classes without a step between; a key it does not know is refused.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field

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


class BallotCounts(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.BallotCounts",
):
    """BallotCounts of the specification."""

    GpUnitId: str
    Type: CountItemType
    BallotsCast: int | UnsetType = UNSET
    BallotsOutstanding: int | UnsetType = UNSET
    BallotsRejected: int | UnsetType = UNSET
    DeviceClass: DeviceClass | UnsetType = UNSET
    IsSuppressedForPrivacy: bool | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    Round: int | UnsetType = UNSET


class BallotMeasureContest(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.BallotMeasureContest",
):
    """BallotMeasureContest of the specification."""

    id: str = field(name="@id")
    ElectionDistrictId: str
    Name: str
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ConStatement: InternationalizedText | UnsetType = UNSET
    ContestSelection: list[PartySelection | BallotMeasureSelection | CandidateSelection] | UnsetType = UNSET
    CountStatus: list[CountStatus] | UnsetType = UNSET
    EffectOfAbstain: InternationalizedText | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    FullText: InternationalizedText | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    InfoUri: list[AnnotatedUri] | UnsetType = UNSET
    OtherCounts: list[OtherCounts] | UnsetType = UNSET
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


class BallotMeasureSelection(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.BallotMeasureSelection",
):
    """BallotMeasureSelection of the specification."""

    id: str = field(name="@id")
    Selection: InternationalizedText
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    VoteCounts: list[VoteCounts] | UnsetType = UNSET


class BallotStyle(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.BallotStyle",
):
    """BallotStyle of the specification."""

    GpUnitIds: list[str]
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    ImageUri: list[AnnotatedUri] | UnsetType = UNSET
    OrderedContent: list[OrderedContest | OrderedHeader] | UnsetType = UNSET
    PartyIds: list[str] | UnsetType = UNSET


class Candidate(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Candidate",
):
    """Candidate of the specification."""

    id: str = field(name="@id")
    BallotName: InternationalizedText
    CampaignSlogan: InternationalizedText | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    FileDate: str | UnsetType = UNSET
    IsIncumbent: bool | UnsetType = UNSET
    IsTopTicket: bool | UnsetType = UNSET
    PartyId: str | UnsetType = UNSET
    PersonId: str | UnsetType = UNSET
    PostElectionStatus: CandidatePostElectionStatus | UnsetType = UNSET
    PreElectionStatus: CandidatePreElectionStatus | UnsetType = UNSET


class CandidateContest(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.CandidateContest",
):
    """CandidateContest of the specification."""

    id: str = field(name="@id")
    ElectionDistrictId: str
    Name: str
    VotesAllowed: int
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ContestSelection: list[PartySelection | BallotMeasureSelection | CandidateSelection] | UnsetType = UNSET
    CountStatus: list[CountStatus] | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    NumberElected: int | UnsetType = UNSET
    NumberRunoff: int | UnsetType = UNSET
    OfficeIds: list[str] | UnsetType = UNSET
    OtherCounts: list[OtherCounts] | UnsetType = UNSET
    OtherVoteVariation: str | UnsetType = UNSET
    PrimaryPartyIds: list[str] | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    VoteVariation: VoteVariation | UnsetType = UNSET


class CandidateSelection(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.CandidateSelection",
):
    """CandidateSelection of the specification."""

    id: str = field(name="@id")
    CandidateIds: list[str] | UnsetType = UNSET
    EndorsementPartyIds: list[str] | UnsetType = UNSET
    IsWriteIn: bool | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    VoteCounts: list[VoteCounts] | UnsetType = UNSET


class CountStatus(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.CountStatus",
):
    """CountStatus of the specification."""

    Status: CountItemStatus
    Type: CountItemType
    OtherType: str | UnsetType = UNSET


class DeviceClass(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.DeviceClass",
):
    """DeviceClass of the specification."""

    Manufacturer: str | UnsetType = UNSET
    Model: str | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    Type: DeviceType | UnsetType = UNSET


class Election(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Election",
):
    """Election of the specification."""

    ElectionScopeId: str
    EndDate: str
    Name: InternationalizedText
    StartDate: str
    Type: ElectionType
    BallotCounts: list[BallotCounts] | UnsetType = UNSET
    BallotStyle: list[BallotStyle] | UnsetType = UNSET
    Candidate: list[Candidate] | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    Contest: list[PartyContest | BallotMeasureContest | CandidateContest | RetentionContest] | UnsetType = (
        UNSET
    )
    CountStatus: list[CountStatus] | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET


class ElectionReport(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.ElectionReport",
):
    """ElectionReport of the specification."""

    Format: ReportDetailLevel
    GeneratedDate: str
    Issuer: str
    IssuerAbbreviation: str
    SequenceEnd: int
    SequenceStart: int
    Status: ResultsStatus
    VendorApplicationId: str
    Election: list[Election] | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    GpUnit: list[ReportingDevice | ReportingUnit] | UnsetType = UNSET
    Header: list[Header] | UnsetType = UNSET
    IsTest: bool | UnsetType = UNSET
    Notes: str | UnsetType = UNSET
    Office: list[Office] | UnsetType = UNSET
    OfficeGroup: list[OfficeGroup] | UnsetType = UNSET
    Party: list[Party | Coalition] | UnsetType = UNSET
    Person: list[Person] | UnsetType = UNSET
    TestType: str | UnsetType = UNSET


class OrderedContest(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.OrderedContest",
):
    """OrderedContest of the specification."""

    ContestId: str
    OrderedContestSelectionIds: list[str] | UnsetType = UNSET


class OrderedHeader(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.OrderedHeader",
):
    """OrderedHeader of the specification."""

    HeaderId: str
    OrderedContent: list[OrderedContest | OrderedHeader] | UnsetType = UNSET


class OtherCounts(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.OtherCounts",
):
    """OtherCounts of the specification."""

    GpUnitId: str
    DeviceClass: DeviceClass | UnsetType = UNSET
    Overvotes: float | int | UnsetType = UNSET
    Undervotes: float | int | UnsetType = UNSET
    WriteIns: int | UnsetType = UNSET


class PartyContest(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.PartyContest",
):
    """PartyContest of the specification."""

    id: str = field(name="@id")
    ElectionDistrictId: str
    Name: str
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ContestSelection: list[PartySelection | BallotMeasureSelection | CandidateSelection] | UnsetType = UNSET
    CountStatus: list[CountStatus] | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    OtherCounts: list[OtherCounts] | UnsetType = UNSET
    OtherVoteVariation: str | UnsetType = UNSET
    SequenceOrder: int | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    VoteVariation: VoteVariation | UnsetType = UNSET


class PartySelection(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.PartySelection",
):
    """PartySelection of the specification."""

    id: str = field(name="@id")
    PartyIds: list[str]
    SequenceOrder: int | UnsetType = UNSET
    VoteCounts: list[VoteCounts] | UnsetType = UNSET


class ReportingDevice(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.ReportingDevice",
):
    """ReportingDevice of the specification."""

    id: str = field(name="@id")
    ComposingGpUnitIds: list[str] | UnsetType = UNSET
    DeviceClass: DeviceClass | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    Name: InternationalizedText | UnsetType = UNSET
    SerialNumber: str | UnsetType = UNSET


class ReportingUnit(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.ReportingUnit",
):
    """ReportingUnit of the specification."""

    id: str = field(name="@id")
    Type: ReportingUnitType
    AuthorityIds: list[str] | UnsetType = UNSET
    ComposingGpUnitIds: list[str] | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    CountStatus: list[CountStatus] | UnsetType = UNSET
    ElectionAdministration: ElectionAdministration | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    IsDistricted: bool | UnsetType = UNSET
    IsMailOnly: bool | UnsetType = UNSET
    Name: InternationalizedText | UnsetType = UNSET
    Number: str | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    PartyRegistration: list[PartyRegistration] | UnsetType = UNSET
    SpatialDimension: SpatialDimension | UnsetType = UNSET
    SubUnitsReported: int | UnsetType = UNSET
    TotalSubUnits: int | UnsetType = UNSET
    VotersParticipated: int | UnsetType = UNSET
    VotersRegistered: int | UnsetType = UNSET


class RetentionContest(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.RetentionContest",
):
    """RetentionContest of the specification."""

    id: str = field(name="@id")
    CandidateId: str
    ElectionDistrictId: str
    Name: str
    Abbreviation: str | UnsetType = UNSET
    BallotSubTitle: InternationalizedText | UnsetType = UNSET
    BallotTitle: InternationalizedText | UnsetType = UNSET
    ConStatement: InternationalizedText | UnsetType = UNSET
    ContestSelection: list[PartySelection | BallotMeasureSelection | CandidateSelection] | UnsetType = UNSET
    CountStatus: list[CountStatus] | UnsetType = UNSET
    EffectOfAbstain: InternationalizedText | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    FullText: InternationalizedText | UnsetType = UNSET
    HasRotation: bool | UnsetType = UNSET
    InfoUri: list[AnnotatedUri] | UnsetType = UNSET
    OfficeId: str | UnsetType = UNSET
    OtherCounts: list[OtherCounts] | UnsetType = UNSET
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


class VoteCounts(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.VoteCounts",
):
    """VoteCounts of the specification."""

    Count: float | int
    GpUnitId: str
    Type: CountItemType
    DeviceClass: DeviceClass | UnsetType = UNSET
    IsSuppressedForPrivacy: bool | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET
    Round: int | UnsetType = UNSET
