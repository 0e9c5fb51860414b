import type { _FusedMatMulAttrs, BatchMatMulAttrs, EinsumAttrs } from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import { activate } from './activation';
import { attributesOf, broadcastShape, elementwise, filled, input, refusal, sizeOf, tensorType } from './lowering';
import { range } from './windows';

/** A product as it was computed, and the shape that tfjs gives it. */
interface Product {
  /** Leading axes may be folded into the rows. */
  readonly value: Value;
  readonly shape: readonly number[];
}

function swapLastAxes(graph: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  return graph.transpose(x, [...range(0, rank - 2), rank - 1, rank - 2]);
}

/** Batch axes of length 1 go away *before* the transpose, so that it meets the transpose of a weight. */
function withoutBatch(graph: GraphBuilder, x: Value): Value {
  return sizeOf(x.shape.slice(0, -2)) === 1 ? graph.reshape(x, x.shape.slice(-2)) : x;
}

/**
 * One matrix on the right makes one 2-D product of all rows, which becomes a Gemm. Transposes are nodes of their own:
 * they cancel against those of weights and heads, and ONNX Runtime folds the rest into the product.
 */
function multiply(graph: GraphBuilder, a: Value, b: Value, { transposeA, transposeB }: BatchMatMulAttrs): Product {
  const [left, right] = [withoutBatch(graph, a), withoutBatch(graph, b)];
  const [x, y] = [transposeA ? swapLastAxes(graph, left) : left, transposeB ? swapLastAxes(graph, right) : right];
  const [rows, inner] = x.shape.slice(-2) as [number, number];
  const columns = y.shape.at(-1)!;
  const shape = [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
  const dtype = tensorType('BatchMatMul', a.dtype);
  if (dtype === 'bool') throw refusal('BatchMatMul', 'booleans cannot be multiplied; cast them to float32 first');
  if (sizeOf(shape) === 0 || inner === 0) return { value: filled(graph, shape, 0, dtype), shape };
  if (y.shape.length > 2) {
    const batch = broadcastShape(x.shape.slice(0, -2), y.shape.slice(0, -2));
    return { value: graph.op('MatMul', [x, y], { shape: [...batch, rows, columns], dtype }), shape };
  }
  const allRows = graph.reshape(x, [sizeOf(x.shape) / inner, inner]);
  return { value: graph.op('MatMul', [allRows, y], { shape: [allRows.shape[0]!, columns], dtype }), shape };
}

const batchMatMul: TraceKernel = (call) => {
  const { value, shape } = multiply(
    call.graph,
    input(call, 'a'),
    input(call, 'b'),
    attributesOf<BatchMatMulAttrs>(call),
  );
  return call.graph.reshape(value, shape);
};

/** A bias of one number a column is added to the folded rows: MatMul and Add become one Gemm. */
const fusedMatMul: TraceKernel = (call) => {
  const { graph, inputs } = call;
  const { bias, preluActivationWeights } = inputs;
  const attributes = attributesOf<_FusedMatMulAttrs>(call);
  const { value, shape } = multiply(graph, input(call, 'a'), input(call, 'b'), attributes);
  const columns = shape.at(-1)!;
  const perColumn = bias && bias.shape.at(-1) === columns && sizeOf(bias.shape) === columns;
  const folds = attributes.activation !== 'prelu' && (!bias || perColumn);
  const product = folds ? value : graph.reshape(value, shape);
  const shift = bias && perColumn ? graph.reshape(bias, [columns]) : bias;
  const sum = shift ? elementwise(graph, 'Add', [product, shift]) : product;
  return graph.reshape(activate(graph, sum, attributes, preluActivationWeights), shape);
};

const einsum: TraceKernel = ({ inputs, attributes, graph }) => {
  const terms = Object.values(inputs);
  const equation = (attributes as unknown as EinsumAttrs).equation.replace(/\s/g, '');
  const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, terms.length);
  const lengths = new Map(
    terms.flatMap(({ shape }, term) => idDims[term]!.map((dim, axis) => [allDims[dim]!, shape[axis]!] as const)),
  );
  const shape = Array.from(equation.slice(equation.indexOf('->') + 2), (letter) => lengths.get(letter)!);
  const dtype = tensorType('Einsum', terms[0]!.dtype);
  if (dtype === 'bool') throw refusal('Einsum', 'booleans cannot be multiplied; cast them to float32 first');
  if (terms.some((term) => sizeOf(term.shape) === 0)) return filled(graph, shape, 0, dtype);
  return graph.op('Einsum', terms, { shape, dtype }, { equation });
};

/** Matrix products. */
export const matmulKernels: KernelTable = {
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  Einsum: einsum,
};
