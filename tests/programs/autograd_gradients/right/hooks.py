from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    caught = {}
    k = w.detach().clone().requires_grad_()
    c = b.detach().clone().requires_grad_()
    k.register_hook(lambda g: caught.__setitem__("w", g.clone()))
    c.register_hook(lambda g: caught.__setitem__("b", g.clone()))
    (k * x + c - y).square().mean().backward()
    return caught["w"], caught["b"]
