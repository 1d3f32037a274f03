import torch

def poly(coefficients, x):
    result = torch.zeros_like(x)
    for c in coefficients:
        result = result * x + c
    return result

def make_line(x: torch.Tensor, slope: float, intercept: float, noise: torch.Tensor, *, verbose: bool = False) -> torch.Tensor:
    y = poly([slope, intercept], x)
    if verbose:
        print(y)
    return y + noise
