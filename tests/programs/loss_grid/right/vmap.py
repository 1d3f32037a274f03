import torch
from torch import Tensor
from torch.func import vmap
torch.set_default_dtype(torch.float64)

def loss_grid(x: "torch.Tensor", y: "torch.Tensor", ws: "torch.Tensor", bs: "torch.Tensor") -> "torch.Tensor":
    loss = lambda w, b: ((w * x + b - y) ** 2).mean()
    return vmap(vmap(loss, (None, 0)), (0, None))(ws, bs)
