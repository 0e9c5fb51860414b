import { readFileSync } from 'node:fs';
import { field, floats, npy, onnx, safetensors, torchLegacy, torchZip, zip } from '../attacks/file-writers';
import {
  bytesOf,
  call,
  dict,
  global,
  integer,
  list,
  pickle,
  tensor,
  text,
  tuple,
  uint64,
} from '../attacks/pickle-writer';

const four = floats(1, 2, 3, 4);
const root = dict(
  ['state_dict', dict(['w', tensor({ shape: [2, 2] })], ['t', tensor({ shape: [2, 2], strides: [1, 2] })])],
  ['step', integer(70_000)],
  ['name', text('größe')],
);
const array = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", four);
const official = (kind: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/checkpoint/${kind}/file.pt`, import.meta.url)));

/** A numpy array as protocol 2 pickles it. */
const pickledArray = [
  call(global('numpy.core.multiarray', '_reconstruct'), global('numpy', 'ndarray'), tuple(integer(0)), text('b')),
  tuple(
    integer(1),
    tuple(integer(2), integer(2)),
    [
      call(global('numpy', 'dtype'), text('f4'), '\x89', '\x88'),
      tuple(integer(3), text('<'), 'N', 'N', 'N', '\x8a\x01\xff', '\x8a\x01\xff', integer(0)),
      'b',
    ],
    '\x89',
    call(global('_codecs', 'encode'), text(String.fromCharCode(...four)), text('latin1')),
  ),
  'b',
] as const;

/** The smallest honest files of each format. */
export const seedFiles = {
  safetensors: safetensors(
    {
      __metadata__: { a: 'b' },
      w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      h: { dtype: 'BF16', shape: [4], data_offsets: [8, 16] },
    },
    four,
  ),
  'torch zip': torchZip(root, { '0': four }),
  'torch zip64': torchZip(root, { '0': four }, { zip64: true }),
  'torch zip, deflated': torchZip(root, { '0': four }, { deflated: true }),
  torchscript: zip([
    {
      name: 'm/data.pkl',
      data: pickle([global('__torch__', 'Net'), ')', '\x81', dict(['weight', tensor({ shape: [4] })]), 'b']),
    },
    { name: 'm/data/0', data: four },
    { name: 'm/constants.pkl', data: pickle(tuple()) },
    { name: 'm/code/__torch__.py', data: bytesOf('class Net(Module):\n  __parameters__ = ["weight", ]\n') },
  ]),
  'torch legacy': torchLegacy(root, [['0', 4, four]]),
  'numpy pickle': pickle(
    dict(['w', pickledArray], ['args', [global('argparse', 'Namespace'), ')\x81', dict(['a', integer(1)]), 'b']]),
  ),
  'pickle of protocol 0': bytesOf(
    "(dp0\nS'a'\np1\nI1\nsS'b'\np2\nF1.5\nsVc\\u00e4\np3\n(lp4\nI2\naL12345678901234567890L\nas.",
  ),
  'pickle of protocol 4': bytesOf(
    '\x80\x04\x95',
    uint64(24),
    '}\x94(\x8c\x01a\x94]\x94(K\x01K\x02e\x8c\x01b\x94G?\xf8\x00\x00\x00\x00\x00\x00u.',
  ),
  'list pickle': pickle(list(integer(1), text('a'), 'N', '\x88', tuple(integer(2), integer(-3)))),
  npy: array,
  npz: zip([
    { name: 'w.npy', data: array },
    { name: 'v.npy', data: array, deflated: true },
  ]),
  onnx: onnx(
    field(1, [field(1, 'x'), field(2, 'y'), field(3, 'n'), field(4, 'MatMul')]),
    field(5, [field(1, 2), field(2, 1), field(4, floats(1, 2)), field(8, 'w')]),
    field(5, [field(1, 1), field(2, 7), field(7, 300), field(8, 'i')]),
  ),
} satisfies Readonly<Record<string, Uint8Array>>;

/** Files of the official library: larger, so that only samples of their changes are tried. */
export const officialFiles = {
  'official torch zip': official('torch-zip'),
  'official torch legacy': official('torch-legacy'),
} satisfies Readonly<Record<string, Uint8Array>>;
