import sys
import torch
import matplotlib.pyplot as plt
from torch import Tensor
from graders import History

torch.manual_seed(3)
torch.set_grad_enabled(True)

def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    import warnings

    warnings.warn("just a warning")
    print("training", file=sys.stderr)
    w = w0.clone().requires_grad_(); b = b0.clone().requires_grad_()
    ws = [w.item()]; bs = [b.item()]; ls = []
    for epoch in range(epochs):
        yhat = w * x + b
        loss = (yhat - y).pow(2).mean()
        ls.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad.data
        b.data -= lr * b.grad.data
        w.grad = None; b.grad = None
        ws.append(w.item()); bs.append(b.item())
        print("epoch", epoch, "loss", ls[-1])
        fig = plt.figure(); plt.plot(ls)
    return History(ws, bs, ls)
