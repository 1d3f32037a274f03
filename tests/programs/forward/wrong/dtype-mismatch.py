import torch
from torch import Tensor, nn

model = nn.Linear(1, 1)

def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.func.functional_call(model, {"weight": w.reshape(1, 1).float(), "bias": b.reshape(1).float()}, (x,))
