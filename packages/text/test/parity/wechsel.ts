import type { ParityCase, ParityRunner } from '@tesserae/core/test';
import { wechselEmbeddings } from '../../src/wechsel/wechsel';
import { near } from './near';

interface WechselFacts {
  readonly config: { readonly neighbors: number; readonly temperature: number };
  readonly vocab: Readonly<Record<'source' | 'target', Readonly<Record<string, number>>>>;
  readonly notFound: readonly string[];
  readonly sources: Readonly<Record<string, readonly [tokens: readonly string[], weights: readonly number[]]>>;
}

export const runWechsel: ParityRunner = async (test, report) => {
  const { config, vocab, ...expected } = test.facts as unknown as WechselFacts;
  const tokenOf = (name: 'source' | 'target', id: number) =>
    Object.keys(vocab[name]).find((token) => vocab[name][token] === id)!;
  const special = Object.keys(vocab.source).filter((token) => /^<.*>$/.test(token) && token in vocab.target);
  const { embeddings, sources, notFound } = wechselEmbeddings({
    sourceVectors: matrixOf(test, 'source.subword'),
    targetVectors: matrixOf(test, 'target.subword'),
    sourceEmbeddings: matrixOf(test, 'source.embeddings'),
    fallback: matrixOf(test, 'fallback'),
    copies: special.map((token) => [vocab.source[token]!, vocab.target[token]!]),
    ...config,
  });
  const rows = embeddings.values.length / embeddings.columns;
  report.tensor('target.embeddings', {
    shape: [rows, embeddings.columns],
    data: embeddings.values as Float32Array,
  });
  report.equal(
    'not found',
    Array.from(notFound, (id) => tokenOf('target', id)),
    expected.notFound,
  );
  for (const [token, [tokens, weights]] of Object.entries(expected.sources)) {
    const actual = sources[vocab.target[token]!]!;
    report.equal(
      `sources of ${token}`,
      Array.from(actual.rows, (id) => tokenOf('source', id)),
      tokens,
    );
    weights.forEach((weight, index) =>
      near(report, `weight ${index} of ${token}`, actual.weights[index]!, weight, 1e-5),
    );
  }
};

function matrixOf(test: ParityCase, name: string) {
  const { shape, data } = test.inputs.includes(name) ? test.input(name) : test.expected(name);
  return { values: data as Float32Array, columns: shape[1]! };
}
