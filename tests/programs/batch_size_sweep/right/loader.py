import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset
from collections import OrderedDict
from typing import Sequence
from graders import History

torch.set_default_dtype(torch.float64)

def batch_size_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_sizes: Sequence[int], quiet: bool = True) -> dict[int, History]:
    out = OrderedDict()
    data = TensorDataset(x, y)
    for B in batch_sizes:
        model = nn.Linear(1, 1).to(x)
        model.load_state_dict({"weight": w0.reshape(1, 1), "bias": b0.reshape(1)})
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        h = History([model.weight.item()], [model.bias.item()], [])
        for order in orders:
            se = 0.0
            for xb, yb in DataLoader(data, batch_size=B, sampler=order.tolist()):
                loss = nn.functional.mse_loss(model(xb), yb)
                se += loss.item() * len(xb)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                h.w.append(model.weight.item())
                h.b.append(model.bias.item())
            h.loss.append(se / len(x))
        out[B] = h
    return out
