import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable, DifferentialCase } from './harness';
import { kernelOr } from './harness';
import type { Random, TensorOptions } from './random';

type TensorMap = Readonly<Record<string, tf.Tensor>>;
const ties = { dtypes: ['float32', 'int32', 'bool'], specials: [0, 1, Number.NaN] } as const;
const anyType = ['float32', 'int32', 'bool'] as const;
const numbers = ['float32', 'int32'] as const;
const floats = ['float32'] as const;
const extremes = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0] as const;

interface UnaryOptions extends TensorOptions {
  /** Types tried, default float32 only. */
  readonly dtypes?: readonly ('float32' | 'int32' | 'bool')[];
  /** Whether tfjs has a useful gradient, default true. */
  readonly gradient?: boolean;
  readonly attributes?: (random: Random) => (x: tf.Tensor) => tf.Tensor;
}

function unary(op: (x: tf.Tensor) => tf.Tensor, options: UnaryOptions = {}): CaseGenerator {
  return (random) => {
    const dtype = random.pick(options.dtypes ?? floats);
    const gradient = dtype === 'float32' && (options.gradient ?? true);
    const specials = random.chance(0.5) ? (options.specials ?? []) : [];
    const run = options.attributes?.(random) ?? op;
    return {
      inputs: { x: random.tensor(random.shape({ zero: true }), dtype, { ...options, specials }) },
      run: ({ x }) => run(x!),
      gradients: gradient && specials.length === 0 ? ['x'] : [],
    };
  };
}

interface BinaryOptions extends TensorOptions {
  readonly dtypes?: readonly ('float32' | 'int32' | 'bool')[];
  /** Values of the second operand, default as the first. */
  readonly second?: TensorOptions;
  readonly gradient?: boolean;
}

function binary(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, options: BinaryOptions = {}): CaseGenerator {
  return (random) => {
    const dtype = random.pick(options.dtypes ?? numbers);
    const [aShape, bShape] = random.broadcastPair({ zero: true });
    const specials = dtype === 'float32' && random.chance(0.3) ? (options.specials ?? []) : [];
    // tfjs loses the shape when it differentiates broadcasting to nothing.
    const empty = [...aShape, ...bShape].includes(0);
    const gradient = dtype === 'float32' && specials.length === 0 && !empty && (options.gradient ?? true);
    return {
      inputs: {
        a: random.tensor(aShape, dtype, { ...options, specials }),
        b: random.tensor(bShape, dtype, { ...options, specials, ...options.second }),
      },
      run: ({ a, b }) => op(a!, b!),
      gradients: gradient ? ['a', 'b'] : [],
    };
  };
}

/** Ties and whole numbers make comparisons interesting. */
const coarse = { from: -2, to: 2, specials: [-1, 0, 1, Number.NaN] };

function comparison(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): CaseGenerator {
  return binary(op, { ...coarse, dtypes: anyType, gradient: false });
}

/** Quotients that stay clear of whole numbers, where float32 and float64 round to different sides. */
function quotients(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, gradient: boolean): CaseGenerator {
  return (random) => {
    const [aShape, bShape] = random.broadcastPair();
    if (random.chance(0.4)) {
      return {
        inputs: {
          a: random.tensor(aShape, 'int32', { from: -20, to: 20 }),
          b: random.tensor(bShape, 'int32', { from: -4, to: 4 }),
        },
        run: ({ a, b }) => op(a!, b!),
      };
    }
    const divisor = random.pick([-3, -1.5, 0.75, 2, 4]);
    const steps = random.tensor(aShape, 'int32', { from: -9, to: 9 });
    return {
      inputs: {
        a: { ...steps, dtype: 'float32', values: steps.values.map((step) => Math.fround((step + 0.4) * divisor)) },
        b: { ...random.tensor(bShape), values: random.tensor(bShape).values.map(() => divisor) },
      },
      run: ({ a, b }) => op(a!, b!),
      gradients: gradient ? ['a', 'b'] : [],
    };
  };
}

/** `tf.div` turns this into FloorDiv, but the kernel takes it. Zeros among the divisors. */
const divideIntegers: CaseGenerator = (random) => {
  const [a, b] = random.broadcastPair();
  return {
    inputs: {
      a: random.tensor(a, 'int32', { from: -20, to: 20 }),
      b: random.tensor(b, 'int32', { from: -3, to: 3 }),
    },
    run: (inputs: TensorMap) => tf.engine().runKernel('RealDiv', { a: inputs.a!, b: inputs.b! }) as tf.Tensor,
  };
};

const addN: CaseGenerator = (random): DifferentialCase => {
  const shape = random.shape({ zero: true });
  const dtype = random.pick(numbers);
  const names = Array.from({ length: random.integer(1, 5) }, (_, index) => `x${index}`);
  return {
    inputs: Object.fromEntries(names.map((name) => [name, random.tensor(shape, dtype)])),
    run: (inputs) => tf.addN(names.map((name) => inputs[name]!)),
    gradients: dtype === 'float32' ? names : [],
  };
};

const cast: CaseGenerator = (random) => {
  const [from, to] = [random.pick(anyType), random.pick(anyType)];
  return {
    inputs: { x: random.tensor(random.shape({ zero: true }), from, { from: -3, to: 3, specials: [0] }) },
    run: ({ x }) => tf.cast(x!, to),
    gradients: from === 'float32' && to === 'float32' ? ['x'] : [],
  };
};

const eluGrad: CaseGenerator = (random) => {
  const shape = random.shape();
  return {
    inputs: { dy: random.tensor(shape), y: random.tensor(shape, 'float32', { from: -1, to: 2 }) },
    run: ({ dy, y }) => tf.engine().runKernel('EluGrad', { dy: dy!, y: y! }) as tf.Tensor,
  };
};

const prelu: CaseGenerator = (random) => {
  const shape = random.shape({ minRank: 1 });
  const alphaShape = shape.slice(random.integer(0, shape.length)).map((length) => (random.chance(0.7) ? length : 1));
  return {
    inputs: { x: random.tensor(shape), alpha: random.tensor(alphaShape) },
    run: ({ x, alpha }) => tf.prelu(x!, alpha!),
    gradients: ['x', 'alpha'],
  };
};

function logical(op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): CaseGenerator {
  return binary(op, { dtypes: ['bool'], gradient: false });
}

const pow: CaseGenerator = (random) => {
  const integers = random.chance(0.3);
  const [a, b] = random.broadcastPair();
  const dtype = integers ? 'int32' : 'float32';
  return {
    inputs: {
      a: random.tensor(a, dtype, integers ? { from: -3, to: 3 } : { from: 0.2, to: 2 }),
      b: random.tensor(b, dtype, integers ? { from: 0, to: 4 } : { from: -2, to: 3 }),
    },
    run: (inputs: TensorMap) => tf.pow(inputs.a!, inputs.b!),
    gradients: integers ? [] : ['a', 'b'],
  };
};

/** tfjs differentiates some kernels for operands of equal shapes only. */
function withoutBroadcastGradient(
  op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  options: BinaryOptions,
): CaseGenerator {
  return (random) => {
    if (random.chance(0.5)) return binary(op, { ...options, gradient: false })(random);
    const shape = random.shape();
    return {
      inputs: { a: random.tensor(shape), b: random.tensor(shape) },
      run: ({ a, b }) => op(a!, b!),
      gradients: ['a', 'b'],
    };
  };
}

const flat = { gradient: false } as const;

const unaryCases: CaseTable = {
  Abs: unary(tf.abs, { dtypes: numbers, specials: extremes }),
  Neg: unary(tf.neg, { dtypes: numbers, specials: extremes }),
  Sign: unary(tf.sign, { dtypes: numbers, specials: [0, 1, Number.POSITIVE_INFINITY] }),
  Relu: unary(tf.relu, { dtypes: numbers, specials: extremes }),
  Square: unary(tf.square, { dtypes: numbers, specials: extremes }),
  Ceil: unary(tf.ceil, { specials: [...extremes, 1, -1] }),
  Floor: unary(tf.floor, { specials: [...extremes, 1, -1] }),
  Round: unary(tf.round, { dtypes: numbers, from: -5, to: 5, specials: [...extremes, 0.5, 1.5, -0.5, -1.5, 2.5] }),
  Exp: unary(tf.exp, { dtypes: numbers, specials: [...extremes, 80, -80] }),
  Log: unary(tf.log, { from: 0.1, to: 4, specials: [...extremes, -1] }),
  Sqrt: unary(tf.sqrt, { from: 0.1, to: 4, specials: [...extremes, -1] }),
  Rsqrt: unary(tf.rsqrt, { from: 0.2, to: 4, specials: [...extremes, -1] }),
  Reciprocal: unary(tf.reciprocal, { from: 0.3, to: 3, specials: [...extremes, -2] }),
  Expm1: unary(tf.expm1, { from: -3, to: 2, specials: [...extremes, 1e-3, -1e-3, -100, 50] }),
  Log1p: unary(tf.log1p, { from: -0.9, to: 4, specials: [...extremes, 1e-3, -1e-3, -1, -2, 1e6] }),
  Sin: unary(tf.sin, { from: -6, to: 6, specials: extremes }),
  Cos: unary(tf.cos, { from: -6, to: 6, specials: extremes }),
  Tan: unary(tf.tan, { from: -1.2, to: 1.2, specials: extremes }),
  Asin: unary(tf.asin, { from: -0.9, to: 0.9, specials: [...extremes, 1, -1, 2] }),
  Acos: unary(tf.acos, { from: -0.9, to: 0.9, specials: [...extremes, 1, -1, 2] }),
  Atan: unary(tf.atan, { from: -4, to: 4, specials: extremes }),
  Sinh: unary(tf.sinh, { specials: extremes }),
  Cosh: unary(tf.cosh, { specials: extremes }),
  Tanh: unary(tf.tanh, { specials: [...extremes, 30, -30] }),
  Asinh: unary(tf.asinh, { from: -4, to: 4, specials: [0, Number.NaN] }),
  Acosh: unary(tf.acosh, { from: 1.2, to: 4, specials: [Number.NaN, 1, 0.5] }),
  Atanh: unary(tf.atanh, { from: -0.9, to: 0.9, specials: [...extremes, 1, -1, 2] }),
  Sigmoid: unary(tf.sigmoid, { from: -8, to: 8, specials: [...extremes, 60, -60] }),
  Erf: unary(tf.erf, { specials: [0, 10, -10] }),
  Softplus: unary(tf.softplus, { from: -8, to: 8, specials: [0, 100, -100] }),
  Elu: unary(tf.elu, { specials: extremes }),
  Selu: unary(tf.selu, { specials: extremes }),
  Relu6: unary(tf.relu6, { dtypes: numbers, from: -3, to: 9, specials: [0, 6, Number.POSITIVE_INFINITY] }),
  ClipByValue: unary(tf.relu, {
    dtypes: numbers,
    from: -4,
    to: 4,
    specials: [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    attributes: (random) => {
      const [low, high] = [random.pick([-3, -0.5, 0, Number.NEGATIVE_INFINITY]), random.pick([0.5, 2, 3.25])];
      return (x) => tf.clipByValue(x, low, high);
    },
  }),
  Step: unary(tf.step, {
    dtypes: numbers,
    specials: [0],
    attributes: (random) => {
      const alpha = random.pick([0, 0.5, -1]);
      return (x) => tf.step(x, alpha);
    },
  }),
  LeakyRelu: unary(tf.leakyRelu, {
    dtypes: numbers,
    specials: extremes,
    attributes: (random) => {
      const alpha = random.pick([0, 0.1, 0.2, 1.5]);
      return (x) => tf.leakyRelu(x, alpha);
    },
  }),
  IsNan: unary(tf.isNaN, { ...flat, dtypes: numbers, specials: extremes }),
  IsInf: unary(tf.isInf, { ...flat, dtypes: numbers, specials: extremes }),
  IsFinite: unary(tf.isFinite, { ...flat, dtypes: numbers, specials: extremes }),
  Identity: unary(tf.clone, { dtypes: anyType }),
  ZerosLike: unary(tf.zerosLike, { dtypes: anyType }),
  OnesLike: unary(tf.onesLike, { dtypes: anyType }),
  LogicalNot: unary(tf.logicalNot, { ...flat, dtypes: ['bool'] }),
};

/** One generator for every key of `elementwiseKernels`. */
export const elementwiseCases: CaseTable = {
  ...unaryCases,
  Add: binary(tf.add, { dtypes: numbers, specials: extremes }),
  Sub: binary(tf.sub, { dtypes: numbers, specials: extremes }),
  Multiply: binary(tf.mul, { dtypes: anyType, specials: extremes }),
  RealDiv: [binary(tf.div, { dtypes: ['float32'], second: { from: 0.5, to: 2 } }), divideIntegers],
  Pow: pow,
  Maximum: withoutBroadcastGradient(tf.maximum, ties),
  Minimum: withoutBroadcastGradient(tf.minimum, ties),
  FloorDiv: quotients(tf.floorDiv, false),
  Mod: quotients(tf.mod, true),
  Atan2: binary(tf.atan2, { dtypes: ['float32'], specials: [0, 1, -1] }),
  SquaredDifference: withoutBroadcastGradient(tf.squaredDifference, { dtypes: numbers, specials: extremes }),
  AddN: addN,
  BitwiseAnd: (random) => {
    const shape = random.shape();
    return {
      inputs: {
        a: random.tensor(shape, 'int32', { from: -1000, to: 1000 }),
        b: random.tensor(shape, 'int32', { from: -1000, to: 1000 }),
      },
      run: ({ a, b }) => tf.bitwiseAnd(a!, b!),
    };
  },
  Greater: comparison(tf.greater),
  GreaterEqual: comparison(tf.greaterEqual),
  Less: comparison(tf.less),
  LessEqual: comparison(tf.lessEqual),
  Equal: comparison(tf.equal),
  NotEqual: comparison(tf.notEqual),
  LogicalAnd: logical(tf.logicalAnd),
  LogicalOr: logical(tf.logicalOr),
  // tfjs composes it of the other three.
  LogicalXor: logical((a, b) => kernelOr('LogicalXor', { a, b }, {}, () => tf.logicalXor(a, b))),
  Prelu: prelu,
  EluGrad: eluGrad,
  Cast: cast,
};
