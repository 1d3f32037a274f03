import torch

def make_line(x: torch.Tensor, slope: float, intercept: float, noise: torch.Tensor, /) -> torch.Tensor:
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    torch.mul(x, slope, out=out)
    torch.add(out, intercept, out=out)
    return out.add_(noise)
