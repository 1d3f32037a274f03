import torch
from torch import nn, Tensor

def forward(x: "Tensor", w: "Tensor", b: "Tensor") -> "Tensor":
    model = nn.Linear(1, 1, device=x.device, dtype=x.dtype)
    return torch.func.functional_call(model, {"weight": w[None, None], "bias": b[None]}, (x,))
