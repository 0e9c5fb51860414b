import { setArrayState, setDtypeState } from './numpy-values';
import { PickleCursor, PickleFault } from './pickle-cursor';
import { parseFloatLine, unescapeUnicode, unquote } from './pickle-text';
import { addEntry, globalName, isKind, type PickleGlobal, type PickleValue } from './pickle-values';

/** What gives meaning to the names in a pickle. */
export interface PickleNames {
  /** The value of a persistent id: in torch files a tuple that names a storage. @throws {PickleFault} */
  persistent(id: PickleValue): PickleValue;
  /** The value of calling a known name; undefined makes an inert {@link PickleObject}. @throws {PickleFault} */
  call(callee: PickleGlobal, args: readonly PickleValue[]): PickleValue | undefined;
}

/**
 * Bounds that no real checkpoint comes near: a tensor takes about 45 operations, 10 objects and 8 memo entries. Those
 * of memory grow with the file, so that reading never takes more than a few times its size: an object is some 80 bytes,
 * a slot of a list or of the stack 8 (twice that while it grows).
 */
const maximumOperations = 8_000_000;
const maximumObjects = 2_000_000;
const maximumMemo = 2_000_000;
const freeObjects = 200_000;
const bytesPerObject = 32;
const freeSlots = 300_000;
const bytesPerSlot = 8;
const freeMemo = 200_000;
const bytesPerMemo = 16;
const maximumNames = 10_000;
const maximumNameLength = 1024;

class Mark {}
const mark = new Mark();
type Slot = PickleValue | Mark;

export interface Unpickled {
  readonly value: PickleValue;
  /** Where the pickle ends. */
  readonly end: number;
  /** Every class and function that it names, `module.name`, in order. */
  readonly globals: ReadonlySet<string>;
}

export interface UnpickleOptions {
  /** Where the pickle begins in the bytes. Default 0. */
  readonly start?: number;
  /** Size of the file that it lies in: what it may take. Default: the bytes. */
  readonly fileBytes?: number;
}

/**
 * Interprets one pickle as inert data: no name is looked up, nothing is called.
 *
 * @throws {PickleCut} Where the bytes end first.
 * @throws {PickleFault} For everything else that is wrong.
 */
export function unpickle(
  bytes: Uint8Array,
  names: PickleNames,
  { start = 0, fileBytes = bytes.length }: UnpickleOptions = {},
): Unpickled {
  return new Machine(new PickleCursor(bytes, start), names, fileBytes).run();
}

class Machine {
  private readonly stack: Slot[] = [];
  private readonly marks: number[] = [];
  /** Writers number from 0, so that the list stays dense; whatever is far apart goes to the map. */
  private readonly memo: (PickleValue | undefined)[] = [];
  private readonly sparseMemo = new Map<number, PickleValue>();
  private readonly globals = new Set<string>();
  private readonly maximumObjects: number;
  private readonly maximumSlots: number;
  private readonly maximumMemo: number;
  private objects = 0;
  private slots = 0;
  private copiedBytes = 0;

  constructor(
    private readonly cursor: PickleCursor,
    private readonly names: PickleNames,
    private readonly maximumCopiedBytes: number,
  ) {
    this.maximumObjects = Math.min(maximumObjects, freeObjects + Math.floor(maximumCopiedBytes / bytesPerObject));
    this.maximumMemo = Math.min(maximumMemo, freeMemo + Math.floor(maximumCopiedBytes / bytesPerMemo));
    this.maximumSlots = freeSlots + Math.floor(maximumCopiedBytes / bytesPerSlot);
  }

  run(): Unpickled {
    for (let count = 0; count < maximumOperations; count += 1) {
      const code = this.cursor.uint8();
      if (code === 0x2e) return { value: this.pop(), end: this.cursor.position, globals: this.globals };
      this.step(code);
    }
    throw new PickleFault(`more than ${maximumOperations} operations`, 'limit-exceeded');
  }

  private push(value: Slot): void {
    if (this.stack.length >= this.maximumSlots)
      throw new PickleFault(`more than ${this.maximumSlots} values on the stack`, 'limit-exceeded');
    this.stack.push(value);
  }

  private make<T extends PickleValue>(value: T, count = 1): T {
    this.objects += count;
    if (this.objects > this.maximumObjects)
      throw new PickleFault(`more than ${this.maximumObjects} objects`, 'limit-exceeded');
    return value;
  }

  /** Counts what containers hold. */
  private hold(count: number): void {
    this.slots += count;
    if (this.slots > this.maximumSlots)
      throw new PickleFault(`more than ${this.maximumSlots} values in containers`, 'limit-exceeded');
  }

  /** A call may copy what the memo holds once: many copies of one large value have to count. */
  private charge(result: PickleValue): void {
    if (result instanceof Uint8Array) this.copiedBytes += result.length;
    else if (isKind(result, 'dict')) this.make(result, result.entries.size);
    else if (isKind(result, 'list', 'tuple', 'set')) this.hold(result.items.length);
    if (this.copiedBytes > this.maximumCopiedBytes)
      throw new PickleFault('byte strings beyond the size of the file', 'limit-exceeded');
  }

  private pop(): PickleValue {
    // A mark fences its items: what lies below it is out of reach.
    if (this.stack.length <= (this.marks.at(-1) ?? -1) + 1) throw new PickleFault('an operation without its operand');
    return this.stack.pop() as PickleValue;
  }

  private top(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? -1) + 1) throw new PickleFault('an operation without its operand');
    return this.stack[this.stack.length - 1] as PickleValue;
  }

  private popToMark(): PickleValue[] {
    const at = this.marks.pop();
    if (at === undefined) throw new PickleFault('an operation without its mark');
    const items = this.stack.splice(at);
    items.shift();
    return items as PickleValue[];
  }

  private sequence(kind: 'list' | 'tuple' | 'set', items: PickleValue[]): void {
    this.hold(items.length);
    this.push(this.make({ kind, items }));
  }

  private put(index: number): void {
    if (index < 0) throw new PickleFault(`a memo index of ${index}`);
    const value = this.top();
    if (index < this.memo.length) this.memo[index] = value;
    else if (index === this.memo.length) {
      this.memo.push(value);
      this.sparseMemo.delete(index);
    } else this.sparseMemo.set(index, value);
    if (this.memo.length + this.sparseMemo.size > this.maximumMemo) {
      throw new PickleFault(`more than ${this.maximumMemo} memo entries`, 'limit-exceeded');
    }
  }

  private get(index: number): void {
    const value = this.memo[index] ?? (index < this.memo.length ? null : this.sparseMemo.get(index));
    if (value === undefined) throw new PickleFault(`memo entry ${index}, which is not set`);
    this.push(value);
  }

  private global(module: PickleValue, name: PickleValue): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new PickleFault('a global whose name is no string');
    this.push(this.named(module, name));
  }

  private named(module: string, name: string): PickleGlobal {
    if (module.length + name.length > maximumNameLength)
      throw new PickleFault(`a global of ${module.length + name.length} letters`, 'limit-exceeded');
    const global: PickleGlobal = { kind: 'global', module, name };
    this.globals.add(globalName(global));
    if (this.globals.size > maximumNames)
      throw new PickleFault(`more than ${maximumNames} different globals`, 'limit-exceeded');
    return this.make(global);
  }

  private call(callee: PickleValue, args: readonly PickleValue[]): void {
    if (isKind(callee, 'global')) {
      const result = this.names.call(callee, args);
      if (result !== undefined && result !== args[0]) this.charge(result);
      this.push(this.make(result ?? { kind: 'object', type: callee, args }));
      return;
    }
    // The result of an unknown call is called: keep the name that it came from.
    const type = isKind(callee, 'object') ? callee.type : unknownCallee;
    this.push(this.make({ kind: 'object', type, args }));
  }

  private items(value: PickleValue): readonly PickleValue[] {
    if (isKind(value, 'tuple', 'list')) return value.items;
    throw new PickleFault('arguments that are no tuple');
  }

  private append(items: readonly PickleValue[]): void {
    const target = this.top();
    this.hold(items.length);
    if (isKind(target, 'list', 'set')) for (const item of items) target.items.push(item);
    else if (isKind(target, 'object')) for (const item of items) (target.items ??= []).push(item);
    else throw new PickleFault('items for something that is no list');
  }

  private setItems(items: readonly PickleValue[]): void {
    if (items.length % 2 !== 0) throw new PickleFault('a key without its value');
    const target = this.top();
    const entries = isKind(target, 'dict')
      ? target.entries
      : isKind(target, 'object')
        ? (target.entries ??= new Map())
        : undefined;
    if (!entries) throw new PickleFault('entries for something that is no dictionary');
    this.hold(items.length);
    for (let i = 0; i < items.length; i += 2) addEntry(entries, items[i]!, items[i + 1]!);
  }

  private build(state: PickleValue): void {
    const target = this.top();
    if (isKind(target, 'object')) target.state = state;
    else if (isKind(target, 'numpy-dtype')) setDtypeState(target, this.items(state));
    else if (isKind(target, 'numpy-array')) setArrayState(target, this.items(state));
    // Attributes of dictionaries and tensors (`_metadata` of a state dict) carry no weights.
    else if (!isKind(target, 'dict', 'tensor', 'list', 'set')) throw new PickleFault('a state for a plain value');
  }

  private step(code: number): void {
    const { cursor } = this;
    switch (code) {
      case 0x80: // PROTO
        if (cursor.uint8() > 5) throw new PickleFault('a pickle protocol above 5', 'unsupported-format');
        return;
      case 0x95: // FRAME: only a hint of how far to read
        cursor.uint64();
        return;
      // Stack
      case 0x28: // MARK
        this.marks.push(this.stack.length);
        this.push(mark);
        return;
      case 0x30: // POP
        if (this.stack.length > 0 && this.stack.length - 1 === this.marks.at(-1)) this.popToMark();
        else this.pop();
        return;
      case 0x31: // POP_MARK
        this.popToMark();
        return;
      case 0x32: // DUP
        return this.push(this.top());
      // Plain values
      case 0x4e: // NONE
        return this.push(null);
      case 0x88: // NEWTRUE
        return this.push(true);
      case 0x89: // NEWFALSE
        return this.push(false);
      case 0x4a: // BININT
        return this.push(cursor.int32());
      case 0x4b: // BININT1
        return this.push(cursor.uint8());
      case 0x4d: // BININT2
        return this.push(cursor.uint16());
      case 0x8a: // LONG1
        return this.push(cursor.integer(cursor.uint8()));
      case 0x8b: // LONG4
        return this.push(cursor.integer(cursor.length32()));
      case 0x49: {
        // INT; protocol 0 writes booleans as 00 and 01
        const text = cursor.line();
        return this.push(text === '00' ? false : text === '01' ? true : cursor.decimal(text));
      }
      case 0x4c: // LONG
        return this.push(cursor.decimal(cursor.line()));
      case 0x47: // BINFLOAT
        return this.push(cursor.float64BigEndian());
      case 0x46: // FLOAT
        return this.push(parseFloatLine(cursor.line()));
      // Text and bytes
      case 0x58: // BINUNICODE
        return this.push(cursor.text(cursor.uint32()));
      case 0x8c: // SHORT_BINUNICODE
        return this.push(cursor.text(cursor.uint8()));
      case 0x8d: // BINUNICODE8
        return this.push(cursor.text(cursor.uint64()));
      case 0x56: // UNICODE
        return this.push(unescapeUnicode(cursor.line()));
      case 0x55: // SHORT_BINSTRING
        return this.push(cursor.text(cursor.uint8()));
      case 0x54: // BINSTRING
        return this.push(cursor.text(cursor.length32()));
      case 0x53: // STRING
        return this.push(unquote(cursor.line()));
      case 0x43: // SHORT_BINBYTES
        return this.push(cursor.raw(cursor.uint8()));
      case 0x42: // BINBYTES
        return this.push(cursor.raw(cursor.uint32()));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.push(cursor.raw(cursor.uint64()));
      // Containers
      case 0x5d: // EMPTY_LIST
        return this.sequence('list', []);
      case 0x6c: // LIST
        return this.sequence('list', this.popToMark());
      case 0x61: {
        // APPEND
        const item = this.pop();
        return this.append([item]);
      }
      case 0x65: // APPENDS
      case 0x90: {
        // ADDITEMS
        const items = this.popToMark();
        return this.append(items);
      }
      case 0x29: // EMPTY_TUPLE
        return this.sequence('tuple', []);
      case 0x74: // TUPLE
        return this.sequence('tuple', this.popToMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: {
        // TUPLE3
        const items: PickleValue[] = [];
        for (let count = code - 0x84; count > 0; count -= 1) items.push(this.pop());
        return this.sequence('tuple', items.reverse());
      }
      case 0x7d: // EMPTY_DICT
        return this.push(this.make({ kind: 'dict', entries: new Map() }));
      case 0x64: {
        // DICT
        const items = this.popToMark();
        this.push(this.make({ kind: 'dict', entries: new Map() }));
        return this.setItems(items);
      }
      case 0x73: {
        // SETITEM
        const value = this.pop();
        const key = this.pop();
        return this.setItems([key, value]);
      }
      case 0x75: {
        // SETITEMS
        const items = this.popToMark();
        return this.setItems(items);
      }
      case 0x8f: // EMPTY_SET
        return this.sequence('set', []);
      case 0x91: // FROZENSET
        return this.sequence('set', this.popToMark());
      // Memo
      case 0x71: // BINPUT
        return this.put(cursor.uint8());
      case 0x72: // LONG_BINPUT
        return this.put(cursor.uint32());
      case 0x70: // PUT
        return this.put(Number(cursor.decimal(cursor.line())));
      case 0x94: // MEMOIZE
        return this.put(this.memo.length + this.sparseMemo.size);
      case 0x68: // BINGET
        return this.get(cursor.uint8());
      case 0x6a: // LONG_BINGET
        return this.get(cursor.uint32());
      case 0x67: // GET
        return this.get(Number(cursor.decimal(cursor.line())));
      // Names and calls
      case 0x63: {
        // GLOBAL
        const module = cursor.line();
        return this.global(module, cursor.line());
      }
      case 0x93: {
        // STACK_GLOBAL
        const name = this.pop();
        return this.global(this.pop(), name);
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const args = this.items(this.pop());
        return this.call(this.pop(), args);
      }
      case 0x92: {
        // NEWOBJ_EX
        this.pop();
        const args = this.items(this.pop());
        return this.call(this.pop(), args);
      }
      case 0x69: {
        // INST
        const module = cursor.line();
        const name = cursor.line();
        const args = this.popToMark();
        return this.call(this.named(module, name), args);
      }
      case 0x6f: {
        // OBJ
        const [callee, ...args] = this.popToMark();
        if (callee === undefined) throw new PickleFault('an object without its class');
        return this.call(callee, args);
      }
      case 0x62: {
        // BUILD
        const state = this.pop();
        return this.build(state);
      }
      case 0x51: // BINPERSID
        return this.push(this.make(this.names.persistent(this.pop())));
      case 0x50: // PERSID
        return this.push(this.make(this.names.persistent(cursor.line())));
      case 0x98: // READONLY_BUFFER
        return;
      case 0x82: // EXT1
      case 0x83: // EXT2
      case 0x84: // EXT4
        throw new PickleFault('a name from the extension registry', 'unsupported-format');
      case 0x97: // NEXT_BUFFER
        throw new PickleFault('a buffer outside of the pickle', 'unsupported-format');
      default:
        throw new PickleFault(`the operation 0x${code.toString(16).padStart(2, '0')}`);
    }
  }
}

const unknownCallee: PickleGlobal = { kind: 'global', module: '', name: '?' };
