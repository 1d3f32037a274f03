import numpy as np
from torch import Tensor

def largest_stable_lr(x: Tensor) -> float:
    design = np.vander(x.detach().cpu().numpy().ravel(), 2)
    values, vectors = np.linalg.eigh(2 / len(design) * design.T @ design)
    return float(2 / values[-1])
