import { InputError, UnsupportedError } from '@tesserae/core/data';
import { type BitReader, bitReader, type BitWriter, bitWriter } from './bit-stream';

/** What the header of an `.ecdc` file says. */
export interface EcdcHeader {
  /** `encodec_24khz`. */
  readonly model: string;
  /** Samples at the rate of the model. */
  readonly samples: number;
  readonly codebooks: number;
  /** Whether codes are entropy-coded by the language model of the model. */
  readonly usesLanguageModel: boolean;
}

const magic = 'ECDC';
const headerBytes = 9;

/**
 * Reads the header; the reader then stands in front of the first segment.
 *
 * @param name - For messages.
 * @throws {InputError} `undecodable`: not an `.ecdc` file, cut off, or its header makes no sense.
 * @throws {UnsupportedError} A later version of the format.
 */
export function readEcdcHeader(
  bytes: Uint8Array,
  name: string,
): { readonly header: EcdcHeader; readonly reader: BitReader } {
  const refuse = (expected: string, actual: string) => new InputError(name, expected, actual, { code: 'undecodable' });
  const reader = bitReader(bytes, name);
  const start = reader.take(headerBytes);
  const view = new DataView(start.buffer, start.byteOffset, headerBytes);
  if (String.fromCharCode(...start.subarray(0, 4)) !== magic) throw refuse('an .ecdc file', 'other bytes');
  if (start[4] !== 0) throw new UnsupportedError(`${name}: version ${start[4]}`, 'only version 0 of .ecdc is known.');
  const text = new TextDecoder().decode(reader.take(view.getUint32(5)));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse('a header of JSON', text.slice(0, 80));
  }
  const { m: model, al: samples, nc: codebooks, lm } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
  if (typeof model !== 'string' || !isCount(samples) || !isCount(codebooks) || typeof lm !== 'boolean') {
    throw refuse('the fields m (name), al (samples), nc (codebooks) and lm (true or false)', text.slice(0, 200));
  }
  return { header: { model, samples, codebooks, usesLanguageModel: lm }, reader };
}

/** Begins a file, byte for byte as the official code does. */
export function writeEcdcHeader({ model, samples, codebooks, usesLanguageModel }: EcdcHeader): BitWriter {
  const text = `{"m": ${JSON.stringify(model)}, "al": ${samples}, "nc": ${codebooks}, "lm": ${usesLanguageModel}}`;
  const json = new TextEncoder().encode(text);
  const writer = bitWriter();
  const start = new Uint8Array(headerBytes);
  start.set(new TextEncoder().encode(magic));
  new DataView(start.buffer).setUint32(5, json.length);
  writeBytes(writer, start);
  writeBytes(writer, json);
  return writer;
}

/** The loudness of a segment: a float32, the highest byte first. */
export function readScale(reader: BitReader): number {
  const bytes = reader.take(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0);
}

export function writeScale(writer: BitWriter, scale: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, scale);
  writeBytes(writer, bytes);
}

function writeBytes(writer: BitWriter, bytes: Uint8Array): void {
  for (const byte of bytes) writer.push(byte, 8);
}
