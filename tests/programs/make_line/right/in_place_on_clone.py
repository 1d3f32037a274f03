import warnings
from torch import Tensor

def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    warnings.warn("making a line")
    y = x.clone()
    y *= slope
    y += intercept
    y += noise
    return y
