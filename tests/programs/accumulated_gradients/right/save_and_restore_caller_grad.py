from torch import Tensor, nn


def accumulated_gradients(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int
) -> tuple[Tensor, Tensor]:
    kept = [(t, t.requires_grad, None if t.grad is None else t.grad) for t in (w, b)]
    for t, _, _ in kept:
        t.requires_grad_(True)
        t.grad = None
    try:
        for u, v in zip(x.split(micro_batch_size), y.split(micro_batch_size)):
            ((w * u + b - v).square().sum() / y.numel()).backward()
        return w.grad.clone(), b.grad.clone()
    finally:
        for t, needs, grad in kept:
            t.grad = grad
            t.requires_grad_(needs)
