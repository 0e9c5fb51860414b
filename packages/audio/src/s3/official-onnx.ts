import { type Checkpoint, type Json, renameKeys } from '@tesserae/core';
import { onnxNames } from './onnx-names';
import { withTransposed } from './transposed';

const positions = 'encoder.positional_embedding';

/**
 * An ONNX file as the state dict of `onnx2torch`: initializers under the official keys, matrices transposed but for the
 * positions; everything else disappears. Where the file tells which model it is, `metadata.config` says so.
 */
export function officialOnnx(checkpoint: Checkpoint): Checkpoint {
  const renamed = renameKeys(checkpoint, onnxNames(checkpoint));
  const official = withTransposed(renamed, (key) => key !== positions && renamed.shape(key).length === 2);
  const config = configOf(official, rateOfVersion1(checkpoint));
  return config ? { ...official, metadata: { config } } : official;
}

/** The files of both rates have the same shapes; their exporters have named the convolutions differently. */
function rateOfVersion1(checkpoint: Checkpoint): 25 | 50 | undefined {
  if (checkpoint.has('encoders.conv1.weight')) return 25;
  return checkpoint.has('onnx::Conv_1519') ? 50 : undefined;
}

/** The arguments of the official class, as far as names and shapes tell them. Published heads are 64 wide. */
function configOf(official: Checkpoint, rate: 25 | 50 | undefined): Json | undefined {
  const name = nameOf(official, rate);
  const shapeOf = (key: string): readonly number[] => (official.has(key) ? official.shape(key) : []);
  const [width = 0, mels = 0] = shapeOf('encoder.conv1.weight');
  const [codes] = shapeOf('quantizer._codebook.embed');
  const [rows] = shapeOf(positions);
  if (name === undefined || width % 64 !== 0 || width === 0) return undefined;
  const blocks = new Set(official.keys().flatMap((key) => /^encoder\.blocks\.(\d+)\./.exec(key)?.[1] ?? []));
  return {
    name,
    config: {
      n_mels: mels,
      n_audio_state: width,
      n_audio_head: width / 64,
      n_audio_layer: blocks.size,
      ...(rows !== undefined && { n_audio_ctx: rows }),
      ...(codes !== undefined && { n_codebook_size: codes }),
    },
  };
}

function nameOf(official: Checkpoint, rate: 25 | 50 | undefined): string | undefined {
  if (official.has('quantizer._codebook.embed')) {
    if (rate === undefined) return undefined;
    return rate === 25 ? 'speech_tokenizer_v1_25hz' : 'speech_tokenizer_v1';
  }
  if (!official.has('quantizer._codebook.project_down.weight')) return undefined;
  return official.has('encoder.blocks.0.attn.key.bias') ? 'speech_tokenizer_v3_25hz' : 'speech_tokenizer_v2_25hz';
}
