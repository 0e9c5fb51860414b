import type { Attack } from './attack';
import { floats, torchZip } from './file-writers';
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
  uint32,
  uint64,
  type Part,
} from './pickle-writer';

const weights = { '0': floats(1, 2, 3, 4) };
const honest = tensor({ shape: [4] });
/** A state dict with something hostile beside the weights. */
const beside = (evil: Part): Uint8Array => torchZip([dict(['w', honest]), '(', text('evil'), evil, 'u'], weights);
const inert = (name: string, evil: Part): Attack => ({ name, make: () => beside(evil), keys: ['w'] });
const system = global('os', 'system');
/** Names and calls that run code in Python's own unpickler. */
export const callAttacks: readonly Attack[] = [
  inert('REDUCE of os.system', call(system, text('touch owned'))),
  inert('REDUCE of builtins.eval', call(global('builtins', 'eval'), text('1'))),
  inert('STACK_GLOBAL with a name from the memo', ['\x8c\x02os\x8c\x06system\x93', tuple(text('id')), 'R']),
  inert('STACK_GLOBAL with a dotted name', ['\x8c\x08builtins\x8c\x0fobject.__init__\x93', ')', 'R']),
  inert(
    'getattr of an allowed module',
    call(call(global('builtins', 'getattr'), global('torch', 'Size'), text('__class__')), text('x')),
  ),
  inert('a result that is called again', call(call(global('functools', 'partial'), system), text('id'))),
  inert(
    'an allowed function under a hostile module',
    call(global('evil', 'torch._utils._rebuild_tensor_v2'), text('x')),
  ),
  inert('a dotted name that spells an allowed one', call(global('torch', '_utils._rebuild_parameter'), text('x'))),
  inert('INST', "(S'id'\nios\nsystem\n"),
  inert('OBJ', ['(', system, text('id'), 'o']),
  inert('NEWOBJ', [system, tuple(text('id')), '\x81']),
  inert('NEWOBJ_EX', [system, tuple(text('id')), dict(), '\x92']),
  inert('BUILD with __setstate__', [global('a', 'B'), ')', '\x81', dict(['__setstate__', system]), 'b']),
  inert('BUILD with __proto__', [
    global('a', 'B'),
    ')',
    '\x81',
    dict(['__proto__', dict(['polluted', integer(1)])], ['constructor', integer(1)]),
    'b',
  ]),
  inert('a dictionary of __proto__', dict(['__proto__', dict(['polluted', integer(1)])])),
  inert(
    'REDUCE in REDUCE in REDUCE',
    call(call(call(global('builtins', 'getattr'), system, text('__call__'))), text('id')),
  ),
  inert('a pickle inside of a pickle', call(global('pickle', 'loads'), ['C', 12, bytesOf('cos\nsystem\n.')])),
  inert('torch storage from nested bytes', call(global('torch.storage', '_load_from_bytes'), ['C', 1, 0])),
  inert('numpy object array', [
    call(global('numpy.core.multiarray', '_reconstruct'), global('numpy', 'ndarray'), tuple(integer(0)), text('b')),
    tuple(
      integer(1),
      tuple(integer(1)),
      call(global('numpy', 'dtype'), text('O8'), '\x89', '\x88'),
      '\x89',
      list(call(system, text('id'))),
    ),
    'b',
  ]),
  inert('numpy object array of protocol 5', [
    call(
      global('numpy.core.numeric', '_frombuffer'),
      ['C', 4, floats(1)],
      call(global('numpy', 'dtype'), text('O8'), '\x89', '\x88'),
      tuple(integer(1)),
      text('C'),
    ),
  ]),
  {
    name: 'numpy dtype that is a call',
    make: () => beside(call(global('numpy', 'dtype'), call(system, text('id')))),
    code: 'malformed',
  },
  inert('a set of calls', ['\x8f(', call(system, text('id')), '\x90']),
  inert('a key that is a call', ['}', call(system, text('id')), 'Ns']),
  inert(
    'a class by REDUCE of type',
    call(global('builtins', 'type'), text('X'), tuple(), dict(['__reduce__', system])),
  ),
  inert('BUILD of a dictionary of slots', [
    global('a', 'B'),
    ')',
    '\x81',
    tuple(dict(['__dict__', dict()]), dict(['__class__', system])),
    'b',
  ]),
  inert('BUILD of a dictionary', [dict(), dict(['__setitem__', system]), 'b']),
  { name: 'BUILD of a tensor', make: () => beside([honest, dict(['__setstate__', system]), 'b']), keys: ['w', 'evil'] },
  inert('memo entries that change what STACK_GLOBAL sees', [
    text('collections'),
    'q\x05',
    text('os'),
    'q\x05',
    text('OrderedDict'),
    'q\x06',
    text('system'),
    'q\x06',
    '0000',
    'h\x05h\x06\x93',
    tuple(text('id')),
    'R',
  ]),
  inert('STACK_GLOBAL of DUP', [text('os'), '2\x93', ')', 'R']),
  inert('a protocol that changes midway', ['\x80\x04', call(system, text('id')), '\x80\x02']),
  inert('frames that lie', ['\x95', uint64(3), call(system, text('id'))]),
  inert('a global with a line feed from the stack', [text('os\nsystem'), text('x'), '\x93', ')', 'R']),
  {
    name: 'a plain pickle of os.system',
    make: () => pickle(call(system, text('id'))),
    code: 'unsupported-format',
    says: 'os.system',
  },
  {
    name: 'a plain pickle of protocol 0',
    make: () => bytesOf("cos\nsystem\n(S'id'\ntR."),
    code: 'unsupported-format',
    says: 'os.system',
  },
  {
    name: 'a plain pickle of INST',
    make: () => bytesOf('(ios\nsystem\n.'),
    code: 'unsupported-format',
    says: 'os.system',
  },
  {
    name: 'an archive of code alone',
    make: () => torchZip(call(global('builtins', 'exec'), text('1'))),
    code: 'unsupported-format',
    says: 'builtins.exec',
  },
  {
    name: 'a tensor that only unknown code can rebuild',
    make: () =>
      torchZip(
        dict([
          'w',
          call(global('evil', 'rebuild'), [
            tuple(text('storage'), global('torch', 'FloatStorage'), text('0'), text('cpu'), integer(4)),
            'Q',
          ]),
        ]),
        weights,
      ),
    keys: ['w'],
  },
  {
    name: 'a payload before an operation that is none',
    make: () => beside([call(system, text('id')), '\xff']),
    code: 'malformed',
  },
  {
    name: 'a payload before the data ends',
    make: () => torchZip([call(system, text('id')), 'X', uint32(9)]),
    code: 'malformed',
  },
  {
    name: 'a second pickle behind the first',
    make: () => torchZip([dict(['w', honest]), '.', call(system, text('id'))], weights),
    code: 'malformed',
    says: 'trailing-bytes',
  },
  {
    name: 'a second pickle behind a plain one',
    make: () => bytesOf(pickle(dict(['w', integer(1)])), pickle(call(system, text('id')))),
    code: 'malformed',
    says: 'trailing-bytes',
  },
  {
    name: 'a key twice',
    make: () => torchZip([dict(['w', honest], ['w', honest])], weights),
    code: 'malformed',
    says: 'w twice',
  },
  {
    name: 'a key twice in OrderedDict',
    make: () =>
      torchZip(
        call(global('collections', 'OrderedDict'), list(list(text('w'), honest), list(text('w'), honest))),
        weights,
      ),
    code: 'malformed',
    says: 'w twice',
  },
  { name: 'EXT2', make: () => beside(['\x83', 1, 1]), code: 'unsupported-format' },
  { name: 'NEXT_BUFFER', make: () => beside('\x97'), code: 'unsupported-format' },
  { name: 'EXT1', make: () => beside('\x82\x01'), code: 'unsupported-format' },
  { name: 'EXT4', make: () => beside(['\x84', uint32(0x7fffffff)]), code: 'unsupported-format' },
  { name: 'a persistent id that is no tuple', make: () => beside([text('storage'), 'Q']), code: 'malformed' },
  {
    name: 'a persistent id with a hostile class',
    make: () => beside([tuple(text('storage'), system, text('0'), text('cpu'), integer(4)), 'Q']),
    code: 'unsupported-format',
  },
  {
    name: 'a tensor over a nested file',
    make: () =>
      torchZip(
        dict([
          'w',
          call(
            global('torch._utils', '_rebuild_tensor_v2'),
            call(global('torch.storage', '_load_from_bytes'), ['C', 1, 0]),
            integer(0),
            tuple(integer(1)),
            tuple(integer(1)),
            '\x89',
            dict(),
          ),
        ]),
      ),
    keys: ['w'],
  },
];
