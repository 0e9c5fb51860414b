import { readNpyObject } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';

/** What a `.dac` file holds. */
export interface DacFile {
  /** `[channels, codebooks, frames]`, row-major. */
  readonly codes: Int32Array;
  readonly channels: number;
  readonly codebooks: number;
  readonly frames: number;
  /** Of the source, LUFS: decoded sound is brought to it. */
  readonly loudness: number;
  /** Of the source. */
  readonly samples: number;
  /** Of the source, Hz. */
  readonly sampleRate: number;
  /** Frames that are decoded together. */
  readonly chunkFrames: number;
  /** False where the sound was encoded in overlapping chunks without padding, as the official command does above 5 s. */
  readonly padded: boolean;
}

/** The only version of the format. */
export const dacVersion = '1.0.0';

/**
 * Reads the container of descript-audio-codec (`dac.DACFile`): a pickled dictionary in a `.npy` file, as inert data.
 *
 * @param name - For messages; default `dac file`.
 * @throws {InputError} `undecodable`: no such file, of another version, or its fields contradict each other.
 */
export function readDacFile(bytes: Uint8Array, name = 'dac file'): DacFile {
  const refuse = (expected: string, actual: string) => new InputError(name, expected, actual, { code: 'undecodable' });
  const root = recordOf(readNpyObject(bytes, name));
  const fields = recordOf(root?.['metadata']);
  const codes = arrayOf(root?.['codes']);
  if (!fields || !codes) throw refuse('a dictionary of codes and metadata', 'something else');
  if (fields['dac_version'] !== dacVersion) throw refuse(`version ${dacVersion}`, String(fields['dac_version']));
  const [batch, codebooks = 0, frames = 0] = codes.shape;
  if (codes.shape.length !== 3 || codebooks < 1 || frames < 1 || !(codes.data instanceof Int32Array)) {
    throw refuse('whole codes [channels, codebooks, frames]', `an array [${codes.shape.join(', ')}]`);
  }
  const count = (key: string): number => {
    const value = fields[key];
    if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
    throw refuse(`${key}: a whole number above 0`, String(value));
  };
  const [channels, samples, sampleRate, chunkFrames] = [
    count('channels'),
    count('original_length'),
    count('sample_rate'),
    count('chunk_length'),
  ];
  if (batch !== channels) throw refuse(`codes of ${channels} channels, one clip`, `${batch} rows`);
  const loudness = numberOf(fields['input_db']);
  if (loudness === undefined || !Number.isFinite(loudness)) throw refuse('input_db: a number', 'none');
  const padded = fields['padding'];
  if (typeof padded !== 'boolean') throw refuse('padding: true or false', String(padded));
  return { codes: codes.data, channels, codebooks, frames, loudness, samples, sampleRate, chunkFrames, padded };
}

type PlainObject = ReturnType<typeof readNpyObject>;

function recordOf(value: PlainObject | undefined): { readonly [key: string]: PlainObject } | undefined {
  const isRecord =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  return isRecord ? (value as { readonly [key: string]: PlainObject }) : undefined;
}

function arrayOf(
  value: PlainObject | undefined,
): { readonly shape: readonly number[]; readonly data: object } | undefined {
  const record = recordOf(value);
  if (!record || !Array.isArray(record['shape']) || !ArrayBuffer.isView(record['data'])) return undefined;
  return record as unknown as { readonly shape: readonly number[]; readonly data: object };
}

/** A number, or the only element of an array. */
function numberOf(value: PlainObject | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const data = arrayOf(value)?.data as Float32Array | undefined;
  return data?.length === 1 ? data[0] : undefined;
}
