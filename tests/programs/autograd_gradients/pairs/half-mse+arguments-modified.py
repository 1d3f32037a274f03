from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w.requires_grad_()
    b.requires_grad_()
    w.grad = b.grad = None
    (((w * x + b - y) ** 2).mean() / 2).backward()
    return w.grad, b.grad
