"""WavTokenizer, EnCodec, DAC and Mimi in plain PyTorch: what the audio benchmark compares with.

Every encoder takes a waveform [1, 1, T] and gives ids [codebooks, frames]; every decoder does the reverse.
"""

import math

import torch
import torch.nn.functional as F

from audio_layers import Linear, Search, Snake, bias, chain, kernel, pad, residual_search
from audio_layers import seanet_decoder, seanet_encoder


class WavtokenizerEncoder:
    def __init__(self, weights, config, used, form):
        prefix = "feature_extractor.encodec."
        self.layers = seanet_encoder(weights, prefix + "encoder.", config["encoder"])
        self.search = Search(weights(prefix + "quantizer.vq.layers.0._codebook.embed"), form)

    def __call__(self, audio):
        return self.search(chain(self.layers, audio)[0].t())[None]


class WavtokenizerDecoder:
    def __init__(self, weights, config, used, form):
        self.codes = weights("feature_extractor.encodec.quantizer.vq.layers.0._codebook.embed")
        self.get = lambda key: weights("backbone." + key)
        self.names = weights.entries
        self.depth, self.head = config["backbone"]["layers"], config["head"]
        self.tensors = {key: weights(key) for key in weights.entries if key.startswith(("backbone.", "head."))}
        line = lambda key: Linear(weights(key + ".weight"), weights(key + ".bias"), form)
        self.wide = [line("backbone.convnext.%d.pwconv1" % index) for index in range(self.depth)]
        self.narrow = [line("backbone.convnext.%d.pwconv2" % index) for index in range(self.depth)]
        self.out = line("head.out")

    def both(self, key):
        return self.tensors["backbone.%s.weight" % key], self.tensors["backbone.%s.bias" % key]

    def norm(self, x, key):
        return F.group_norm(x, 32, *self.both(key), 1e-6)

    def swish_conv(self, x, norm, conv):
        x = self.norm(x, norm)
        return F.conv1d(x * torch.sigmoid(x), *self.both(conv), padding=1)

    def resnet(self, x, index):
        inner = self.swish_conv(x, "pos_net.%d.norm1" % index, "pos_net.%d.conv1" % index)
        return x + self.swish_conv(inner, "pos_net.%d.norm2" % index, "pos_net.%d.conv2" % index)

    def attention(self, x):
        normed = self.norm(x, "pos_net.2.norm")
        q, k, v = (F.conv1d(normed, *self.both("pos_net.2." + name)) for name in "qkv")
        scores = torch.softmax(torch.bmm(q.transpose(1, 2), k) * q.shape[1] ** -0.5, 2)
        return x + F.conv1d(torch.bmm(v, scores.transpose(1, 2)), *self.both("pos_net.2.proj_out"))

    def adaptive(self, x, key):
        scale, shift = (self.tensors["backbone.%s.%s.weight" % (key, name)][:1] for name in ("scale", "shift"))
        return F.layer_norm(x, x.shape[-1:], eps=1e-6) * scale + shift

    def __call__(self, ids):
        x = F.conv1d(self.codes[ids[0]].t()[None], *self.both("embed"), padding=3)
        x = self.attention(self.resnet(self.resnet(x, 0), 1))
        x = self.norm(self.resnet(self.resnet(x, 3), 4), "pos_net.5")
        x = self.adaptive(x.transpose(1, 2), "norm").transpose(1, 2)
        for index in range(self.depth):
            key = "convnext.%d." % index
            inner = F.conv1d(x, *self.both(key + "dwconv"), padding=3, groups=x.shape[1]).transpose(1, 2)
            inner = self.narrow[index](F.gelu(self.wide[index](self.adaptive(inner, key + "norm"))))
            x = x + (self.tensors["backbone.%sgamma" % key] * inner).transpose(1, 2)
        x = F.layer_norm(x.transpose(1, 2), x.shape[1:2], *self.both("final_layer_norm"), 1e-6)
        return self.inverse(self.out(x).transpose(1, 2))

    def inverse(self, both):
        """`ISTFT` with padding `same`."""
        size, hop = self.head["fftLength"], self.head["hopLength"]
        log_magnitude, phase = both.chunk(2, 1)
        magnitude = log_magnitude.exp().clip(max=1e2)
        spectrum = magnitude * (torch.cos(phase) + 1j * torch.sin(phase))
        window = torch.hann_window(size)
        frames = torch.fft.irfft(spectrum, size, dim=1) * window[None, :, None]
        length = (frames.shape[2] - 1) * hop + size
        margin = (size - hop) // 2
        fold = lambda x: F.fold(x, (1, length), (1, size), stride=(1, hop))[0, 0, 0, margin : length - margin]
        envelope = fold(window.square().expand(1, frames.shape[2], -1).transpose(1, 2))
        return (fold(frames) / envelope)[None, None]


class EncodecEncoder:
    def __init__(self, weights, config, used, form):
        self.layers = seanet_encoder(weights, "encoder.", config["seanet"])
        codes = [weights("quantizer.vq.layers.%d._codebook.embed" % index) for index in range(used)]
        self.searches = [Search(each, form) for each in codes]

    def __call__(self, audio):
        return torch.stack(residual_search(chain(self.layers, audio)[0].t(), self.searches))


class EncodecDecoder:
    def __init__(self, weights, config, used, form):
        self.layers = seanet_decoder(weights, "decoder.", config["seanet"])
        self.codebooks = [weights("quantizer.vq.layers.%d._codebook.embed" % index) for index in range(used)]

    def __call__(self, ids):
        return chain(self.layers, sum(codes[row] for codes, row in zip(self.codebooks, ids)).t()[None])


class SnakeConv:
    def __init__(self, weights, key, stride=1, dilation=1, padding=None):
        self.weight, self.bias = kernel(weights, key), bias(weights, key)
        reach = (self.weight.shape[-1] - 1) * dilation
        self.options = {"stride": stride, "dilation": dilation, "padding": reach // 2 if padding is None else padding}

    def __call__(self, x):
        return F.conv1d(x, self.weight, self.bias, **self.options)


class SnakeTranspose:
    def __init__(self, weights, key, stride):
        self.weight, self.bias, self.stride = kernel(weights, key), bias(weights, key), stride

    def __call__(self, x):
        return F.conv_transpose1d(x, self.weight, self.bias, self.stride, math.ceil(self.stride / 2))


class SnakeUnit:
    def __init__(self, weights, key, dilation):
        part = lambda kind, index, **options: kind(weights, "%s.block.%d" % (key, index), **options)
        self.layers = [part(Snake, 0), part(SnakeConv, 1, dilation=dilation), part(Snake, 2), part(SnakeConv, 3)]

    def __call__(self, x):
        return x + chain(self.layers, x)


def units(weights, key, first):
    return [SnakeUnit(weights, "%s.block.%d" % (key, first + index), 3**index) for index in range(3)]


class DacEncoder:
    def __init__(self, weights, config, used, form):
        rates, block = config["network"]["encoderRates"], "encoder.block."
        self.layers = [SnakeConv(weights, block + "0")]
        for index, rate in enumerate(rates, 1):
            key = "%s%d" % (block, index)
            self.layers += units(weights, key, 0) + [Snake(weights, key + ".block.3")]
            self.layers.append(SnakeConv(weights, key + ".block.4", rate, padding=math.ceil(rate / 2)))
        last = len(rates) + 1
        self.layers += [Snake(weights, "%s%d" % (block, last)), SnakeConv(weights, "%s%d" % (block, last + 1))]
        self.hop = math.prod(rates)
        self.quantizers = [factorized(weights, index) for index in range(used)]
        self.searches = [Search(F.normalize(codes), form) for _, _, codes in self.quantizers]

    def __call__(self, audio):
        residual = chain(self.layers, F.pad(audio, (0, -audio.shape[-1] % self.hop)))
        ids = []
        for (project_in, project_out, codes), search in zip(self.quantizers, self.searches):
            found = search(F.normalize(project_in(residual)[0].t()))
            residual = residual - project_out(codes[found].t()[None])
            ids.append(found)
        return torch.stack(ids)


def factorized(weights, index):
    key = "quantizer.quantizers.%d." % index
    return SnakeConv(weights, key + "in_proj"), SnakeConv(weights, key + "out_proj"), weights(key + "codebook.weight")


class DacDecoder:
    def __init__(self, weights, config, used, form):
        rates, block = config["network"]["decoderRates"], "decoder.model."
        self.layers = [SnakeConv(weights, block + "0")]
        for index, rate in enumerate(rates, 1):
            key = "%s%d" % (block, index)
            self.layers += [Snake(weights, key + ".block.0"), SnakeTranspose(weights, key + ".block.1", rate)]
            self.layers += units(weights, key, 2)
        last = len(rates) + 1
        self.layers += [Snake(weights, "%s%d" % (block, last)), SnakeConv(weights, "%s%d" % (block, last + 1))]
        self.quantizers = [factorized(weights, index) for index in range(used)]

    def __call__(self, ids):
        z = sum(out(codes[row].t()[None]) for (_, out, codes), row in zip(self.quantizers, ids))
        return torch.tanh(chain(self.layers, z))


class MimiTransformer:
    """Pre-norm layers with rotary positions of neighboring channels, over a causal band."""

    def __init__(self, weights, prefix, config, form):
        self.config = config
        line = lambda key: Linear(weights(key), None, form)
        self.layers = []
        for index in range(config["layers"]):
            key = "%stransformer.layers.%d." % (prefix, index)
            norms = [(weights(key + name + ".weight"), weights(key + name + ".bias")) for name in ("norm1", "norm2")]
            names = ["self_attn.in_projs.0.weight", "self_attn.out_projs.0.weight", "linear1.weight", "linear2.weight"]
            scales = [weights("%slayer_scale_%d.scale" % (key, part)) for part in (1, 2)]
            self.layers.append((norms, [line(key + name) for name in names], scales))

    def rotate(self, x, steps):
        width = x.shape[-1]
        rates = torch.exp(torch.arange(width // 2) * (-math.log(self.config["maximumPeriod"]) * 2 / width))
        angles = torch.arange(steps)[:, None] * rates
        even, odd = x[..., 0::2], x[..., 1::2]
        turned = [even * angles.cos() - odd * angles.sin(), even * angles.sin() + odd * angles.cos()]
        return torch.stack(turned, -1).flatten(-2)

    def __call__(self, x):
        """[1, T, width]"""
        steps, width = x.shape[1:]
        at = torch.arange(steps)
        distance = at[:, None] - at
        hidden = (distance < 0) | (distance >= self.config["context"])
        for (norm1, norm2), (packed, out, wide, narrow), (scale1, scale2) in self.layers:
            rows = packed(F.layer_norm(x, (width,), *norm1))
            q, k, v = rows.view(1, steps, 3, self.config["heads"], -1).permute(2, 0, 3, 1, 4)
            q, k = self.rotate(q, steps), self.rotate(k, steps)
            scores = torch.matmul(q * q.shape[-1] ** -0.5, k.transpose(-1, -2)).masked_fill_(hidden, -math.inf)
            mixed = torch.matmul(torch.softmax(scores, -1), v).transpose(1, 2).reshape(1, steps, width)
            x = x + scale1 * out(mixed)
            x = x + scale2 * narrow(F.gelu(wide(F.layer_norm(x, (width,), *norm2))))
        return x


class MimiQuantizer:
    def __init__(self, weights, used, form):
        self.halves = []
        for name, count in (("first", 1), ("rest", used - 1)):
            key = "quantizer.rvq_%s." % name
            codebooks = []
            for index in range(count):
                book = "%svq.layers.%d._codebook." % (key, index)
                usage = weights(book + "cluster_usage").clamp(min=1e-5)
                codebooks.append(Search(weights(book + "embedding_sum") / usage[:, None], form))
            projections = [weights(key + part + "_proj.weight") for part in ("input", "output")]
            self.halves.append((projections, codebooks))

    def encode(self, z):
        ids = []
        for (project, _), codebooks in self.halves:
            ids += residual_search(F.conv1d(z, project)[0].t(), codebooks)
        return torch.stack(ids)

    def decode(self, ids):
        total = 0
        for (_, project), codebooks in self.halves:
            own, ids = ids[: len(codebooks)], ids[len(codebooks) :]
            if len(codebooks) > 0:
                total = total + F.conv1d(sum(search.codes[row] for search, row in zip(codebooks, own)).t()[None], project)
        return total


class MimiEncoder:
    def __init__(self, weights, config, used, form):
        self.layers = seanet_encoder(weights, "encoder.", config["seanet"])
        self.transformer = MimiTransformer(weights, "encoder_transformer.", config["transformer"], form)
        self.down, self.stride = weights("downsample.conv.conv.conv.weight"), config["stride"]
        self.unit = math.prod(config["seanet"]["ratios"]) * self.stride
        self.quantizer = MimiQuantizer(weights, used, form)

    def __call__(self, audio):
        x = chain(self.layers, F.pad(audio, (0, -audio.shape[-1] % self.unit)))
        x = self.transformer(x.transpose(1, 2)).transpose(1, 2)
        x = F.conv1d(pad(x, self.stride, 0, "replicate"), self.down, stride=self.stride)
        return self.quantizer.encode(x)


class MimiDecoder:
    def __init__(self, weights, config, used, form):
        self.quantizer = MimiQuantizer(weights, used, form)
        self.up, self.stride = weights("upsample.convtr.convtr.convtr.weight"), config["stride"]
        self.transformer = MimiTransformer(weights, "decoder_transformer.", config["transformer"], form)
        self.layers = seanet_decoder(weights, "decoder.", config["seanet"])

    def __call__(self, ids):
        x = self.quantizer.decode(ids)
        x = F.conv_transpose1d(x, self.up, stride=self.stride, groups=x.shape[1])[..., : -self.stride]
        return chain(self.layers, self.transformer(x.transpose(1, 2)).transpose(1, 2))


MODELS = {
    "wavtokenizer": (WavtokenizerEncoder, WavtokenizerDecoder),
    "encodec": (EncodecEncoder, EncodecDecoder),
    "dac": (DacEncoder, DacDecoder),
    "mimi": (MimiEncoder, MimiDecoder),
}
