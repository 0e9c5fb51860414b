/** A linear layer in PyTorch's layout. */
export interface StepLinear {
  /** `[outputs, inputs]`. */
  readonly weight: Float32Array;
  /** `[outputs]`. */
  readonly bias: Float32Array;
  readonly outputs: number;
}

export interface StepNorm {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly epsilon: number;
}

/** `nn.TransformerEncoderLayer`, normalized behind its two halves. */
export interface StepLayer {
  /** q, k and v side by side. */
  readonly packed: StepLinear;
  readonly out: StepLinear;
  readonly norm1: StepNorm;
  readonly wide: StepLinear;
  readonly narrow: StepLinear;
  readonly norm2: StepNorm;
}

export interface StepTransformerParts {
  readonly width: number;
  readonly heads: number;
  readonly normIn: StepNorm;
  readonly layers: readonly StepLayer[];
  /** `[codes + 1, width]` of each codebook; row 0 stands for no code. */
  readonly embeddings: readonly Float32Array[];
  /** Of each codebook in use. */
  readonly outputs: readonly StepLinear[];
  /** Frames that attention looks back. */
  readonly pastFrames: number;
}

/** Longest wave of the positions. */
const maximumPeriod = 10_000;

/**
 * The streaming transformer of EnCodec (`StreamingTransformerEncoder`), one frame at a time, in float64.
 *
 * As in the official code, attention sees one frame of zeros before the first, and inputs of a layer are what is kept.
 *
 * @returns Takes the codes before (none at the beginning), gives the probabilities of the next ones.
 */
export function stepTransformer({
  width,
  heads,
  normIn,
  layers,
  embeddings,
  outputs,
  pastFrames,
}: StepTransformerParts) {
  const zeros = new Float64Array(width);
  const states = layers.map(({ packed }) => [keysAndValues(zeros, packed, width)]);
  let position = 0;
  return (before: ArrayLike<number> | undefined): readonly Float64Array[] => {
    const input = new Float64Array(width);
    outputs.forEach((_, level) => {
      const row = before ? 1 + before[level]! : 0;
      for (let unit = 0; unit < width; unit += 1) input[unit]! += embeddings[level]![row * width + unit]!;
    });
    let x = layerNorm(input, normIn);
    addPosition(x, position);
    layers.forEach((layer, index) => {
      const past = states[index]!;
      past.push(keysAndValues(x, layer.packed, width));
      const query = linear(x, layer.packed, 0, width);
      const attended = linear(attend(query, past, heads), layer.out);
      x = layerNorm(sum(x, attended), layer.norm1);
      x = layerNorm(sum(x, linear(linear(x, layer.wide).map(gelu), layer.narrow)), layer.norm2);
      // The newest frames are kept; the next one sees as many before itself.
      if (past.length > pastFrames) past.shift();
    });
    position += 1;
    return outputs.map((output) => softmax(linear(x, output)));
  };
}

interface KeyAndValue {
  readonly key: Float64Array;
  readonly value: Float64Array;
}

function keysAndValues(x: Float64Array, packed: StepLinear, width: number): KeyAndValue {
  return { key: linear(x, packed, width, 2 * width), value: linear(x, packed, 2 * width, 3 * width) };
}

/** Outputs `from` to `to` of a layer. */
function linear(x: Float64Array, { weight, bias, outputs }: StepLinear, from = 0, to = outputs): Float64Array {
  const inputs = x.length;
  const out = new Float64Array(to - from);
  for (let row = from; row < to; row += 1) {
    let total = bias[row]!;
    const start = row * inputs;
    for (let at = 0; at < inputs; at += 1) total += weight[start + at]! * x[at]!;
    out[row - from] = total;
  }
  return out;
}

function attend(query: Float64Array, past: readonly KeyAndValue[], heads: number): Float64Array {
  const dim = query.length / heads;
  const out = new Float64Array(query.length);
  for (let head = 0; head < heads; head += 1) {
    const scores = Float64Array.from(past, ({ key }) => {
      let total = 0;
      for (let at = head * dim; at < (head + 1) * dim; at += 1) total += query[at]! * key[at]!;
      return total / Math.sqrt(dim);
    });
    const weights = softmax(scores);
    past.forEach(({ value }, index) => {
      for (let at = head * dim; at < (head + 1) * dim; at += 1) out[at]! += weights[index]! * value[at]!;
    });
  }
  return out;
}

function layerNorm(x: Float64Array, { weight, bias, epsilon }: StepNorm): Float64Array {
  const mean = x.reduce((total, value) => total + value, 0) / x.length;
  const variance = x.reduce((total, value) => total + (value - mean) ** 2, 0) / x.length;
  const scale = 1 / Math.sqrt(variance + epsilon);
  return x.map((value, at) => (value - mean) * scale * weight[at]! + bias[at]!);
}

/** Cosines, then sines of growing periods. */
function addPosition(x: Float64Array, position: number): void {
  const half = x.length / 2;
  for (let at = 0; at < half; at += 1) {
    const phase = position / maximumPeriod ** (at / (half - 1));
    x[at]! += Math.cos(phase);
    x[half + at]! += Math.sin(phase);
  }
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value + b[at]!);
}

function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
  const powers = scores.map((value) => Math.exp(value - most));
  const total = powers.reduce((all, value) => all + value, 0);
  return powers.map((value) => value / total);
}

function gelu(x: number): number {
  return 0.5 * x * (1 + errorFunction(x / Math.SQRT2));
}

/** `erf` to double precision: its power series near 0, the continued fraction of `erfc` elsewhere. */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n += 1) {
      term *= (-x * x) / n;
      total += term / (2 * n + 1);
      if (n > 200) break;
    }
    return (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = size;
  for (let n = 60; n >= 1; n -= 1) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction));
}
