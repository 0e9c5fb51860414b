import type { Checkpoint, Json } from '@tesserae/core';

/** A node of the graph, as `metadata.nodes` of an ONNX checkpoint lists it. */
interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Official parameters in the order of the initializers that a node takes, with the rank of each. */
type Parameters = readonly (readonly [key: string, rank: number])[];

const linear: Readonly<Record<string, Parameters>> = { MatMul: [['weight', 2]], Add: [['bias', 1]] };
const convolution: Readonly<Record<string, Parameters>> = {
  Conv: [
    ['weight', 3],
    ['bias', 1],
  ],
};
/** One operator in newer files, written out in older ones, where `Add` is that of the epsilon. */
const norm: Readonly<Record<string, Parameters>> = {
  LayerNormalization: [
    ['weight', 1],
    ['bias', 1],
  ],
  Mul: [['weight', 1]],
  Add_1: [['bias', 1]],
};

/** Modules by their path in the names of nodes, and where their parameters go. */
const modules: readonly (readonly [RegExp, string, Readonly<Record<string, Parameters>>])[] = [
  [/^(conv[12])$/, 'encoder.$1', convolution],
  [/^(blocks\.\d+\.attn\.fsmn_block)$/, 'encoder.$1', convolution],
  [/^(blocks\.\d+\.attn\.(?:query|key|value|out))$/, 'encoder.$1', linear],
  [/^(blocks\.\d+)\.mlp\.(mlp\.[02])$/, 'encoder.$1.$2', linear],
  [/^(blocks\.\d+\.(?:attn|mlp)_ln)$/, 'encoder.$1', norm],
  [/^quantizer\.rq\.model\.layers\.0\._codebook$/, 'quantizer._codebook', { Pow_1: [['embed', 2]] }],
  [/^quantizer\.project_in$/, 'quantizer._codebook.project_down', linear],
];

const projection = 'quantizer._codebook.project_down';

/** Initializers that the names of published files tell, whatever takes them: for what no node has told. */
const named: ReadonlyMap<string, string> = new Map([
  ...['onnx::Conv_1519', 'onnx::Conv_2216', 'encoders.conv1.weight'].map(
    (name) => [name, 'encoder.conv1.weight'] as const,
  ),
  ...['onnx::Conv_1520', 'onnx::Conv_2217', 'encoders.conv1.bias'].map((name) => [name, 'encoder.conv1.bias'] as const),
  ...['onnx::Conv_1521', 'onnx::Conv_2218', 'encoders.conv2.weight'].map(
    (name) => [name, 'encoder.conv2.weight'] as const,
  ),
  ...['onnx::Conv_1522', 'onnx::Conv_2219', 'encoders.conv2.bias'].map((name) => [name, 'encoder.conv2.bias'] as const),
  ['encoders.positional_embedding', 'encoder.positional_embedding'],
  ['onnx::MatMul_2536', `${projection}.weight`],
  ['quantizer.project_in.bias', `${projection}.bias`],
]);

/**
 * Which initializer of an ONNX file is which official parameter (official key to initializer), found by the paths of
 * the nodes that take them. A key that two initializers claim is nobody's.
 */
export function onnxNames(checkpoint: Checkpoint): ReadonlyMap<string, string> {
  const nodes = nodesOf(checkpoint.metadata);
  // Exporters write a value that several modules share once.
  const aliases = new Map(
    nodes.flatMap(({ operator, inputs, outputs }) =>
      operator === 'Identity' && inputs.length === 1 && outputs.length === 1
        ? [[outputs[0]!, inputs[0]!] as const]
        : [],
    ),
  );
  const initializerOf = (name: string): string | undefined => {
    const source = checkpoint.has(name) ? name : aliases.get(name);
    return source !== undefined && checkpoint.has(source) ? source : undefined;
  };
  const claims = new Map<string, Set<string>>();
  const claim = (key: string, name: string) => claims.set(key, (claims.get(key) ?? new Set()).add(name));
  for (const node of nodes) {
    const initializers = node.inputs.flatMap((name) => initializerOf(name) ?? []);
    parametersOf(node.name).forEach(([key, rank], place) => {
      const name = initializers[place];
      if (name !== undefined && checkpoint.shape(name).length === rank) claim(key, name);
    });
  }
  const told = new Set(claims.keys());
  for (const [name, key] of named) if (!told.has(key) && checkpoint.has(name)) claim(key, name);
  return new Map([...claims].flatMap(([key, names]) => (names.size === 1 ? [[key, [...names][0]!] as const] : [])));
}

/** `/blocks.0/attn/query/MatMul` fills `encoder.blocks.0.attn.query.weight`. */
function parametersOf(node: string): Parameters {
  const path = node.replace(/^\//, '').split('/');
  const operation = path.pop()!;
  const module = path.join('.');
  for (const [pattern, target, parts] of modules) {
    if (!pattern.test(module)) continue;
    const parameters = Object.hasOwn(parts, operation) ? parts[operation]! : [];
    return parameters.map(([leaf, rank]) => [`${module.replace(pattern, target)}.${leaf}`, rank] as const);
  }
  return [];
}

function nodesOf(metadata: Json): readonly OnnxNode[] {
  const { nodes } = metadata as unknown as { readonly nodes?: readonly OnnxNode[] };
  return nodes ?? [];
}
