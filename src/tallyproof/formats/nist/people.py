"""People, parties, offices and addresses of NIST SP 1500-100 v2, as frozen structures."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET, UnsetType, field

from tallyproof.formats.nist.part import HtmlColorString, IsoDay, OneOrMore, Part, ShortString, TimeWithZone
from tallyproof.formats.nist.words import DayType, GeoSpatialFormat, IdentifierType, OfficeTermType


class AnnotatedString(Part, frozen=True):
    """A text with a note on it."""

    Content: str
    Annotation: ShortString | UnsetType = UNSET


class AnnotatedUri(Part, frozen=True):
    """An address with a note on it."""

    Content: str
    Annotation: ShortString | UnsetType = UNSET


class Coalition(Part, frozen=True):
    """Parties that stand together."""

    id: str = field(name="@id")
    Name: InternationalizedText
    Abbreviation: InternationalizedText | UnsetType = UNSET
    Color: HtmlColorString | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    ContestIds: Sequence[str] | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    IsRecognizedParty: bool | UnsetType = UNSET
    LeaderPersonIds: Sequence[str] | UnsetType = UNSET
    LogoUri: Sequence[AnnotatedUri] | UnsetType = UNSET
    PartyIds: Sequence[str] | UnsetType = UNSET
    PartyScopeGpUnitIds: Sequence[str] | UnsetType = UNSET
    Slogan: InternationalizedText | UnsetType = UNSET


class ContactInformation(Part, frozen=True):
    """Where and when somebody can be reached."""

    AddressLine: Sequence[str] | UnsetType = UNSET
    Directions: InternationalizedText | UnsetType = UNSET
    Email: Sequence[AnnotatedString] | UnsetType = UNSET
    Fax: Sequence[AnnotatedString] | UnsetType = UNSET
    Label: str | UnsetType = UNSET
    LatLng: LatLng | UnsetType = UNSET
    Name: str | UnsetType = UNSET
    Phone: Sequence[AnnotatedString] | UnsetType = UNSET
    Schedule: Sequence[Schedule] | UnsetType = UNSET
    Uri: Sequence[AnnotatedUri] | UnsetType = UNSET


class ElectionAdministration(Part, frozen=True):
    """The office that runs elections in a unit."""

    ContactInformation: ContactInformation | UnsetType = UNSET
    ElectionOfficialPersonIds: Sequence[str] | UnsetType = UNSET
    Name: str | UnsetType = UNSET


class ExternalIdentifier(Part, frozen=True):
    """A key of something in another register, such as a FIPS code."""

    Type: IdentifierType
    Value: str
    Label: str | UnsetType = UNSET
    OtherType: str | UnsetType = UNSET


class Header(Part, frozen=True):
    """A heading on a ballot."""

    id: str = field(name="@id")
    Name: InternationalizedText
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET


class Hours(Part, frozen=True):
    """Opening hours of a day."""

    EndTime: TimeWithZone
    StartTime: TimeWithZone
    Day: DayType | UnsetType = UNSET
    Label: str | UnsetType = UNSET


class InternationalizedText(Part, frozen=True):
    """A text in one or several languages."""

    Text: OneOrMore[LanguageString]
    Label: str | UnsetType = UNSET


class LanguageString(Part, frozen=True):
    """A text in one language."""

    Content: str
    Language: str


class LatLng(Part, frozen=True):
    """A point on the earth."""

    Latitude: float | int
    Longitude: float | int
    Label: str | UnsetType = UNSET
    Source: str | UnsetType = UNSET


class Office(Part, frozen=True):
    """An office that is filled by election."""

    id: str = field(name="@id")
    Name: InternationalizedText
    ContactInformation: ContactInformation | UnsetType = UNSET
    Description: InternationalizedText | UnsetType = UNSET
    ElectionDistrictId: str | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    FilingDeadline: IsoDay | UnsetType = UNSET
    IsPartisan: bool | UnsetType = UNSET
    OfficeHolderPersonIds: Sequence[str] | UnsetType = UNSET
    Term: Term | UnsetType = UNSET


class OfficeGroup(Part, frozen=True):
    """Offices that are listed together."""

    Name: str
    Label: str | UnsetType = UNSET
    OfficeIds: Sequence[str] | UnsetType = UNSET
    SubOfficeGroup: Sequence[OfficeGroup] | UnsetType = UNSET


class Party(Part, frozen=True):
    """A political party."""

    id: str = field(name="@id")
    Name: InternationalizedText
    Abbreviation: InternationalizedText | UnsetType = UNSET
    Color: HtmlColorString | UnsetType = UNSET
    ContactInformation: ContactInformation | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    IsRecognizedParty: bool | UnsetType = UNSET
    LeaderPersonIds: Sequence[str] | UnsetType = UNSET
    LogoUri: Sequence[AnnotatedUri] | UnsetType = UNSET
    PartyScopeGpUnitIds: Sequence[str] | UnsetType = UNSET
    Slogan: InternationalizedText | UnsetType = UNSET


class PartyRegistration(Part, frozen=True):
    """How many voters are registered with a party."""

    Count: int
    PartyId: str


class Person(Part, frozen=True):
    """A person: candidate, office holder, official."""

    id: str = field(name="@id")
    ContactInformation: Sequence[ContactInformation] | UnsetType = UNSET
    DateOfBirth: IsoDay | UnsetType = UNSET
    ExternalIdentifier: Sequence[ExternalIdentifier] | UnsetType = UNSET
    FirstName: str | UnsetType = UNSET
    FullName: InternationalizedText | UnsetType = UNSET
    Gender: str | UnsetType = UNSET
    LastName: str | UnsetType = UNSET
    MiddleName: Sequence[str] | UnsetType = UNSET
    Nickname: str | UnsetType = UNSET
    PartyId: str | UnsetType = UNSET
    Prefix: str | UnsetType = UNSET
    Profession: InternationalizedText | UnsetType = UNSET
    Suffix: str | UnsetType = UNSET
    Title: InternationalizedText | UnsetType = UNSET


class Schedule(Part, frozen=True):
    """When a place is open."""

    EndDate: IsoDay | UnsetType = UNSET
    Hours: Sequence[Hours] | UnsetType = UNSET
    IsOnlyByAppointment: bool | UnsetType = UNSET
    IsOrByAppointment: bool | UnsetType = UNSET
    IsSubjectToChange: bool | UnsetType = UNSET
    Label: str | UnsetType = UNSET
    StartDate: IsoDay | UnsetType = UNSET


class SpatialDimension(Part, frozen=True):
    """Where a unit lies on a map."""

    MapUri: Sequence[AnnotatedUri] | UnsetType = UNSET
    SpatialExtent: SpatialExtent | UnsetType = UNSET


class SpatialExtent(Part, frozen=True):
    """The outline of a unit."""

    Coordinates: str
    Format: GeoSpatialFormat


class Term(Part, frozen=True):
    """The time for which an office is filled."""

    EndDate: IsoDay | UnsetType = UNSET
    Label: str | UnsetType = UNSET
    StartDate: IsoDay | UnsetType = UNSET
    Type: OfficeTermType | UnsetType = UNSET
