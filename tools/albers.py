"""Albers' equal-area conic projection on a sphere of radius 1; north up."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Albers:
    """A conic by its two standard parallels and its origin, in degrees; longitude is below 0 in the west."""

    south: float
    north: float
    latitude: float
    longitude: float

    def project(self, longitude: float, latitude: float) -> tuple[float, float]:
        """East and north of the origin, in radii of the sphere.

        Snyder, Map Projections: A Working Manual (USGS Professional Paper 1395, 1987), section 14,
        equations 14-1 to 14-6 for a sphere:

            n = (sin φ1 + sin φ2) / 2        C = cos² φ1 + 2 n sin φ1
            ρ = √(C − 2 n sin φ) / n         θ = n (λ − λ0)
            x = ρ sin θ                      y = ρ0 − ρ cos θ
        """
        first, second = math.sin(math.radians(self.south)), math.sin(math.radians(self.north))
        cone = (first + second) / 2
        constant = 1 - first**2 + 2 * cone * first
        distance = _distance(latitude, cone, constant)
        angle = cone * math.radians(longitude - self.longitude)
        origin = _distance(self.latitude, cone, constant)
        return distance * math.sin(angle), origin - distance * math.cos(angle)


def _distance(latitude: float, cone: float, constant: float) -> float:
    return math.sqrt(constant - 2 * cone * math.sin(math.radians(latitude))) / cone


def fitted(west: float, south: float, east: float, north: float) -> Albers:
    """The projection for one state: north up in its middle, standard parallels a sixth from its ends."""
    sixth = (north - south) / 6
    return Albers(south + sixth, north - sixth, (south + north) / 2, (west + east) / 2)


LOWER_48 = Albers(29.5, 45.5, 37.5, -96)
ALASKA = Albers(55, 65, 60, -154)
HAWAII = Albers(8, 18, 20, -157)
"""The standard parallels that the Geological Survey uses for these three (Snyder 1987, section 14)."""
