import { tinyWeights } from '@tesserae/core/test';
import { randomWeights } from '../../core/src/checkpoint/random-weights';
import { field, onnx } from '../../core/test/attacks/file-writers';
import type { Part } from '../../core/test/attacks/pickle-writer';
import type { S3Config } from '../src/s3/config';
import { readWeights } from '../src/s3/weights';

interface StateTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type StateDict = Readonly<Record<string, StateTensor>>;

/** A state dict of official keys with values that are the same every time. */
export function s3Weights(config: S3Config): StateDict {
  const { mapped } = randomWeights((map) => readWeights(map, config), 0);
  return tinyWeights(Object.fromEntries(mapped.map(({ key, shape }) => [key, shape])));
}

/** Keys and shapes of a state dict whose values lie elsewhere. */
export function s3Shapes(config: S3Config): StateDict {
  const { mapped } = randomWeights((map) => readWeights(map, config), 0);
  return Object.fromEntries(mapped.map(({ key, shape }) => [key, { shape, data: new Float32Array() }]));
}

export interface ExportOptions {
  /** What initializers are called that published files name; default: `onnx::` and a number. */
  readonly names?: Readonly<Record<string, string>>;
  /** Layer norms written out, as older exporters do. Default false. */
  readonly plainNorms?: boolean;
  /** Official keys that nodes take through an `Identity`. */
  readonly shared?: readonly string[];
  /** Data of these official keys in another file. */
  readonly external?: Readonly<Record<string, string>>;
  /** Further parts of the graph. */
  readonly more?: readonly Part[];
}

const positions = 'encoder.positional_embedding';

type AddNode = (name: string, inputs: readonly string[], operator?: string, output?: string) => void;

/** A state dict as exporters write it: anonymous initializers, matrices transposed, told apart by the nodes that take them. */
export function s3Onnx(weights: StateDict, options: ExportOptions = {}): Uint8Array {
  const { names = {}, shared = [], external = {}, more = [] } = options;
  const graph: Part[] = [];
  const addNode: AddNode = (
    name,
    inputs,
    operator = name.slice(name.lastIndexOf('/') + 1),
    output = `${name}_output_0`,
  ) =>
    graph.push(
      field(1, [...inputs.map((input) => field(1, input)), field(2, output), field(3, name), field(4, operator)]),
    );
  const taken = new Map<string, string>();
  Object.entries(weights).forEach(([key, tensor], index) => {
    const name = names[key] ?? (key === positions ? 'encoders.positional_embedding' : `onnx::${9000 + index}`);
    graph.push(initializer(key, name, tensor, external[key]));
    taken.set(key, shared.includes(key) ? `${name}_shared` : name);
    if (shared.includes(key)) addNode(`/Identity_${index}`, [name], 'Identity', `${name}_shared`);
  });
  const modules = new Set(Object.keys(weights).map((key) => key.slice(0, key.lastIndexOf('.'))));
  for (const module of modules) {
    const [weight, bias] = ['weight', 'bias'].map((leaf) => taken.get(`${module}.${leaf}`));
    addModule(addNode, module, weight, bias, options.plainNorms ?? false);
  }
  const codebook = taken.get('quantizer._codebook.embed');
  if (codebook) addNode('/quantizer/rq/model/layers.0/_codebook/Pow_1', [codebook, 'two'], 'Pow');
  const table = taken.get(positions);
  if (table) addNode('/Add_3', ['x', table], 'Add');
  return onnx(...graph.toReversed(), ...more);
}

function initializer(key: string, name: string, { shape, data }: StateTensor, external: string | undefined): Part {
  const isMatrix = shape.length === 2 && key !== positions;
  const values = () => (isMatrix ? transposed(data, shape[0]!) : data.slice());
  return field(5, [
    ...(isMatrix ? shape.toReversed() : shape).map((length) => field(1, length)),
    field(2, 1),
    ...(external === undefined
      ? [field(9, new Uint8Array(values().buffer))]
      : [field(13, [field(1, 'location'), field(2, external)]), field(14, 1)]),
    field(8, name),
  ]);
}

function addModule(
  addNode: AddNode,
  module: string,
  weight: string | undefined,
  bias: string | undefined,
  plainNorms: boolean,
): void {
  if (weight === undefined) return;
  const biases = bias === undefined ? [] : [bias];
  const path = module
    .replace(/^encoder\./, '')
    .replace('quantizer._codebook.project_down', 'quantizer/project_in')
    .replace(/\.(attn|attn_ln|mlp_ln)(?=\.|$)/, '/$1')
    .replace(/\/attn\./, '/attn/')
    .replace(/\.mlp\.(\d)/, '/mlp/mlp.$1');
  if (/conv\d$|fsmn_block$/.test(path)) return addNode(`/${path}/Conv`, ['x', weight, ...biases]);
  if (!path.endsWith('_ln')) {
    addNode(`/${path}/MatMul`, ['x', weight]);
    return biases.forEach((name) => addNode(`/${path}/Add`, [name, 'y']));
  }
  if (!plainNorms) return addNode(`/${path}/LayerNormalization`, ['x', weight, ...biases]);
  addNode(`/${path}/Add`, ['variance', 'epsilon']);
  addNode(`/${path}/Mul`, ['x', weight]);
  return addNode(`/${path}/Add_1`, ['y', ...biases], 'Add');
}

/** `[rows, columns]` as `[columns, rows]`. */
function transposed(data: Float32Array, rows: number): Float32Array<ArrayBuffer> {
  const columns = data.length / rows;
  return Float32Array.from(data, (_, place) => data[(place % rows) * columns + Math.floor(place / rows)]!);
}
