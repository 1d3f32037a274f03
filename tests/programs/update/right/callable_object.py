import torch
from torch import Tensor

class Update:
    def __call__(self, w: Tensor, b: Tensor, lr: float) -> None:
        self.step(w, lr)
        self.step(b, lr)

    def step(self, p, lr):
        p.data.sub_(p.grad.mul(lr))
        p.grad.detach_().zero_()

update = Update()
