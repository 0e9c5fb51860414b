import * as fc from 'fast-check';
import { bytesOf } from '../attacks/pickle-writer';

/** One change of a file; positions are fractions of its length, so that changes apply to any file. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'write' | 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove' | 'truncate'; readonly at: number; readonly count: number }
  /** Copies a part of the file, or of another one, to another place. */
  | {
      readonly kind: 'copy';
      readonly at: number;
      readonly from: number;
      readonly count: number;
      readonly other: boolean;
    };

/** Little-endian numbers at the edges of their widths, and letters that formats are made of. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const edgeBytes = fc.oneof(
  fc.constantFrom(...edges).chain((value) =>
    fc.constantFrom(1, 2, 4, 8).map((width) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
      return bytes.slice(0, width);
    }),
  ),
  fc
    .constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '.',
      '(',
      ')',
      'R',
      'b',
      'u',
      'PK\x01\x02',
      '\x80\x02',
      '1',
      '-',
      '9999999999',
      '..',
      '/',
      '!!',
      '&',
      '*',
      '\n',
      ' ',
    )
    .map((text) => bytesOf(text)),
  fc.uint8Array({ minLength: 1, maxLength: 8 }),
);
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const count = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 }));

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constantFrom('write' as const, 'insert' as const), at: place, bytes: edgeBytes }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'truncate' as const), at: place, count }),
  fc.record({ kind: fc.constant('copy' as const), at: place, from: place, count, other: fc.boolean() }),
);

/** One to six changes. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 6 });

/** The file with the changes made, one after the other. */
export function mutated(seed: Uint8Array, changes: readonly Mutation[], other: Uint8Array): Uint8Array {
  return changes.reduce((bytes, change) => apply(bytes, change, other), seed);
}

function apply(bytes: Uint8Array, change: Mutation, other: Uint8Array): Uint8Array {
  const at = Math.floor(change.at * bytes.length);
  switch (change.kind) {
    case 'flip': {
      const copy = bytes.slice();
      if (at < copy.length) copy[at]! ^= 1 << change.bit;
      return copy;
    }
    case 'write': {
      const copy = bytes.slice();
      copy.set(change.bytes.subarray(0, copy.length - at), at);
      return copy;
    }
    case 'insert':
      return bytesOf(bytes.subarray(0, at), change.bytes, bytes.subarray(at));
    case 'remove':
      return bytesOf(bytes.subarray(0, at), bytes.subarray(at + change.count));
    case 'truncate':
      return bytes.slice(0, Math.max(at, bytes.length - change.count));
    case 'copy': {
      const source = change.other ? other : bytes;
      const from = Math.floor(change.from * source.length);
      return bytesOf(bytes.subarray(0, at), source.subarray(from, from + change.count), bytes.subarray(at));
    }
  }
}
