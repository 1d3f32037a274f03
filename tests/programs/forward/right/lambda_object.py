import torch
from torch import Tensor

class Model:
    def __call__(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
        return torch.add(torch.mul(w, x), b)

forward = Model()
