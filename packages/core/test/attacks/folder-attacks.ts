import type { Attack } from './attack';
import { field, floats, onnx, safetensors } from './file-writers';
import type { Part } from './pickle-writer';

/** A hostile folder: one file of it is opened, and names the others. */
export interface FolderAttack extends Omit<Attack, 'make'> {
  readonly files: () => Readonly<Record<string, Uint8Array>>;
  /** Which file is opened. */
  readonly open: string;
}

const one = (key: string): Uint8Array =>
  safetensors({ [key]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, floats(1));
const shards = { 'model-1.safetensors': one('a'), 'sub/model-2.safetensors': one('b') };
const json = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const open = 'hostile.index.json';
const index = (name: string, value: unknown, code: string, says = ''): FolderAttack => ({
  name: `shards: ${name}`,
  open,
  files: () => ({ ...shards, [open]: json(value) }),
  code,
  says,
});
const leadsTo = (file: unknown): FolderAttack =>
  index(`the file ${JSON.stringify(file)}`, { weight_map: { a: file } }, 'malformed', 'beside the index');

export const shardAttacks: readonly FolderAttack[] = [
  {
    name: 'shards: an honest index',
    open,
    files: () => ({
      ...shards,
      [open]: json({ weight_map: { a: 'model-1.safetensors', b: 'sub/model-2.safetensors' } }),
    }),
    keys: ['a', 'b'],
  },
  ...[
    '../a.safetensors',
    'sub/../../a',
    '..',
    '/etc/passwd',
    '\\\\host\\share',
    'C:\\a',
    'a:stream',
    'file:///a',
    'http://a/b',
    'a\0b',
    '',
    7,
    null,
    {},
  ].map(leadsTo),
  index(
    'a name that climbs once decoded',
    { weight_map: { a: 'sub/%2e%2e/%2e%2e/model-1.safetensors' } },
    'unreadable',
  ),
  index('a folder for a file', { weight_map: { a: 'sub' } }, 'unreadable'),
  index('itself', { weight_map: { a: open } }, 'unsupported-format'),
  index('a tensor that is not there', { weight_map: { c: 'model-1.safetensors' } }, 'keys-mismatch', 'c'),
  index(
    'a key twice',
    '{"weight_map":{"a":"model-1.safetensors","a":"sub/model-2.safetensors"}}',
    'malformed',
    'a twice',
  ),
  index('a map of lists', { weight_map: ['model-1.safetensors'] }, 'unsupported-format'),
  index(
    'a million entries',
    `{"weight_map":{${Array.from({ length: 600_000 }, (_, key) => `"${key}":"a"`).join(',')}}}`,
    'limit-exceeded',
  ),
  index(
    'metadata of a thousand levels',
    `{"metadata":${'['.repeat(1000)}${']'.repeat(1000)},"weight_map":{}}`,
    'limit-exceeded',
  ),
  {
    name: 'shards: one tensor in two files',
    open,
    files: () => ({
      'model-1.safetensors': one('a'),
      'sub/model-2.safetensors': safetensors(
        {
          a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
          b: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
        },
        floats(1, 2),
      ),
      [open]: json({ weight_map: { a: 'model-1.safetensors', b: 'sub/model-2.safetensors' } }),
    }),
    code: 'malformed',
    says: 'one file',
  },
];

const model = 'hostile.onnx';
const external = (name: string, pairs: Readonly<Record<string, string>>, code?: string, says = ''): FolderAttack => ({
  name: `onnx: ${name}`,
  open: model,
  files: () => ({
    'data.bin': floats(1, 2, 3, 4),
    'sub/data.bin': floats(5, 6),
    [model]: onnx(
      field(5, [
        field(1, 2),
        field(2, 1),
        field(8, 'w'),
        ...Object.entries(pairs).map(([key, value]): Part => field(13, [field(1, key), field(2, value)])),
        field(14, 1),
      ]),
    ),
  }),
  ...(code === undefined ? { keys: ['w'] } : { code, says }),
});

export const externalAttacks: readonly FolderAttack[] = [
  external('honest external data', { location: 'data.bin', offset: '8', length: '8' }),
  external('external data in the model itself', { location: model, offset: '0', length: '8' }),
  ...['../data.bin', '/etc/passwd', 'sub/../../x', 'C:\\a', 'a:b', '..', ''].map((location) =>
    external(`external data at ${JSON.stringify(location)}`, { location }, 'malformed', 'inside of the folder'),
  ),
  external('external data without a place', {}, 'malformed', 'inside of the folder'),
  external('external data behind the end', { location: 'data.bin', offset: '12', length: '8' }, 'malformed'),
  external('external data before the start', { location: 'data.bin', offset: '-8', length: '8' }, 'malformed'),
  external('external data at 2^60', { location: 'data.bin', offset: `${2n ** 60n}`, length: '8' }, 'malformed'),
  external('external data at no number', { location: 'data.bin', offset: '0x4', length: '8' }, 'malformed'),
  external('external data that is too short', { location: 'data.bin', offset: '0', length: '4' }, 'malformed'),
  external('external data in a folder', { location: 'sub' }, 'unreadable'),
];

/** All of them. */
export const folderAttacks: readonly FolderAttack[] = [...shardAttacks, ...externalAttacks];
