"""A safetensors file as the PyTorch sides of all benchmarks read it."""

import json
import math
import mmap

import torch

DTYPES = {"F32": torch.float32, "F16": torch.float16, "I64": torch.int64, "I32": torch.int32}


class Weights:
    """A safetensors file, memory-mapped; tensors share the mapping."""

    def __init__(self, path):
        with open(path, "rb") as file:
            # Private and writable: PyTorch knows no read-only tensors. Nothing is ever written, so nothing is copied.
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        length = int.from_bytes(self.bytes[:8], "little")
        self.entries = json.loads(self.bytes[8 : 8 + length])
        self.entries.pop("__metadata__", None)
        self.start = 8 + length

    def __call__(self, key):
        entry = self.entries[key]
        count = math.prod(entry["shape"])
        offset = self.start + entry["data_offsets"][0]
        flat = torch.frombuffer(self.bytes, dtype=DTYPES[entry["dtype"]], count=count, offset=offset)
        return flat.reshape(entry["shape"])
