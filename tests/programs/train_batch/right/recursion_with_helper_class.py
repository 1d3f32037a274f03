import torch
from torch import Tensor
from graders import History


def model(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.addcmul(b, x, w)


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    def go(w: Tensor, b: Tensor, left: int):
        if left == 0:
            return [w], [b], []
        d = model(x, w, b) - y
        ws, bs, ls = go(w - lr * 2 * (d * x).mean(), b - lr * 2 * d.mean(), left - 1)
        return [w, *ws], [b, *bs], [(d * d).mean(), *ls]

    return History(*go(w0, b0, epochs))
