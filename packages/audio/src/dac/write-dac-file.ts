import { type DacFile, dacVersion } from './dac-file';
import { pickleWriter } from './pickle-writer';

/** Header and content begin at multiples of this. */
const alignment = 64;

/** Writes a `.dac` file that the official code reads: codes of 16 bits and what decoding needs. */
export function writeDacFile(file: DacFile): Uint8Array {
  const writer = pickleWriter();
  const codes = new Uint8Array(2 * file.codes.length);
  const view = new DataView(codes.buffer);
  file.codes.forEach((code, index) => view.setUint16(2 * index, code, true));
  const loudness = new Uint8Array(4);
  new DataView(loudness.buffer).setFloat32(0, file.loudness, true);
  const metadata = [
    ['input_db', () => writer.array('f4', [1], loudness)],
    ['original_length', () => writer.integer(file.samples)],
    ['sample_rate', () => writer.integer(file.sampleRate)],
    ['chunk_length', () => writer.integer(file.chunkFrames)],
    ['channels', () => writer.integer(file.channels)],
    ['padding', () => writer.boolean(file.padded)],
    ['dac_version', () => writer.text(dacVersion)],
  ] as const;
  writer.objectArray(() =>
    writer.dictionary([
      ['codes', () => writer.array('u2', [file.channels, file.codebooks, file.frames], codes)],
      ['metadata', () => writer.dictionary(metadata)],
    ]),
  );
  return withNpyHeader(writer.end());
}

function withNpyHeader(pickle: Uint8Array): Uint8Array {
  const text = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";
  const length = Math.ceil((10 + text.length + 1) / alignment) * alignment - 10;
  const out = new Uint8Array(10 + length + pickle.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >>> 8]);
  out.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  out.set(pickle, 10 + length);
  return out;
}
