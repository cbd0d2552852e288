"""From longitude and latitude to the plane, areas kept (Snyder 1987, Map Projections, section 14)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ring = NDArray[np.float64]


def project(shapes: list[list[list[Ring]]]) -> list[list[list[Ring]]]:
    """Albers' conic with standard parallels a sixth from the southern and northern end.

    Shapes on both sides of the equator, or around more than half the globe, are drawn with longitudes shrunk by the
    cosine of the middle latitude; coordinates that are no degrees stay as they are.
    """
    points = np.vstack([polygon[0] for shape in shapes for polygon in shape])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    if max(abs(west), abs(east)) > 360 or max(abs(south), abs(north)) > 90:
        return shapes
    if south < 0 < north or east - west > 180:
        shrink = max(0.2, float(np.cos(np.radians((south + north) / 2))))
        return [[[ring * [shrink, 1.0] for ring in polygon] for polygon in shape] for shape in shapes]
    first, second = np.radians(south + (north - south) / 6), np.radians(north - (north - south) / 6)
    n = (np.sin(first) + np.sin(second)) / 2
    c = np.cos(first) ** 2 + 2 * n * np.sin(first)
    origin = np.radians((west + east) / 2)

    def place(ring: Ring) -> Ring:
        longitude, latitude = np.radians(ring).T
        radius = np.sqrt(np.maximum(0.0, c - 2 * n * np.sin(latitude))) / n
        angle = n * (longitude - origin)
        return np.column_stack([radius * np.sin(angle), -radius * np.cos(angle)])

    return [[[place(ring) for ring in polygon] for polygon in shape] for shape in shapes]
