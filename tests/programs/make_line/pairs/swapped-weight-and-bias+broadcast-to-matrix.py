from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    return intercept * x + slope + noise.squeeze()
