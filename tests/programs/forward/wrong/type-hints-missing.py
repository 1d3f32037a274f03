import torch
from torch import Tensor


def forward(x, w, b):
    y_pred = w * x + b
    return y_pred
