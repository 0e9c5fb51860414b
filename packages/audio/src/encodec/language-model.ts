import { type Checkpoint, type FileInput, openCheckpoint, unwrapCheckpoint } from '@tesserae/core';
import { CheckpointError } from '@tesserae/core/data';
import { type StepLayer, type StepLinear, type StepNorm, stepTransformer } from './step-transformer';

/** Guesses the codes of a frame from those before it: what entropy-coded `.ecdc` files need. */
export interface EncodecLanguageModel {
  /** Codebooks that it knows, and their codes. */
  readonly codebooks: number;
  readonly codebookSize: number;
  /**
   * Begins a sequence. Every call takes the codes of the frame before (none for the first one) and gives the
   * probabilities of each codebook's next code, `[codebookSize]` each.
   *
   * @param codebooks - In use.
   * @param pastFrames - Frames that it looks back, at most.
   */
  start(codebooks: number, pastFrames: number): (before: ArrayLike<number> | undefined) => readonly Float64Array[];
}

/** Fixed in the official code. */
const heads = 8;
const normEpsilon = 1e-5;

/**
 * Opens the weights of a language model of EnCodec: `encodec_lm_24khz-1608e3c0.th` or `encodec_lm_48khz-7add9fc3.th` of
 * https://dl.fbaipublicfiles.com/encodec/v0/. Sizes follow from the tensors.
 *
 * It runs outside of the engines, in float64: who reads a file must get the numbers of who wrote it, on any machine.
 *
 * @param source - A path, URL, bytes or Blob.
 * @throws {CheckpointError} The file is damaged or is not such a model.
 */
export async function openEncodecLanguageModel(source: FileInput): Promise<EncodecLanguageModel> {
  const opened = await openCheckpoint(source);
  try {
    return await readModel(unwrapCheckpoint(opened));
  } finally {
    await opened.close();
  }
}

async function readModel(checkpoint: Checkpoint): Promise<EncodecLanguageModel> {
  const codebooks = countBelow(checkpoint, 'emb');
  const [rows = 1, width = 0] = checkpoint.shape('emb.0.weight');
  const codebookSize = rows - 1;
  const read = tensorReader(checkpoint);
  const linear = async (
    key: string,
    inputs: number,
    outputs: number,
    names = ['weight', 'bias'],
  ): Promise<StepLinear> => ({
    weight: await read(`${key}${names[0]}`, [outputs, inputs]),
    bias: await read(`${key}${names[1]}`, [outputs]),
    outputs,
  });
  const norm = async (key: string): Promise<StepNorm> => ({
    weight: await read(`${key}.weight`, [width]),
    bias: await read(`${key}.bias`, [width]),
    epsilon: normEpsilon,
  });
  const layers: StepLayer[] = [];
  for (let index = 0; index < countBelow(checkpoint, 'transformer.layers'); index += 1) {
    const key = `transformer.layers.${index}`;
    const hidden = checkpoint.shape(`${key}.linear1.weight`)[0]!;
    layers.push({
      packed: await linear(`${key}.self_attn.`, width, 3 * width, ['in_proj_weight', 'in_proj_bias']),
      out: await linear(`${key}.self_attn.out_proj.`, width, width),
      norm1: await norm(`${key}.norm1`),
      wide: await linear(`${key}.linear1.`, width, hidden),
      narrow: await linear(`${key}.linear2.`, hidden, width),
      norm2: await norm(`${key}.norm2`),
    });
  }
  const normIn = await norm('transformer.norm_in');
  const embeddings: Float32Array[] = [];
  const outputs: StepLinear[] = [];
  for (let index = 0; index < codebooks; index += 1) {
    embeddings.push(await read(`emb.${index}.weight`, [rows, width]));
    outputs.push(await linear(`linears.${index}.`, width, codebookSize));
  }
  return {
    codebooks,
    codebookSize,
    start: (used, pastFrames) =>
      stepTransformer({ width, heads, normIn, layers, embeddings, outputs: outputs.slice(0, used), pastFrames }),
  };
}

/** How many numbers follow a prefix: `emb.0.weight`, `emb.1.weight`, … @throws {CheckpointError} None. */
function countBelow(checkpoint: Checkpoint, prefix: string): number {
  const numbers = checkpoint
    .keys()
    .flatMap((key) => (key.startsWith(`${prefix}.`) ? [Number(key.slice(prefix.length + 1).split('.')[0])] : []));
  if (numbers.length > 0) return Math.max(...numbers) + 1;
  throw new CheckpointError('not-found', `${checkpoint.source}: expected tensors under ${prefix}, got none.`, {
    source: checkpoint.source,
    missing: [prefix],
  });
}

function tensorReader(checkpoint: Checkpoint) {
  return async (key: string, expected: readonly number[]): Promise<Float32Array> => {
    const actual = checkpoint.shape(key);
    if (actual.join() !== expected.join()) {
      throw new CheckpointError(
        'keys-mismatch',
        `${checkpoint.source}: ${key}: expected [${expected.join(', ')}], found [${actual.join(', ')}].`,
        { source: checkpoint.source, misshaped: [{ key, expected, actual }] },
      );
    }
    return Float32Array.from(await checkpoint.tensor(key).read());
  };
}
