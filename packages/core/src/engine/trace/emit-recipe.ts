import { recipeIsInteger, recipeShape, type WeightRecipe } from '../../checkpoint/weight-recipe';
import type { Value } from './graph';
import type { GraphRecorder } from './graph-recorder';
import { elementsOf } from './traced-graph';

/**
 * One of the two interpreters of recipes: graph nodes behind an initializer, float32 or int32. Nothing is read
 * (the other, `evaluateRecipe`, makes values on the host).
 */
export function emitRecipe(graph: GraphRecorder, recipe: WeightRecipe): Value {
  switch (recipe.kind) {
    case 'stored':
      return graph.cast(graph.stored(recipe), recipeIsInteger(recipe) ? 'int32' : 'float32');
    case 'values':
      return graph.values(recipe);
    case 'permute':
      return graph.transpose(emitRecipe(graph, recipe.of), recipe.axes);
    case 'reshape':
      return graph.reshape(emitRecipe(graph, recipe.of), recipe.shape);
    case 'slice':
      return emitSlice(graph, recipe);
    case 'concat':
      return emitConcat(graph, recipe);
    case 'weight-norm':
      return emitWeightNorm(graph, recipe);
  }
}

function emitSlice(graph: GraphRecorder, recipe: WeightRecipe & { readonly kind: 'slice' }): Value {
  const x = emitRecipe(graph, recipe.of);
  const { axis, start, size } = recipe;
  const bounds = [graph.int64([start]), graph.int64([start + size]), graph.int64([axis])];
  return graph.op('Slice', [x, ...bounds], { shape: x.shape.with(axis, size), dtype: x.dtype });
}

function emitConcat(graph: GraphRecorder, recipe: WeightRecipe & { readonly kind: 'concat' }): Value {
  const parts = recipe.of.map((part) => emitRecipe(graph, part));
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const dtype = first?.dtype ?? 'float32';
  return graph.op('Concat', parts, { shape: recipeShape(recipe), dtype }, { axis: recipe.axis });
}

/** PyTorch's order: `v * (g / |v|)`. */
function emitWeightNorm(graph: GraphRecorder, recipe: WeightRecipe & { readonly kind: 'weight-norm' }): Value {
  const v = emitRecipe(graph, recipe.v);
  const g = emitRecipe(graph, recipe.g);
  const perChannel = v.shape.map((length, axis) => (axis === recipe.axis ? length : 1));
  const others = v.shape.map((_, axis) => axis).filter((axis) => axis !== recipe.axis);
  const type = { shape: perChannel, dtype: v.dtype };
  const norm =
    others.length === 0
      ? graph.op('Abs', [v], type)
      : graph.op('ReduceL2', [v, graph.int64(others)], type, { keepdims: 1 });
  if (elementsOf(g.shape) !== v.shape[recipe.axis]) {
    throw new Error(
      `weight-norm: g of shape [${g.shape.join(', ')}] does not fit axis ${recipe.axis} of [${v.shape.join(', ')}]`,
    );
  }
  const factor = graph.op('Div', [graph.reshape(g, perChannel), norm], type);
  return graph.op('Mul', [v, factor], { shape: v.shape, dtype: v.dtype });
}
