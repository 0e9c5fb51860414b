import { InputError } from '@tesserae/core/data';

/** Windowed-sinc filters between two sampling rates, one for each phase of the output. */
export interface ResampleKernel {
  /** Input samples a block, and output samples a block: the two rates without their common divisor. */
  readonly inputs: number;
  readonly outputs: number;
  /** Input samples before the block that the filters reach. */
  readonly width: number;
  /** `2 * width + inputs`. */
  readonly taps: number;
  /** `[outputs, taps]`, float32. */
  readonly data: Float32Array;
}

const filterWidth = 6;
const rolloff = 0.99;
const largestRate = 10_000_000;
const largestKernel = 1 << 24;

/**
 * The filters of `torchaudio.transforms.Resample` with its defaults (Hann-windowed sinc, 6 zero crossings, roll-off
 * 0.99), bit for bit: float64 throughout, except that the phase is rounded to float32, and the result is float32.
 *
 * @param from - Rate of the input, Hz, a whole number.
 * @param to - Rate of the output, Hz, a whole number.
 * @throws {InputError} A rate is no whole number in 1..10,000,000, or the filters of the pair exceed 64 MiB.
 */
export function resampleKernel(from: number, to: number): ResampleKernel {
  checkRate('from', from);
  checkRate('to', to);
  const divisor = commonDivisor(from, to);
  const inputs = from / divisor;
  const outputs = to / divisor;
  const base = Math.min(inputs, outputs) * rolloff;
  const width = Math.ceil((filterWidth * inputs) / base);
  const taps = 2 * width + inputs;
  if (taps * outputs > largestKernel) {
    throw new InputError(
      'from',
      `a rate with more in common with ${to} Hz`,
      `${from} Hz (${outputs} filters of ${taps})`,
      {
        code: 'too-large',
      },
    );
  }
  const data = new Float32Array(outputs * taps);
  const scale = base / inputs;
  for (let phase = 0; phase < outputs; phase++) {
    const offset = Math.fround(-phase / outputs);
    for (let tap = 0; tap < taps; tap++) {
      const time = clamp((offset + (tap - width) / inputs) * base);
      const window = Math.cos((time * Math.PI) / filterWidth / 2) ** 2;
      const angle = time * Math.PI;
      data[phase * taps + tap] = (angle === 0 ? 1 : Math.sin(angle) / angle) * (window * scale);
    }
  }
  return { inputs, outputs, width, taps, data };
}

const kernels = new Map<string, CompactKernel>();
const kernelsKept = 8;

/** The kernel without the taps outside of the window, which are below 1e-32. */
interface CompactKernel extends ResampleKernel {
  /** First tap and one past the last tap inside the window, of each phase. */
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/**
 * One channel at another rate, as `torchaudio.transforms.Resample`: `ceil(n * to / from)` samples, zeros beyond the
 * ends. Equal rates return the same array.
 *
 * @param samples - `[n]`.
 * @throws {InputError} As {@link resampleKernel}.
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) {
    checkRate('from', from);
    return samples;
  }
  const kernel = compactKernel(from, to);
  const out = new Float32Array(resampledLength(samples.length, from, to));
  filter(kernel, samples, 0, out, 0);
  return out;
}

/** Samples after resampling: `ceil(samples * to / from)`. */
export function resampledLength(samples: number, from: number, to: number): number {
  const divisor = commonDivisor(from, to);
  return Math.ceil((samples * (to / divisor)) / (from / divisor));
}

/** Resamples a channel that comes in chunks of any length; the joined output equals {@link resample} of the whole. */
export interface StreamResampler {
  /** The samples that can be computed so far. */
  push(chunk: Float32Array): Float32Array;
  /** The rest; nothing may be pushed afterwards. */
  end(): Float32Array;
}

/**
 * A resampler of constant memory.
 *
 * @throws {InputError} As {@link resampleKernel}.
 */
export function streamResampler(from: number, to: number): StreamResampler {
  if (from === to) {
    checkRate('from', from);
    return { push: (chunk) => chunk.slice(), end: () => new Float32Array(0) };
  }
  const kernel = compactKernel(from, to);
  const { inputs, outputs, width } = kernel;
  let kept = new Float32Array(0);
  let keptFrom = 0;
  let received = 0;
  let written = 0;

  function emit(until: number): Float32Array {
    const out = new Float32Array(Math.max(0, until - written));
    filter(kernel, kept, keptFrom, out, written);
    written += out.length;
    const needed = Math.max(0, Math.floor(written / outputs) * inputs - width - keptFrom);
    kept = kept.slice(Math.min(needed, kept.length));
    keptFrom = received - kept.length;
    return out;
  }

  return {
    push(chunk) {
      const joined = new Float32Array(kept.length + chunk.length);
      joined.set(kept);
      joined.set(chunk, kept.length);
      kept = joined;
      received += chunk.length;
      // A block of outputs reads up to `width + inputs` samples from its first input on.
      return emit(Math.max(0, Math.floor((received - width) / inputs)) * outputs);
    },
    end: () => emit(resampledLength(received, from, to)),
  };
}

/** `out[i]` is output sample `outFrom + i`; `samples[i]` is input sample `samplesFrom + i`. */
function filter(
  kernel: CompactKernel,
  samples: Float32Array,
  samplesFrom: number,
  out: Float32Array,
  outFrom: number,
): void {
  const { inputs, outputs, width, taps, data, first, end } = kernel;
  for (let index = 0; index < out.length; index++) {
    const phase = (outFrom + index) % outputs;
    const start = ((outFrom + index - phase) / outputs) * inputs - width - samplesFrom;
    const from = Math.max(first[phase]!, -start);
    const until = Math.min(end[phase]!, samples.length - start);
    let sum = 0;
    for (let tap = from; tap < until; tap++) sum += samples[start + tap]! * data[phase * taps + tap]!;
    out[index] = sum;
  }
}

function compactKernel(from: number, to: number): CompactKernel {
  const key = `${from}/${to}`;
  const known = kernels.get(key);
  if (known) return known;
  const kernel = resampleKernel(from, to);
  const { taps, outputs, data } = kernel;
  const inside = (phase: number, tap: number) => Math.abs(data[phase * taps + tap]!) > 1e-30;
  const first = new Int32Array(outputs);
  const end = new Int32Array(outputs);
  for (let phase = 0; phase < outputs; phase++) {
    let low = 0;
    let high = taps;
    while (low < high && !inside(phase, low)) low++;
    while (high > low && !inside(phase, high - 1)) high--;
    first[phase] = low;
    end[phase] = high;
  }
  const compact = { ...kernel, first, end };
  const oldest = kernels.keys().next();
  if (kernels.size >= kernelsKept && !oldest.done) kernels.delete(oldest.value);
  kernels.set(key, compact);
  return compact;
}

function checkRate(name: string, rate: number): void {
  if (!Number.isInteger(rate) || rate < 1 || rate > largestRate) {
    throw new InputError(name, `a whole number of Hz in 1..${largestRate}`, String(rate));
  }
}

function clamp(value: number): number {
  return Math.max(-filterWidth, Math.min(filterWidth, value));
}

/** Greatest common divisor of two positive whole numbers. */
export function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
