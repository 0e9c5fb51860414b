import type { Attack } from './attack';
import { floats, torchZip } from './file-writers';
import {
  call,
  dict,
  global,
  integer,
  list,
  pickle,
  repeat,
  tensor,
  text,
  tuple,
  uint32,
  uint64,
  type Part,
} from './pickle-writer';

const weights = { '0': floats(1, 2, 3, 4) };
const honest = tensor({ shape: [4] });
/** A state dict with something hostile beside the weights. */
const beside = (evil: Part): Uint8Array => torchZip([dict(['w', honest]), '(', text('evil'), evil, 'u'], weights);
const inert = (name: string, evil: Part): Attack => ({ name, make: () => beside(evil), keys: ['w'] });
/** Sizes that lie, and small files that would grow. */
export const sizeAttacks: readonly Attack[] = [
  { name: 'values on the stack without end', make: () => torchZip(repeat('N', 4_000_000)), code: 'limit-exceeded' },
  {
    name: 'a list of four million values',
    make: () => torchZip([']', repeat(['(', repeat('N', 1000), 'e'], 4000)]),
    code: 'limit-exceeded',
  },
  {
    name: 'a name of ten thousand letters',
    make: () => beside(global('a', 'b'.repeat(10_000))),
    code: 'limit-exceeded',
  },
  { name: 'a text of 20 MB', make: () => beside(text('a'.repeat(20 * 2 ** 20))), code: 'limit-exceeded' },
  {
    name: 'globals without end',
    make: () => torchZip(Array.from({ length: 20_000 }, (_, index) => [global('a', `b${index}`), '0'])),
    code: 'limit-exceeded',
  },
  { name: 'LONG4 of 2 GB', make: () => beside(['\x8b', uint32(0x7fffffff), 1]), code: 'limit-exceeded' },
  { name: 'LONG4 of negative length', make: () => beside(['\x8b', uint32(0x80000000)]), code: 'malformed' },
  {
    name: 'LONG of a million digits',
    make: () => beside(['L', repeat('9', 1_000_000), 'L\n']),
    code: 'limit-exceeded',
  },
  { name: 'BINUNICODE of 4 GB', make: () => beside(['X', uint32(0xffffffff), 'a']), code: 'malformed' },
  { name: 'BINUNICODE8 of 2^63', make: () => beside(['\x8d', uint64(2n ** 63n), 'a']), code: 'limit-exceeded' },
  { name: 'BINBYTES8 of 2^52', make: () => beside(['\x8e', uint64(2n ** 52n), 'a']), code: 'malformed' },
  { name: 'BINSTRING of negative length', make: () => beside(['T', uint32(0xffffffff), 'a']), code: 'malformed' },
  { name: 'FRAME of 2^60', make: () => beside(['\x95', uint64(2n ** 60n), 'N']), code: 'limit-exceeded' },
  { name: 'a line without end', make: () => torchZip(['c', repeat('a', 100_000)]), code: 'malformed' },
  inert('memo indices far apart', [integer(1), 'r', uint32(0xffffffff), 'r', uint32(0xfffffff0)]),
  { name: 'memo bomb', make: () => torchZip(['N', repeat('\x94', 2_000_001)]), code: 'limit-exceeded' },
  { name: 'object flood', make: () => torchZip(repeat(']0', 2_000_001)), code: 'limit-exceeded' },
  { name: 'operation flood', make: () => torchZip(repeat('N0', 10_000_001)), code: 'limit-exceeded' },
  {
    name: 'copies of one list',
    make: () =>
      torchZip([list(repeat('N', 50_000)), 'q\x00', repeat(['c__builtin__\nset\n', 'h\x00', '\x85', 'R0'], 5000)]),
    code: 'limit-exceeded',
  },
  {
    name: 'copies of one string',
    make: () =>
      torchZip([
        text('a'.repeat(1_000_000)),
        'q\x00',
        text('latin1'),
        'q\x01',
        repeat(['c_codecs\nencode\n', 'h\x00h\x01\x86', 'R0'], 2000),
      ]),
    code: 'limit-exceeded',
  },
  inert('billion laughs without tensors', [
    list(integer(1)),
    'q\x00',
    ...Array.from({ length: 60 }, (): Part => [']', '(h\x00h\x00h\x00h\x00e', 'q\x00']),
  ]),
  {
    name: 'billion laughs of tensors',
    make: () =>
      torchZip(
        [honest, 'q\x00', ...Array.from({ length: 40 }, (): Part => [']', '(h\x00h\x00h\x00h\x00e', 'q\x00'])],
        weights,
      ),
    code: 'limit-exceeded',
  },
  inert('a list that holds itself', [']q\x00h\x00a']),
  inert('a state that holds itself', [global('a', 'B'), ')', '\x81', 'q\x00', dict(['self', 'h\x00']), 'b']),
  {
    name: 'lists a hundred thousand deep',
    make: () => torchZip([repeat(']', 100_000), repeat('a', 99_999)]),
    code: 'limit-exceeded',
  },
  {
    name: 'tuples a hundred thousand deep',
    make: () => torchZip([')', repeat('\x85', 100_000)]),
    code: 'limit-exceeded',
  },
  { name: 'marks without end', make: () => torchZip(repeat('(', 1_000_000)), code: 'limit-exceeded' },
  {
    name: 'states a hundred thousand deep',
    make: () => torchZip([repeat('ca\nB\n)\x81', 100_000), repeat('b', 99_999)]),
    code: 'limit-exceeded',
  },
  {
    name: 'two tensors of one dotted name',
    make: () => torchZip(dict(['a', dict(['b', tensor({ shape: [2] })])], ['a.b', tensor({ shape: [1] })]), weights),
    code: 'malformed',
  },
];

const view = (name: string, options: Parameters<typeof tensor>[0], code = 'malformed'): Attack => ({
  name,
  make: () => torchZip(dict(['w', tensor({ elements: 4, ...options })]), weights),
  code,
});

/** Tensors whose numbers reach where they must not. */
export const viewAttacks: readonly Attack[] = [
  view('an offset behind the storage', { shape: [1], offset: 4 }),
  view('a negative offset', { shape: [1], offset: -1 }),
  view('an offset of 2^62', { shape: [1], offset: 2n ** 62n }),
  view('a stride behind the storage', { shape: [2], strides: [4] }),
  view('a negative stride', { shape: [2], strides: [-1], offset: 1 }),
  view('a negative length', { shape: [-1], strides: [1] }),
  view('a product above 2^53', { shape: [2 ** 30, 2 ** 30], strides: [1, 1] }),
  view('a product that wraps to 0', { shape: [2 ** 32, 2 ** 32], strides: [1, 1] }),
  view('two strides for one axis', { shape: [2], strides: [1, 1] }),
  view('a thousand axes', { shape: Array.from({ length: 1000 }, () => 1) }, 'limit-exceeded'),
  view('an expansion to 2^40 elements', { shape: [2 ** 20, 2 ** 20], strides: [0, 0] }, 'limit-exceeded'),
  view('more elements than the member has', { shape: [4], elements: 1000 }),
  view('2^60 elements', { shape: [4], elements: 2n ** 60n }),
  view('a storage that is not there', { shape: [4], key: '7' }),
  view('a storage outside of the archive', { shape: [4], key: '../../etc/passwd' }),
  {
    name: 'a shape of objects',
    make: () =>
      torchZip(
        dict([
          'w',
          call(
            global('torch._utils', '_rebuild_tensor_v2'),
            [tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('cpu'), integer(4)), 'Q'],
            integer(0),
            tuple(dict()),
            tuple(integer(1)),
          ),
        ]),
        weights,
      ),
    code: 'malformed',
  },
  {
    name: 'numpy bytes that are too short',
    make: () =>
      pickle(
        dict([
          'w',
          [
            call(
              global('numpy.core.multiarray', '_reconstruct'),
              global('numpy', 'ndarray'),
              tuple(integer(0)),
              text('b'),
            ),
            tuple(
              integer(1),
              tuple(integer(2 ** 40)),
              call(global('numpy', 'dtype'), text('f4'), '\x89', '\x88'),
              '\x89',
              ['C', 4, floats(1)],
            ),
            'b',
          ],
        ]),
      ),
    code: 'malformed',
  },
];
