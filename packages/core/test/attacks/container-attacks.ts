import type { Attack } from './attack';
import { field, floats, npy, onnx, safetensors, torchLegacy, varint } from './file-writers';
import { bytesOf, dict, pickle, repeat, tensor, uint32, type Part } from './pickle-writer';

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

const manyTensors = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"${index}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join(',')}}`;

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
  header('arrays a million deep', `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, 'limit-exceeded'),
  header('a million empty lists', `{"a":[${'[],'.repeat(1_000_000)}[]]}`, 'limit-exceeded'),
  header('three million numbers', `{"a":[${'0,'.repeat(3_000_000)}0]}`, 'limit-exceeded'),
  header('a hundred thousand tensors and more', manyTensors(110_000), 'limit-exceeded'),
  header('a text that never ends', `{"a":"${'\\'.repeat(1_000_001)}`),
  header('data before the first tensor', { a: entry(4, 16) }),
  header('an empty tensor in the middle of another', {
    a: entry(0, 16),
    b: { dtype: 'F32', shape: [0], data_offsets: [8, 8] },
  }),
  header('a product that wraps to 0', { a: { ...entry(0, 16), shape: [2 ** 32, 2 ** 32] } }),
  header('an offset of 1e400', '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,1e400]}}'),
  header('a shape of texts', { a: { ...entry(0, 16), shape: ['4'] } }),
  header('three offsets', { a: { ...entry(0, 16), data_offsets: [0, 8, 16] } }),
  header('a list for a header', '[]', 'unsupported-format'),
  header('text behind the header', '{} {}'),
  header('metadata twice', '{"__metadata__":{},"__metadata__":{"a":"b"}}'),
  { name: 'safetensors: no UTF-8', make: () => bytesOf(uint32(4), uint32(0), '{"\xff"'), code: 'malformed' },
  {
    name: 'safetensors: a key __proto__',
    make: () => safetensors('{"__proto__":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', four),
    keys: ['__proto__'],
  },
];

const weights = dict(['w', tensor({ shape: [4] })]);

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
  {
    name: 'legacy: bytes behind the last storage',
    make: () => bytesOf(torchLegacy(weights, [['0', 4, four]]), 'PK\x03\x04'),
    code: 'malformed',
    says: 'trailing-bytes',
  },
  {
    name: 'legacy: a big-endian machine',
    make: () =>
      bytesOf(
        '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}(X\x0d\x00\x00\x00little_endian\x89u.',
      ),
    code: 'unsupported-format',
  },
  {
    name: 'legacy: a tar archive of the oldest torch',
    make: () => bytesOf('sys_info', new Uint8Array(249), 'ustar\x0000', new Uint8Array(247)),
    code: 'unsupported-format',
    says: 'a tar archive',
  },
  {
    name: 'legacy: a pickle that goes on as an archive',
    make: () => bytesOf(pickle(dict(['w', 'N'])), 'PK\x05\x06', new Uint8Array(18)),
    code: 'malformed',
    says: 'trailing-bytes',
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
    name: 'npy: a record of objects',
    make: () => npy("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (1,), }", pickle('N')),
    keys: ['tensor'],
  },
  numpy('a negative shape', "{'descr': '<f4', 'fortran_order': False, 'shape': (-4,), }"),
  numpy('trailing bytes', "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"),
  numpy('sixty-five axes', `{'descr': '<f4', 'fortran_order': False, 'shape': (${'1, '.repeat(65)}), }`),
  {
    name: 'npy: a width of 99',
    make: () => npy("{'descr': '<f99', 'fortran_order': False, 'shape': (4,), }", four),
    keys: ['tensor'],
  },
  numpy('a text that fills the header', `{'descr': '${'a'.repeat(60_000)}', 'fortran_order': False, 'shape': (4,), }`),
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
    name: 'onnx: two graphs',
    make: () => bytesOf(onnx(onnxTensor(field(1, 4), field(2, 1), field(9, four))), field(7, [])),
    code: 'malformed',
  },
  {
    name: 'onnx: a million dimensions',
    make: () => onnx(onnxTensor(field(1, new Uint8Array(1_000_000).fill(1)), field(2, 1))),
    code: 'limit-exceeded',
  },
  {
    name: 'onnx: a message that holds itself',
    make: () => bytesOf(field(1, 8), field(2, 'x'), varint(7 * 8 + 2), varint(2 ** 20), field(7, [])),
    code: 'malformed',
  },
  {
    name: 'onnx: nodes without end',
    make: () => onnx(repeat(field(1, field(4, '')), 250_000)),
    code: 'limit-exceeded',
  },
  {
    name: 'onnx: tensors without end',
    make: () => onnx(Array.from({ length: 110_000 }, (_, index) => field(5, field(8, `w${index}`)))),
    code: 'limit-exceeded',
  },
  {
    name: 'onnx: integers that are no varints',
    make: () => onnx(onnxTensor(field(1, 2), field(2, 7), field(7, bytesOf(1, 255)))),
    code: 'malformed',
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
