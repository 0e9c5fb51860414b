import { PickleFault } from './pickle-cursor';
import type { PickleMachine } from './pickle-machine';
import { parseFloatLine, unescapeUnicode, unquote } from './pickle-text';
import type { PickleValue } from './pickle-values';

type Operation = (machine: PickleMachine) => void;

/** A value that the cursor reads. */
const value =
  (read: (cursor: PickleMachine['cursor']) => PickleValue): Operation =>
  ({ stack, cursor }) =>
    stack.push(read(cursor));

const put =
  (index: (machine: PickleMachine) => number): Operation =>
  (machine) =>
    machine.memo.put(index(machine), machine.stack.top());

const get =
  (index: (cursor: PickleMachine['cursor']) => number): Operation =>
  ({ stack, memo, cursor }) =>
    stack.push(memo.get(index(cursor)));

const tuple =
  (length: number): Operation =>
  (machine) => {
    const items: PickleValue[] = [];
    while (items.length < length) items.push(machine.stack.pop());
    machine.pushSequence('tuple', items.reverse());
  };

const unsupported = (what: string) => (): never => {
  throw new PickleFault(what, 'unsupported-format');
};

const extension = unsupported('a name from the extension registry');
const appendAll: Operation = (machine) => machine.append(machine.stack.popToMark());
const longBytes = value((cursor) => cursor.raw(cursor.uint64()));
const reduce: Operation = (machine) => {
  const args = machine.popArguments();
  machine.call(machine.stack.pop(), args);
};

/** By operation code, all protocols: `Lib/pickletools.py` of CPython names them. STOP is the reader's. */
const operations: Readonly<Record<number, Operation>> = {
  // PROTO
  0x80({ cursor }) {
    if (cursor.uint8() > 5) unsupported('a pickle protocol above 5')();
  },
  // FRAME: only a hint of how far to read
  0x95: ({ cursor }) => void cursor.uint64(),

  // Stack: MARK, POP, POP_MARK, DUP
  0x28: ({ stack }) => stack.mark(),
  0x30: ({ stack }) => stack.discard(),
  0x31: ({ stack }) => void stack.popToMark(),
  0x32: ({ stack }) => stack.push(stack.top()),

  // Plain values: NONE, NEWTRUE, NEWFALSE, BININT, BININT1, BININT2, LONG1, LONG4
  0x4e: value(() => null),
  0x88: value(() => true),
  0x89: value(() => false),
  0x4a: value((cursor) => cursor.int32()),
  0x4b: value((cursor) => cursor.uint8()),
  0x4d: value((cursor) => cursor.uint16()),
  0x8a: value((cursor) => cursor.integer(cursor.uint8())),
  0x8b: value((cursor) => cursor.integer(cursor.length32())),
  // INT: protocol 0 writes booleans as 00 and 01
  0x49: value((cursor) => {
    const text = cursor.line();
    return text === '00' ? false : text === '01' ? true : cursor.decimal(text);
  }),
  // LONG, BINFLOAT, FLOAT
  0x4c: value((cursor) => cursor.decimal(cursor.line())),
  0x47: value((cursor) => cursor.float64BigEndian()),
  0x46: value((cursor) => parseFloatLine(cursor.line())),

  // Text: BINUNICODE, SHORT_BINUNICODE, BINUNICODE8, UNICODE, SHORT_BINSTRING, BINSTRING, STRING
  0x58: value((cursor) => cursor.text(cursor.uint32())),
  0x8c: value((cursor) => cursor.text(cursor.uint8())),
  0x8d: value((cursor) => cursor.text(cursor.uint64())),
  0x56: value((cursor) => unescapeUnicode(cursor.line())),
  0x55: value((cursor) => cursor.text(cursor.uint8())),
  0x54: value((cursor) => cursor.text(cursor.length32())),
  0x53: value((cursor) => unquote(cursor.line())),
  // Bytes: SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
  0x43: value((cursor) => cursor.raw(cursor.uint8())),
  0x42: value((cursor) => cursor.raw(cursor.uint32())),
  0x8e: longBytes,
  0x96: longBytes,

  // Lists and sets: EMPTY_LIST, LIST, APPEND, APPENDS, ADDITEMS, EMPTY_SET, FROZENSET
  0x5d: (machine) => machine.pushSequence('list', []),
  0x6c: (machine) => machine.pushSequence('list', machine.stack.popToMark()),
  0x61: (machine) => machine.append([machine.stack.pop()]),
  0x65: appendAll,
  0x90: appendAll,
  0x8f: (machine) => machine.pushSequence('set', []),
  0x91: (machine) => machine.pushSequence('set', machine.stack.popToMark()),
  // Tuples: EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3
  0x29: (machine) => machine.pushSequence('tuple', []),
  0x74: (machine) => machine.pushSequence('tuple', machine.stack.popToMark()),
  0x85: tuple(1),
  0x86: tuple(2),
  0x87: tuple(3),
  // EMPTY_DICT, DICT, SETITEM, SETITEMS
  0x7d: (machine) => machine.pushDict(),
  0x64(machine) {
    const items = machine.stack.popToMark();
    machine.pushDict();
    machine.setItems(items);
  },
  0x73(machine) {
    const item = machine.stack.pop();
    machine.setItems([machine.stack.pop(), item]);
  },
  0x75: (machine) => machine.setItems(machine.stack.popToMark()),

  // Memo: BINPUT, LONG_BINPUT, PUT, MEMOIZE, BINGET, LONG_BINGET, GET
  0x71: put(({ cursor }) => cursor.uint8()),
  0x72: put(({ cursor }) => cursor.uint32()),
  0x70: put(({ cursor }) => Number(cursor.decimal(cursor.line()))),
  0x94: put(({ memo }) => memo.size),
  0x68: get((cursor) => cursor.uint8()),
  0x6a: get((cursor) => cursor.uint32()),
  0x67: get((cursor) => Number(cursor.decimal(cursor.line()))),

  // Names and calls: GLOBAL, STACK_GLOBAL, REDUCE, NEWOBJ
  0x63(machine) {
    const module = machine.cursor.line();
    machine.pushGlobal(module, machine.cursor.line());
  },
  0x93(machine) {
    const name = machine.stack.pop();
    machine.pushGlobal(machine.stack.pop(), name);
  },
  0x52: reduce,
  0x81: reduce,
  // NEWOBJ_EX: with arguments by name, which are left out
  0x92(machine) {
    machine.stack.pop();
    reduce(machine);
  },
  // INST, OBJ, BUILD
  0x69(machine) {
    const module = machine.cursor.line();
    const name = machine.cursor.line();
    const args = machine.stack.popToMark();
    machine.call(machine.named(module, name), args);
  },
  0x6f(machine) {
    const [callee, ...args] = machine.stack.popToMark();
    if (callee === undefined) throw new PickleFault('an object without its class');
    machine.call(callee, args);
  },
  0x62: (machine) => machine.build(machine.stack.pop()),
  // BINPERSID, PERSID
  0x51: (machine) => machine.pushPersistent(machine.stack.pop()),
  0x50: (machine) => machine.pushPersistent(machine.cursor.line()),

  // READONLY_BUFFER; EXT1, EXT2, EXT4; NEXT_BUFFER
  0x98: () => undefined,
  0x82: extension,
  0x83: extension,
  0x84: extension,
  0x97: unsupported('a buffer outside of the pickle'),
};

/** The same in an array, which is quicker: files have millions of operations. */
const byCode = Array.from({ length: 256 }, (_, code) => operations[code]);

/** Carries out one operation. @throws {PickleFault} It is unknown, or wrong at its place. */
export function operate(machine: PickleMachine, code: number): void {
  const operation = byCode[code];
  if (!operation) throw new PickleFault(`the operation 0x${code.toString(16).padStart(2, '0')}`);
  operation(machine);
}
