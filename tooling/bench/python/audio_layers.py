"""Layers of the audio codecs in plain PyTorch, channels first as their official code has them."""

import math
import time

import torch
import torch.nn.functional as F


def kernel(weights, key):
    """A kernel as it lies in the file, or the one that its direction and length make, folded once."""
    if key + ".weight" in weights.entries:
        return weights(key + ".weight")
    return torch._weight_norm(weights(key + ".weight_v"), weights(key + ".weight_g"), 0)


def bias(weights, key):
    return weights(key + ".bias") if key + ".bias" in weights.entries else None


def pad(x, left, right, mode):
    """EnCodec's: what is too short to be mirrored is followed by zeros first."""
    if left == 0 and right == 0:
        return x
    if mode != "reflect":
        return F.pad(x, (left, right), {"zero": "constant", "replicate": "replicate"}[mode])
    missing = max(0, max(left, right) - x.shape[-1] + 1)
    padded = F.pad(F.pad(x, (0, missing)), (left, right), "reflect")
    return padded[..., : padded.shape[-1] - missing]


def fastest_form():
    """How this build computes products faster, by processor time: as such, or as convolutions of one tap."""
    rows, weight = torch.randn(750, 768), torch.randn(2304, 768)
    times = {}
    for form in ("linear", "conv"):
        line = Linear(weight, None, form)
        line(rows)
        spans = []
        for _ in range(5):
            start = time.process_time()
            line(rows)
            spans.append(time.process_time() - start)
        times[form] = min(spans)
    return min(times, key=times.get)


class Linear:
    """`form`: see `fastest_form`."""

    def __init__(self, weight, offset, form):
        self.weight, self.offset, self.form = weight.flatten(1), offset, form

    def __call__(self, x):
        if self.form == "linear":
            return F.linear(x, self.weight, self.offset)
        picture = x.reshape(1, -1, 1, x.shape[-1]).permute(0, 3, 1, 2)
        out = F.conv2d(picture, self.weight[..., None, None], self.offset)
        return out.permute(0, 2, 3, 1).reshape(*x.shape[:-1], -1)


class PaddedConv:
    """`SConv1d`: ceil(T / stride) steps come out; everything is padded in front where causal."""

    def __init__(self, weights, key, config, stride=1, dilation=1):
        self.weight, self.bias = kernel(weights, key), bias(weights, key)
        self.stride, self.dilation = stride, dilation
        self.causal, self.mode = config["causal"], config["padding"]

    def __call__(self, x):
        total = (self.weight.shape[-1] - 1) * self.dilation + 1 - self.stride
        right = 0 if self.causal else total // 2
        extra = math.ceil(x.shape[-1] / self.stride) * self.stride - x.shape[-1]
        padded = pad(x, total - right, right + extra, self.mode)
        return F.conv1d(padded, self.weight, self.bias, self.stride, dilation=self.dilation)


class TrimmedTranspose:
    """`SConvTranspose1d`: T * stride steps."""

    def __init__(self, weights, key, config, stride):
        self.weight, self.bias, self.stride = kernel(weights, key), bias(weights, key), stride
        self.causal, self.ratio = config["causal"], config["trimRightRatio"]

    def __call__(self, x):
        total = self.weight.shape[-1] - self.stride
        right = math.ceil(total * self.ratio) if self.causal else total // 2
        y = F.conv_transpose1d(x, self.weight, self.bias, self.stride)
        return y[..., total - right : y.shape[-1] - right]


class SkipLstm:
    """An LSTM over time and its input, added."""

    def __init__(self, weights, key, width, layers):
        self.lstm = torch.nn.LSTM(width, width, layers)
        for name, _ in list(self.lstm.named_parameters()):
            # Copies: the module wants its numbers in one place.
            getattr(self.lstm, name).data.copy_(weights("%s.%s" % (key, name)))

    def __call__(self, x):
        rows = x.permute(2, 0, 1)
        return (self.lstm(rows)[0] + rows).permute(1, 2, 0)


class Block:
    """ELU, convolution, ELU, 1x1 convolution, and the input or its 1x1 convolution added."""

    def __init__(self, weights, key, config, dilation):
        self.wide = PaddedConv(weights, key + ".block.1.conv.conv", config, dilation=dilation)
        self.point = PaddedConv(weights, key + ".block.3.conv.conv", config)
        self.shortcut = None if config["trueSkip"] else PaddedConv(weights, key + ".shortcut.conv.conv", config)

    def __call__(self, x):
        inner = self.point(F.elu(self.wide(F.elu(x))))
        return (self.shortcut(x) if self.shortcut else x) + inner


def chain(layers, x):
    for layer in layers:
        x = layer(x)
    return x


def seanet_encoder(weights, prefix, config):
    key = lambda: "%smodel.%d" % (prefix, len(layers))
    layers = [PaddedConv(weights, prefix + "model.0.conv.conv", config)]
    for ratio in reversed(config["ratios"]):
        for layer in range(config["residualLayers"]):
            layers.append(Block(weights, key(), config, config["dilationBase"] ** layer))
        layers.append(F.elu)
        layers.append(PaddedConv(weights, key() + ".conv.conv", config, ratio))
    if config["lstmLayers"]:
        width = config["filters"] * 2 ** len(config["ratios"])
        layers.append(SkipLstm(weights, key() + ".lstm", width, config["lstmLayers"]))
    layers.append(F.elu)
    layers.append(PaddedConv(weights, key() + ".conv.conv", config))
    return layers


def seanet_decoder(weights, prefix, config):
    key = lambda: "%smodel.%d" % (prefix, len(layers))
    layers = [PaddedConv(weights, prefix + "model.0.conv.conv", config)]
    if config["lstmLayers"]:
        width = config["filters"] * 2 ** len(config["ratios"])
        layers.append(SkipLstm(weights, key() + ".lstm", width, config["lstmLayers"]))
    for ratio in config["ratios"]:
        layers.append(F.elu)
        layers.append(TrimmedTranspose(weights, key() + ".convtr.convtr", config, ratio))
        for layer in range(config["residualLayers"]):
            layers.append(Block(weights, key(), config, config["dilationBase"] ** layer))
    layers.append(F.elu)
    layers.append(PaddedConv(weights, key() + ".conv.conv", config))
    return layers


class Search:
    """The nearest code by squared distance, in the form of the official quantizers."""

    def __init__(self, codes, form):
        self.codes = codes
        self.product = Linear(codes, None, form)
        self.squares = codes.pow(2).sum(1)

    def __call__(self, rows):
        distances = -(rows.pow(2).sum(1, keepdim=True) - 2 * self.product(rows) + self.squares)
        return distances.argmax(-1)


def residual_search(rows, searches):
    """Ids of codebooks that code what the ones before left."""
    ids = []
    for search in searches:
        found = search(rows)
        rows = rows - search.codes[found]
        ids.append(found)
    return ids


class Snake:
    def __init__(self, weights, key):
        self.alpha = weights(key + ".alpha")

    def __call__(self, x):
        return x + (self.alpha + 1e-9).reciprocal() * torch.sin(self.alpha * x).pow(2)
