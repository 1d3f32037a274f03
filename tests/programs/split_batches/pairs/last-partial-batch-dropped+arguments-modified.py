from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    out = [b.clone() for b in order.split(batch_size) if len(b) == batch_size]
    order.fill_(0)
    return out
