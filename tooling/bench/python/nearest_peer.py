"""The nearest code of many vectors in plain PyTorch: what the search benchmark compares with."""

import torch

from peer_loop import describe, measured, serve


def read(path, shape, dtype):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype).reshape(shape)


class Session:
    """The search as the official quantizers write it: |z|^2 + |e|^2 - 2 z.e, then the smallest."""

    def __init__(self):
        self.ids = None

    def hello(self, _):
        return describe()

    def load(self, request):
        dim = request["dim"]
        self.vectors = read(request["vectors"], (-1, dim), torch.float32)
        self.codes = read(request["codes"], (-1, dim), torch.float32)
        return {}

    def whole(self, vectors):
        norms = (vectors**2).sum(1, keepdim=True) + (self.codes**2).sum(1)
        return torch.addmm(norms, vectors, self.codes.t(), alpha=-2).argmin(1)

    def run(self, request):
        """`rows`: vectors that are searched at once; fewer keep the distances in the cache."""

        def search():
            self.ids = torch.cat([self.whole(part) for part in self.vectors.split(request["rows"])])

        return measured(search)

    def compare(self, request):
        ours = read(request["file"], self.ids.shape, torch.int32)
        return {"count": ours.numel(), "different": int((ours != self.ids).sum())}


serve(Session, ("hello", "load", "run", "compare"))
