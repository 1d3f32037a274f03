from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


import numpy as np
import math
def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    parts = np.array_split(np.array(list(order)), math.ceil(len(order) / batch_size))
    return DataLoader(dataset, batch_sampler=[p.tolist() for p in parts])
