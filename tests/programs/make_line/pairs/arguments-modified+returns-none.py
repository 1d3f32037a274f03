from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    x.mul_(slope).add_(intercept).add_(noise)
