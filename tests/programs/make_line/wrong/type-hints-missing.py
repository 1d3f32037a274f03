import torch
from torch import Tensor


def make_line(x, slope, intercept, noise):
    y = slope * x + intercept + noise
    return y
