/** Tensors in official layout. */
export type NaiveWeights = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>
>;

type Rows = readonly (readonly number[])[];

/** `nn.Linear` on rows, in doubles. */
export function naiveLinear(weights: NaiveWeights, key: string, rows: Rows): number[][] {
  const { shape, data } = weights[`${key}.weight`]!;
  const bias = weights[`${key}.bias`]?.data;
  return rows.map((row) =>
    Array.from({ length: shape[0]! }, (_, out) =>
      row.reduce((sum, value, at) => sum + value * data[out * shape[1]! + at]!, bias?.[out] ?? 0),
    ),
  );
}

/** `nn.LayerNorm`. */
export function naiveNorm(weights: NaiveWeights, key: string, rows: Rows, epsilon: number): number[][] {
  const [scale, offset] = [weights[`${key}.weight`]!.data, weights[`${key}.bias`]!.data];
  return rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    return row.map((value, at) => ((value - mean) / Math.sqrt(variance + epsilon)) * scale[at]! + offset[at]!);
  });
}

export const naiveSum = (a: Rows, b: Rows): number[][] =>
  a.map((row, at) => row.map((value, column) => value + b[at]![column]!));

/** The error function by its series. */
function erf(x: number): number {
  let sum = x;
  let term = x;
  for (let n = 1; n < 80; n += 1) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export const naiveGelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));

/** One layer of BERT on one sequence; `sees` says which keys a query may look at. */
export function naiveBertLayer(
  weights: NaiveWeights,
  key: string,
  rows: Rows,
  {
    heads,
    epsilon,
    sees,
  }: { readonly heads: number; readonly epsilon: number; sees(query: number, key: number): boolean },
): number[][] {
  const part = (name: string) => naiveLinear(weights, `${key}.attention.self.${name}`, rows);
  const [q, k, v] = [part('query'), part('key'), part('value')];
  const size = rows[0]!.length / heads;
  const mixed = rows.map((_, query) =>
    Array.from({ length: heads }, (__, head) => {
      const scores = rows.map((___, at) => {
        if (!sees(query, at)) return 0;
        let dot = 0;
        for (let i = head * size; i < (head + 1) * size; i += 1) dot += q[query]![i]! * k[at]![i]!;
        return Math.exp(dot / Math.sqrt(size));
      });
      const total = scores.reduce((sum, value) => sum + value, 0);
      return Array.from({ length: size }, (___, i) =>
        scores.reduce((sum, value, at) => sum + (value / total) * v[at]![head * size + i]!, 0),
      );
    }).flat(),
  );
  const attended = naiveSum(rows, naiveLinear(weights, `${key}.attention.output.dense`, mixed));
  const middle = naiveNorm(weights, `${key}.attention.output.LayerNorm`, attended, epsilon);
  const inner = naiveLinear(weights, `${key}.intermediate.dense`, middle).map((row) => row.map(naiveGelu));
  const sum = naiveSum(middle, naiveLinear(weights, `${key}.output.dense`, inner));
  return naiveNorm(weights, `${key}.output.LayerNorm`, sum, epsilon);
}

/** Keys and shapes of one layer of BERT. */
export function bertLayerShapes(key: string, width: number, inner: number): Record<string, readonly number[]> {
  const shapes: Record<string, readonly number[]> = {};
  const linear = (name: string, from: number, to: number) => {
    shapes[`${key}.${name}.weight`] = [to, from];
    shapes[`${key}.${name}.bias`] = [to];
  };
  const norm = (name: string) => {
    shapes[`${key}.${name}.weight`] = [width];
    shapes[`${key}.${name}.bias`] = [width];
  };
  for (const name of ['query', 'key', 'value']) linear(`attention.self.${name}`, width, width);
  linear('attention.output.dense', width, width);
  norm('attention.output.LayerNorm');
  linear('intermediate.dense', width, inner);
  linear('output.dense', inner, width);
  norm('output.LayerNorm');
  return shapes;
}
