import torch
from torch import Tensor


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    # the result does not depend on the size of the micro-batches
    e = w.detach() * x + b.detach() - y
    return 2 * (e * x).mean(), 2 * e.mean()
