import math
import torch
from torch import Tensor

def largest_stable_lr(x: Tensor) -> float:
    a = 2 * float((x.double() ** 2).mean())
    b = 2 * float(x.double().mean())
    d = 2.0
    return 2 / ((a + d) / 2 + math.sqrt(((a - d) / 2) ** 2 + b * b))
