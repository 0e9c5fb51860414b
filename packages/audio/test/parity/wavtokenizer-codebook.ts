import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors } from '@tesserae/core';
import { decodeVectors, encodeVectors } from '@tesserae/core/nn';
import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { type AveragedTrainingConfig, type CodebookState, trainAveragedVector } from '@tesserae/core/train';

interface CodebookCase {
  readonly dim: number;
  readonly codebook_size: number;
  readonly training?: boolean;
  readonly steps?: number;
  readonly kmeans_init?: boolean;
  readonly kmeans_iters?: number;
  readonly decay?: number;
  readonly epsilon?: number;
  readonly threshold_ema_dead_code?: number;
}

/** `EuclideanCodebook`: searched, or trained by averages. */
export const runCodebook: ParityRunner = async (test, report) => {
  const config = test.config as unknown as CodebookCase;
  if (config.training) await runTraining(test, report, config);
  else await runSearch(test, report);
};

async function runSearch(test: ParityCase, report: ParityReport): Promise<void> {
  const codebook = await test.weight('embed');
  const { ids, q } = await test.evaluate(
    (given) => {
      const table = given['codebook'] as tf.Tensor2D;
      const codes = encodeVectors(given['x']!, table);
      return { ids: codes.ids, q: decodeVectors(codes.ids, table) };
    },
    { x: test.input('x'), codebook },
  );
  report.tensor('ids', ids);
  report.tensor('q', q);
}

async function runTraining(test: ParityCase, report: ParityReport, config: CodebookCase): Promise<void> {
  const options: AveragedTrainingConfig = {
    flavor: 'encodec',
    codebookSize: config.codebook_size,
    codebookDim: config.dim,
    decay: config.decay ?? 0.99,
    epsilon: config.epsilon ?? 1e-5,
    kmeansIters: config.kmeans_iters ?? 20,
    thresholdEmaDeadCode: config.threshold_ema_dead_code ?? 2,
  };
  let state: HostTensors = {
    codes: await test.weight('embed'),
    counts: await test.weight('cluster_size'),
    sums: await test.weight('embed_avg'),
  };
  for (let step = 0; step < (config.steps ?? 1); step += 1) {
    const x = test.input(`x${step}`);
    const starts = config.kmeans_init === true && step === 0;
    const sampled = `sampled_${step}`;
    const places = test.expects(sampled) ? placesOf(test.expected(sampled), x) : undefined;
    if (places) report.tensor(sampled, rowsAt(x, places), 'as-is', { tolerance: 0 });
    const draws = places ? { [starts ? 'startRows' : 'deadCodeRows']: places } : {};
    const results = await test.evaluate(
      (given) => {
        const { startRows, deadCodeRows, codes, counts, sums } = given;
        const own = { codes, counts, sums } as CodebookState;
        const drawn = { ...(startRows && { startRows }), ...(deadCodeRows && { deadCodeRows }) };
        const { quantized, ids, state: after } = trainAveragedVector(given['x']!, {}, own, options, drawn);
        return { ids, q: quantized, codes: after.codes, counts: after.counts, sums: after.sums! };
      },
      { x, ...state, ...draws },
    );
    report.tensor(`ids_${step}`, results['ids']);
    report.tensor(`q_${step}`, results['q']);
    report.tensor(`embed_${step}`, results['codes']);
    report.tensor(`embed_avg_${step}`, results['sums']);
    report.tensor(`cluster_size_${step}`, results['counts']);
    state = { codes: results['codes']!, counts: results['counts']!, sums: results['sums']! };
  }
}

/** Places of the drawn rows among those of the batch. */
function placesOf(drawn: HostTensor, batch: HostTensor): HostTensor {
  const width = drawn.shape.at(-1)!;
  const rowAt = ({ data }: HostTensor, row: number) => data.subarray(row * width, (row + 1) * width).join();
  const places = new Map(Array.from({ length: batch.data.length / width }, (_, row) => [rowAt(batch, row), row]));
  const count = drawn.data.length / width;
  return { shape: [count], data: Int32Array.from({ length: count }, (_, row) => places.get(rowAt(drawn, row)) ?? 0) };
}

/** Rows of a batch. */
function rowsAt({ shape, data }: HostTensor, places: HostTensor): HostTensor {
  const width = shape.at(-1)!;
  const rows = [...places.data].flatMap((row) => [...data.subarray(row * width, (row + 1) * width)]);
  return { shape: [places.data.length, width], data: Float32Array.from(rows) };
}
