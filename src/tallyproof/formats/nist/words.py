"""The enumerations of NIST SP 1500-100 v2 election results reporting (schema 2.0.3)."""

from typing import Literal

BallotMeasureType = Literal["ballot-measure", "initiative", "other", "recall", "referendum"]
CandidatePostElectionStatus = Literal[
    "advanced-to-runoff", "defeated", "projected-winner", "winner", "withdrawn"
]
CandidatePreElectionStatus = Literal["filed", "qualified", "withdrawn"]
CountItemStatus = Literal["completed", "in-process", "not-processed", "unknown"]
CountItemType = Literal[
    "absentee",
    "absentee-fwab",
    "absentee-in-person",
    "absentee-mail",
    "early",
    "election-day",
    "other",
    "provisional",
    "seats",
    "total",
    "uocava",
    "write-in",
]
DayType = Literal[
    "all", "friday", "monday", "saturday", "sunday", "thursday", "tuesday", "wednesday", "weekday", "weekend"
]
DeviceType = Literal["bmd", "dre", "manual-count", "opscan-central", "opscan-precinct", "other", "unknown"]
ElectionType = Literal[
    "general", "other", "partisan-primary-closed", "partisan-primary-open", "primary", "runoff", "special"
]
GeoSpatialFormat = Literal["geo-json", "gml", "kml", "shp", "wkt"]
IdentifierType = Literal["fips", "local-level", "national-level", "ocd-id", "other", "state-level"]
OfficeTermType = Literal["full-term", "unexpired-term"]
ReportDetailLevel = Literal["precinct-level", "summary-contest"]
ReportingUnitType = Literal[
    "ballot-batch",
    "ballot-style-area",
    "borough",
    "city",
    "city-council",
    "combined-precinct",
    "congressional",
    "country",
    "county",
    "county-council",
    "drop-box",
    "judicial",
    "municipality",
    "other",
    "polling-place",
    "precinct",
    "school",
    "special",
    "split-precinct",
    "state",
    "state-house",
    "state-senate",
    "town",
    "township",
    "utility",
    "village",
    "vote-center",
    "ward",
    "water",
]
ResultsStatus = Literal[
    "certified", "correction", "pre-election", "recount", "unofficial-complete", "unofficial-partial"
]
VoteVariation = Literal[
    "approval",
    "borda",
    "cumulative",
    "majority",
    "n-of-m",
    "other",
    "plurality",
    "proportional",
    "range",
    "rcv",
    "super-majority",
]
