import { InputError } from '@tesserae/core/data';

/** A discrete Fourier transform of one size, in float64. */
export interface ComplexFft {
  readonly size: number;
  /**
   * Transforms in place: `X[k] = sum over n of x[n] e^(-2 pi i n k / size)`, without scaling.
   *
   * @param real - `[size]`.
   * @param imaginary - `[size]`.
   */
  transform(real: Float64Array, imaginary: Float64Array): void;
}

interface Stage {
  readonly radix: number;
  /** Length of the transforms that this stage splits. */
  readonly length: number;
  /** How many transforms are interleaved. */
  readonly stride: number;
}

/**
 * A mixed-radix transform (Stockham's self-sorting form): any size, fast where all prime factors are small.
 *
 * @param size - Whole number of at least 1.
 * @throws {InputError} The size is no such number.
 */
export function complexFft(size: number): ComplexFft {
  if (!Number.isInteger(size) || size < 1) throw new InputError('size', 'a whole number of at least 1', String(size));
  const cosines = Float64Array.from({ length: size }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  const sines = Float64Array.from({ length: size }, (_, index) => -Math.sin((2 * Math.PI * index) / size));
  const stages = stagesOf(size);
  const spareReal = new Float64Array(size);
  const spareImaginary = new Float64Array(size);
  const widest = Math.max(1, ...stages.map(({ radix }) => radix));
  const rowReal = new Float64Array(widest);
  const rowImaginary = new Float64Array(widest);

  /** One pass: `radix` samples that lie `length / radix` apart become neighbors of the output. */
  function pass(
    { radix, length, stride }: Stage,
    fromReal: Float64Array,
    fromImaginary: Float64Array,
    toReal: Float64Array,
    toImaginary: Float64Array,
  ): void {
    const part = length / radix;
    const turn = size / length;
    const rootTurn = size / radix;
    for (let group = 0; group < part; group++) {
      for (let lane = 0; lane < stride; lane++) {
        for (let index = 0; index < radix; index++) {
          const from = lane + stride * (group + part * index);
          rowReal[index] = fromReal[from]!;
          rowImaginary[index] = fromImaginary[from]!;
        }
        for (let output = 0; output < radix; output++) {
          let sumReal = rowReal[0]!;
          let sumImaginary = rowImaginary[0]!;
          for (let index = 1, root = output; index < radix; index++, root = (root + output) % radix) {
            const cosine = cosines[root * rootTurn]!;
            const sine = sines[root * rootTurn]!;
            sumReal += rowReal[index]! * cosine - rowImaginary[index]! * sine;
            sumImaginary += rowReal[index]! * sine + rowImaginary[index]! * cosine;
          }
          const cosine = cosines[group * output * turn]!;
          const sine = sines[group * output * turn]!;
          const to = lane + stride * (radix * group + output);
          toReal[to] = sumReal * cosine - sumImaginary * sine;
          toImaginary[to] = sumReal * sine + sumImaginary * cosine;
        }
      }
    }
  }

  return {
    size,
    transform(real, imaginary) {
      let from: readonly [Float64Array, Float64Array] = [real, imaginary];
      let to: readonly [Float64Array, Float64Array] = [spareReal, spareImaginary];
      for (const stage of stages) {
        if (stage.radix === 2) passOfTwo(stage, size, cosines, sines, from, to);
        else pass(stage, ...from, ...to);
        [from, to] = [to, from];
      }
      if (from[0] !== real) {
        real.set(from[0]);
        imaginary.set(from[1]);
      }
    },
  };
}

/** The pass of radix 2 without its inner loops: most of the work of powers of two. */
function passOfTwo(
  { length, stride }: Stage,
  size: number,
  cosines: Float64Array,
  sines: Float64Array,
  [fromReal, fromImaginary]: readonly [Float64Array, Float64Array],
  [toReal, toImaginary]: readonly [Float64Array, Float64Array],
): void {
  const part = length / 2;
  const turn = size / length;
  const far = stride * part;
  for (let group = 0; group < part; group++) {
    const cosine = cosines[group * turn]!;
    const sine = sines[group * turn]!;
    for (let lane = 0; lane < stride; lane++) {
      const from = lane + stride * group;
      const to = lane + stride * 2 * group;
      const differenceReal = fromReal[from]! - fromReal[from + far]!;
      const differenceImaginary = fromImaginary[from]! - fromImaginary[from + far]!;
      toReal[to] = fromReal[from]! + fromReal[from + far]!;
      toImaginary[to] = fromImaginary[from]! + fromImaginary[from + far]!;
      toReal[to + stride] = differenceReal * cosine - differenceImaginary * sine;
      toImaginary[to + stride] = differenceReal * sine + differenceImaginary * cosine;
    }
  }
}

function stagesOf(size: number): Stage[] {
  const stages: Stage[] = [];
  let length = size;
  let stride = 1;
  for (let radix = 2; length > 1;) {
    if (length % radix !== 0) {
      radix = radix * radix > length ? length : radix + 1;
      continue;
    }
    stages.push({ radix, length, stride });
    length /= radix;
    stride *= radix;
  }
  return stages;
}
