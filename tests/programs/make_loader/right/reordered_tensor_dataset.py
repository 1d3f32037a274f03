from collections.abc import Sequence
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

def make_loader(dataset: "Dataset", batch_size: "int", order: "Sequence[int]") -> "DataLoader":
    rows = [dataset[i] for i in order]
    xs = torch.stack([x for x, _ in rows])
    ys = torch.stack([y for _, y in rows])
    return DataLoader(TensorDataset(xs, ys), batch_size=batch_size)
