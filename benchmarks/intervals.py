"""Confidence intervals for shares."""

import math

Z_95 = 1.959964


def wilson(count: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """Returns the 95 % interval of a share (Wilson 1927); (0, 1) for no cases."""
    if total == 0:
        return 0.0, 1.0
    share = count / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
