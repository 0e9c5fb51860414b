"""The PyTorch side of the audio benchmark. Needs nothing but PyTorch."""

import math

import torch

from audio_layers import fastest_form
from audio_models import MODELS
from peer_loop import describe, measured, peak_bytes, serve
from weight_file import Weights


def read(path, shape, dtype):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype).reshape(shape)


class Session:
    def __init__(self):
        self.inputs = {}
        self.output = None

    def hello(self, _):
        return {**describe(), "form": fastest_form()}

    def open(self, request):
        """One direction of a model. `codebooks`: how many are used. `form`: see `fastest_form`."""
        self.encodes = request["direction"] == "encode"
        self.codebooks = request["codebooks"]
        kind = MODELS[request["system"]][0 if self.encodes else 1]
        self.model = kind(Weights(request["file"]), request["config"], self.codebooks, request["form"])
        return {}

    def tensor(self, path):
        if self.encodes:
            return read(path, (1, 1, -1), torch.float32)
        return read(path, (self.codebooks, -1), torch.int32).long()

    def run(self, request):
        """`input`: file of raw numbers, a waveform or ids [codebooks, frames]."""
        path = request["input"]
        if path not in self.inputs:
            self.inputs[path] = self.tensor(path)

        def once():
            self.output = self.model(self.inputs[path])

        return measured(once)

    def save(self, request):
        """The last output as raw numbers: int32 ids or float32 samples."""
        output = self.output.int() if self.encodes else self.output
        with open(request["file"], "wb") as file:
            file.write(output.contiguous().numpy().tobytes())
        return {"count": math.prod(output.shape)}

    def memory(self, _):
        return peak_bytes()


serve(Session, ("hello", "open", "run", "save", "memory"))
