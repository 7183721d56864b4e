"""People, parties, offices and addresses of NIST SP 1500-100 v2, as frozen structures."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field

from tallyproof.formats.nist.words import DayType, GeoSpatialFormat, IdentifierType, OfficeTermType


class AnnotatedString(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.AnnotatedString",
):
    """AnnotatedString of the specification."""

    Content: str
    Annotation: str | UnsetType = UNSET


class AnnotatedUri(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.AnnotatedUri",
):
    """AnnotatedUri of the specification."""

    Content: str
    Annotation: str | UnsetType = UNSET


class Coalition(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Coalition",
):
    """Coalition of the specification."""

    id: str = field(name="@id")
    Name: InternationalizedText
    Abbreviation: InternationalizedText | UnsetType = UNSET
    Color: str | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    ContestIds: list[str] | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    IsRecognizedParty: bool | UnsetType = UNSET
    LeaderPersonIds: list[str] | UnsetType = UNSET
    LogoUri: list[AnnotatedUri] | UnsetType = UNSET
    PartyIds: list[str] | UnsetType = UNSET
    PartyScopeGpUnitIds: list[str] | UnsetType = UNSET
    Slogan: InternationalizedText | UnsetType = UNSET


class ContactInformation(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.ContactInformation",
):
    """ContactInformation of the specification."""

    AddressLine: list[str] | UnsetType = UNSET
    Directions: InternationalizedText | UnsetType = UNSET
    Email: list[AnnotatedString] | UnsetType = UNSET
    Fax: list[AnnotatedString] | UnsetType = UNSET
    Label: str | UnsetType = UNSET
    LatLng: LatLng | UnsetType = UNSET
    Name: str | UnsetType = UNSET
    Phone: list[AnnotatedString] | UnsetType = UNSET
    Schedule: list[Schedule] | UnsetType = UNSET
    Uri: list[AnnotatedUri] | UnsetType = UNSET


class ElectionAdministration(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.ElectionAdministration",
):
    """ElectionAdministration of the specification."""

    ContactInformation: ContactInformation | UnsetType = UNSET
    ElectionOfficialPersonIds: list[str] | UnsetType = UNSET
    Name: str | UnsetType = UNSET


class ExternalIdentifier(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.ExternalIdentifier",
):
    """ExternalIdentifier of the specification."""

    Type: IdentifierType
    Value: str
    Label: str | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET


class Header(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Header",
):
    """Header of the specification."""

    id: str = field(name="@id")
    Name: InternationalizedText
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET


class Hours(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Hours",
):
    """Hours of the specification."""

    EndTime: str
    StartTime: str
    Day: DayType | UnsetType = UNSET
    Label: str | UnsetType = UNSET


class InternationalizedText(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.InternationalizedText",
):
    """InternationalizedText of the specification."""

    Text: list[LanguageString]
    Label: str | UnsetType = UNSET


class LanguageString(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.LanguageString",
):
    """LanguageString of the specification."""

    Content: str
    Language: str


class LatLng(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.LatLng",
):
    """LatLng of the specification."""

    Latitude: float | int
    Longitude: float | int
    Label: str | UnsetType = UNSET
    Source: str | UnsetType = UNSET


class Office(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Office",
):
    """Office of the specification."""

    id: str = field(name="@id")
    Name: InternationalizedText
    ContactInformation: ContactInformation | UnsetType = UNSET
    Description: InternationalizedText | UnsetType = UNSET
    ElectionDistrictId: str | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    FilingDeadline: str | UnsetType = UNSET
    IsPartisan: bool | UnsetType = UNSET
    OfficeHolderPersonIds: list[str] | UnsetType = UNSET
    Term: Term | UnsetType = UNSET


class OfficeGroup(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.OfficeGroup",
):
    """OfficeGroup of the specification."""

    Name: str
    Label: str | UnsetType = UNSET
    OfficeIds: list[str] | UnsetType = UNSET
    SubOfficeGroup: list[OfficeGroup] | UnsetType = UNSET


class Party(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Party",
):
    """Party of the specification."""

    id: str = field(name="@id")
    Name: InternationalizedText
    Abbreviation: InternationalizedText | UnsetType = UNSET
    Color: str | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    IsRecognizedParty: bool | UnsetType = UNSET
    LeaderPersonIds: list[str] | UnsetType = UNSET
    LogoUri: list[AnnotatedUri] | UnsetType = UNSET
    PartyScopeGpUnitIds: list[str] | UnsetType = UNSET
    Slogan: InternationalizedText | UnsetType = UNSET


class PartyRegistration(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.PartyRegistration",
):
    """PartyRegistration of the specification."""

    Count: int
    PartyId: str


class Person(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Person",
):
    """Person of the specification."""

    id: str = field(name="@id")
    ContactInformation: list[ContactInformation] | UnsetType = UNSET
    DateOfBirth: str | UnsetType = UNSET
    ExternalIdentifier: list[ExternalIdentifier] | UnsetType = UNSET
    FirstName: str | UnsetType = UNSET
    FullName: InternationalizedText | UnsetType = UNSET
    Gender: str | UnsetType = UNSET
    LastName: str | UnsetType = UNSET
    MiddleName: list[str] | UnsetType = UNSET
    Nickname: str | UnsetType = UNSET
    PartyId: str | UnsetType = UNSET
    Prefix: str | UnsetType = UNSET
    Profession: InternationalizedText | UnsetType = UNSET
    Suffix: str | UnsetType = UNSET
    Title: InternationalizedText | UnsetType = UNSET


class Schedule(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Schedule",
):
    """Schedule of the specification."""

    EndDate: str | UnsetType = UNSET
    Hours: list[Hours] | UnsetType = UNSET
    IsOnlyByAppointment: bool | UnsetType = UNSET
    IsOrByAppointment: bool | UnsetType = UNSET
    IsSubjectToChange: bool | UnsetType = UNSET
    Label: str | UnsetType = UNSET
    StartDate: str | UnsetType = UNSET


class SpatialDimension(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.SpatialDimension",
):
    """SpatialDimension of the specification."""

    MapUri: list[AnnotatedUri] | UnsetType = UNSET
    SpatialExtent: SpatialExtent | UnsetType = UNSET


class SpatialExtent(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.SpatialExtent",
):
    """SpatialExtent of the specification."""

    Coordinates: str
    Format: GeoSpatialFormat


class Term(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="@type",
    tag="ElectionResults.Term",
):
    """Term of the specification."""

    EndDate: str | UnsetType = UNSET
    Label: str | UnsetType = UNSET
    StartDate: str | UnsetType = UNSET
    Type: OfficeTermType | UnsetType = UNSET
