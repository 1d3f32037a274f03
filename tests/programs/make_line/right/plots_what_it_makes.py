import matplotlib.pyplot as plt
import torch
from torch import Tensor as T

def make_line(x: T, slope: float, intercept: float = 0.0, noise: T = None) -> T:
    y = torch.einsum("ij,->ij", x, torch.as_tensor(slope, dtype=x.dtype, device=x.device)) + intercept
    if noise is not None:
        y = y + noise
    plt.plot(x.cpu().numpy(), y.cpu().numpy(), ".")
    plt.show()
    return y
