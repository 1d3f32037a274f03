from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    return intercept * x.float() + slope + noise.float()
