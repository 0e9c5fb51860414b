import type { Attack } from './attack';
import { field, floats, npy, onnx, safetensors, torchLegacy, torchZip, varint, zip } from './file-writers';
import { bytesOf, dict, pickle, tensor, uint32, type Part } from './pickle-writer';

const entry = (begin: number, end: number, extra: object = {}) => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
  ...extra,
});
const four = floats(1, 2, 3, 4);
const header = (name: string, value: string | object, code = 'malformed', data = four): Attack => ({
  name: `safetensors: ${name}`,
  make: () => safetensors(value, data),
  code,
});

export const safetensorsAttacks: readonly Attack[] = [
  {
    name: 'safetensors: a header of 2^40 bytes',
    make: () => safetensors('{}', four, 2n ** 40n),
    code: 'limit-exceeded',
  },
  { name: 'safetensors: a header longer than the file', make: () => safetensors('{}', four, 1000n), code: 'malformed' },
  header('a hole', { a: entry(0, 4), b: entry(8, 16) }),
  header('an overlap', { a: entry(0, 12), b: entry(8, 16) }),
  header('one range twice', { a: entry(0, 16), b: entry(0, 16) }),
  header('trailing bytes', { a: entry(0, 12) }),
  header('data behind the end', { a: entry(0, 20) }),
  header('an end before its begin', { a: { ...entry(0, 16), data_offsets: [16, 0] } }),
  header('a negative offset', { a: { ...entry(0, 16), data_offsets: [-16, 0] } }),
  header('a shape of another size', { a: { ...entry(0, 16), shape: [5] } }),
  header('a shape above 2^53', { a: { ...entry(0, 16), shape: [2 ** 40, 2 ** 40] } }),
  header('a fractional shape', { a: { ...entry(0, 16), shape: [0.5, 8] } }),
  header('a negative shape', { a: { ...entry(0, 16), shape: [-2, -2] } }),
  header('an unknown dtype', { a: { ...entry(0, 16), dtype: 'F33' } }),
  header('a dtype from the prototype', { a: { ...entry(0, 16), dtype: 'constructor' } }),
  header('an unknown field', { a: { ...entry(0, 16), more: 1 } }),
  header(
    'a key twice',
    '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"\\u0061":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}',
  ),
  header('a field twice', '{"a":{"dtype":"F32","dtype":"I32","shape":[4],"data_offsets":[0,16]}}'),
  header('metadata of numbers', { __metadata__: { a: 1 }, a: entry(0, 16) }),
  header('no JSON', '{"a":'),
  header('arrays a million deep', `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`),
  { name: 'safetensors: no UTF-8', make: () => bytesOf(uint32(4), uint32(0), '{"\xff"'), code: 'malformed' },
  {
    name: 'safetensors: a key __proto__',
    make: () => safetensors('{"__proto__":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', four),
    keys: ['__proto__'],
  },
];

const weights = dict(['w', tensor({ shape: [4] })]);
const torchMembers = (options: Partial<Parameters<typeof zip>[0][number]>): Parameters<typeof zip>[0] => [
  { name: 'a/data.pkl', data: pickle(weights) },
  { name: 'a/data/0', data: four, ...options },
];

export const zipAttacks: readonly Attack[] = [
  {
    name: 'zip: a bomb that says so',
    make: () => torchZip(weights, { '0': new Uint8Array(2 ** 24) }, { deflated: true, bytes: 2 ** 31 }),
    code: 'limit-exceeded',
  },
  {
    name: 'zip: a bomb that hides',
    make: () => zip(torchMembers({ data: new Uint8Array(2 ** 24), deflated: true, bytes: 16 })),
    code: 'malformed',
  },
  { name: 'zip: less than announced', make: () => zip(torchMembers({ deflated: true, bytes: 17 })), code: 'malformed' },
  { name: 'zip: stored with two sizes', make: () => zip(torchMembers({ bytes: 2 ** 30 })), code: 'malformed' },
  {
    name: 'zip: a wrong CRC of the pickle',
    make: () => torchZip(weights, { '0': four }, { crc32: 1 }),
    code: 'malformed',
  },
  {
    name: 'zip: a wrong CRC of inflated data',
    make: () => zip(torchMembers({ deflated: true, crc32: 1 })),
    code: 'malformed',
  },
  {
    name: 'zip: a name twice',
    make: () => zip([...torchMembers({}), { name: 'a/data/0', data: four }]),
    code: 'malformed',
  },
  {
    name: 'zip: another name in the local header',
    make: () => zip(torchMembers({ localName: 'a/data/1' })),
    code: 'malformed',
  },
  { name: 'zip: a member inside of another', make: () => zip(torchMembers({ headerOffset: 0 })), code: 'malformed' },
  {
    name: 'zip: a member behind the file',
    make: () => zip(torchMembers({ headerOffset: 2 ** 31 })),
    code: 'malformed',
  },
  {
    name: 'zip: a zip64 member at 2^52',
    make: () => zip(torchMembers({ headerOffset: 2 ** 52 }), { zip64: true }),
    code: 'malformed',
  },
  {
    name: 'zip: zip64 of 2^60 entries',
    make: () => zip(torchMembers({}), { zip64: true, count: 2 ** 60 }),
    code: 'malformed',
  },
  { name: 'zip: more entries than there are', make: () => zip(torchMembers({}), { count: 1000 }), code: 'malformed' },
  { name: 'zip: encryption', make: () => zip(torchMembers({ flags: 1 })), code: 'unsupported-format' },
  { name: 'zip: an unknown method', make: () => zip(torchMembers({ method: 99 })), code: 'unsupported-format' },
  {
    name: 'zip: an end record in the comment',
    make: () => zip(torchMembers({}), { comment: zip([{ name: 'b/data.pkl', data: pickle('N') }]).subarray(0, -22) }),
    keys: ['w'],
  },
  {
    name: 'zip: a name that climbs',
    make: () => zip([...torchMembers({}), { name: '../../escape', data: four }]),
    keys: ['w'],
  },
];

export const legacyAttacks: readonly Attack[] = [
  { name: 'legacy: another element count', make: () => torchLegacy(weights, [['0', 3, four]]), code: 'malformed' },
  { name: 'legacy: a negative element count', make: () => torchLegacy(weights, [['0', -1, four]]), code: 'malformed' },
  { name: 'legacy: data that ends early', make: () => torchLegacy(weights, [['0', 4, floats(1)]]), code: 'malformed' },
  {
    name: 'legacy: a storage twice',
    make: () =>
      torchLegacy(weights, [
        ['0', 4, four],
        ['0', 4, four],
      ]),
    code: 'malformed',
  },
  {
    name: 'legacy: a storage that nobody names',
    make: () => torchLegacy(weights, [['9', 4, four]]),
    code: 'malformed',
  },
  { name: 'legacy: no storages', make: () => torchLegacy(weights, []), code: 'malformed' },
  {
    name: 'legacy: a root that never ends',
    make: () => bytesOf('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.'),
    code: 'malformed',
  },
];

const numpy = (name: string, text: string, code = 'malformed', data = four): Attack => ({
  name: `npy: ${name}`,
  make: () => npy(text, data),
  code,
});

export const numpyAttacks: readonly Attack[] = [
  numpy('an expression for a header', "__import__('os').system('id')"),
  numpy('an expression for a shape', "{'descr': '<f4', 'fortran_order': False, 'shape': (2**2,), }"),
  numpy('too few bytes', "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }"),
  numpy('a shape above 2^53', "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"),
  {
    name: 'npy: objects',
    make: () => npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", pickle('N')),
    keys: ['tensor'],
  },
  {
    name: 'npy: a header of 4 GB',
    make: () => bytesOf('\x93NUMPY\x02\x00', uint32(0xffffffff), '{}'),
    code: 'malformed',
  },
];

const onnxTensor = (...parts: readonly Part[]): Part => field(5, [...parts, field(8, 'w')]);

export const onnxAttacks: readonly Attack[] = [
  {
    name: 'onnx: external data that climbs',
    make: () =>
      onnx(
        onnxTensor(
          field(1, 4),
          field(2, 1),
          field(13, [field(1, 'location'), field(2, '../../etc/passwd')]),
          field(14, 1),
        ),
      ),
    keys: ['w'],
  },
  {
    name: 'onnx: a length of 2^63',
    make: () => bytesOf(field(1, 8), field(2, 'x'), varint(7 * 8 + 2), varint(2n ** 63n)),
    code: 'malformed',
  },
  {
    name: 'onnx: a varint of twenty bytes',
    make: () => bytesOf(field(1, 8), field(2, 'x'), varint(58), new Uint8Array(20).fill(255)),
    code: 'malformed',
  },
  {
    name: 'onnx: a shape above 2^53',
    make: () => onnx(onnxTensor(field(1, 2n ** 60n), field(1, 2n ** 60n), field(2, 1), field(9, four))),
    code: 'malformed',
  },
  {
    name: 'onnx: a negative length',
    make: () => onnx(onnxTensor(field(1, 2n ** 64n - 1n), field(2, 1), field(9, four))),
    code: 'malformed',
  },
  {
    name: 'onnx: data that is too short',
    make: () => onnx(onnxTensor(field(1, 2 ** 40), field(2, 7), field(7, bytesOf(1)))),
    code: 'malformed',
  },
  {
    name: 'onnx: two tensors of one name',
    make: () => onnx(onnxTensor(field(2, 1)), onnxTensor(field(2, 1))),
    code: 'malformed',
  },
  { name: 'onnx: no graph', make: () => bytesOf(field(1, 8), field(2, 'x')), code: 'malformed' },
];
