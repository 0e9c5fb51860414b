import { setArrayState, setDtypeState } from './numpy-values';
import { PickleBudget } from './pickle-budget';
import { PickleFault, type PickleCursor } from './pickle-cursor';
import { PickleMemo } from './pickle-memo';
import { PickleStack } from './pickle-stack';
import { addEntry, globalName, isKind, type PickleGlobal, type PickleValue } from './pickle-values';

/** What gives meaning to the names in a pickle. */
export interface PickleNames {
  /** The value of a persistent id: in torch files a tuple that names a storage. @throws {PickleFault} */
  persistent(id: PickleValue): PickleValue;
  /** The value of calling a known name; undefined makes an inert {@link PickleObject}. @throws {PickleFault} */
  call(callee: PickleGlobal, args: readonly PickleValue[]): PickleValue | undefined;
}

const unknownCallee: PickleGlobal = { kind: 'global', module: '', name: '?' };

/** Stack, memo and names of one pickle, and what its operations do with them. Everything throws {@link PickleFault}. */
export class PickleMachine {
  readonly stack: PickleStack;
  readonly memo: PickleMemo;
  /** Every class and function that was named, `module.name`, in order. */
  readonly globals = new Set<string>();
  private readonly budget: PickleBudget;

  /** @param fileBytes - What reading may take grows with it. */
  constructor(
    readonly cursor: PickleCursor,
    private readonly names: PickleNames,
    fileBytes: number,
  ) {
    this.budget = new PickleBudget(fileBytes);
    this.stack = new PickleStack(this.budget);
    this.memo = new PickleMemo(this.budget);
  }

  pushSequence(kind: 'list' | 'tuple' | 'set', items: PickleValue[]): void {
    this.budget.hold(items.length);
    this.stack.push(this.make({ kind, items }));
  }

  pushDict(): void {
    this.stack.push(this.make({ kind: 'dict', entries: new Map() }));
  }

  pushGlobal(module: PickleValue, name: PickleValue): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new PickleFault('a global whose name is no string');
    this.stack.push(this.named(module, name));
  }

  pushPersistent(id: PickleValue): void {
    this.stack.push(this.make(this.names.persistent(id)));
  }

  named(module: string, name: string): PickleGlobal {
    this.budget.nameLength(module.length + name.length);
    const global: PickleGlobal = { kind: 'global', module, name };
    this.globals.add(globalName(global));
    this.budget.names(this.globals.size);
    return this.make(global);
  }

  /** Pushes the value of a call, or what stands for it. */
  call(callee: PickleValue, args: readonly PickleValue[]): void {
    if (isKind(callee, 'global')) {
      const result = this.names.call(callee, args);
      if (result !== undefined && result !== args[0]) this.charge(result);
      this.stack.push(this.make(result ?? { kind: 'object', type: callee, args }));
      return;
    }
    // The result of an unknown call is called: keep the name that it came from.
    const type = isKind(callee, 'object') ? callee.type : unknownCallee;
    this.stack.push(this.make({ kind: 'object', type, args }));
  }

  /** The arguments of a call, from the stack. */
  popArguments(): readonly PickleValue[] {
    return itemsOf(this.stack.pop());
  }

  /** Adds to the list, set or object on the stack. */
  append(items: readonly PickleValue[]): void {
    const target = this.stack.top();
    this.budget.hold(items.length);
    if (isKind(target, 'list', 'set')) for (const item of items) target.items.push(item);
    else if (isKind(target, 'object')) for (const item of items) (target.items ??= []).push(item);
    else throw new PickleFault('items for something that is no list');
  }

  /** Adds keys and values in turn to the dictionary or object on the stack. */
  setItems(items: readonly PickleValue[]): void {
    if (items.length % 2 !== 0) throw new PickleFault('a key without its value');
    const target = this.stack.top();
    const entries = isKind(target, 'dict')
      ? target.entries
      : isKind(target, 'object')
        ? (target.entries ??= new Map())
        : undefined;
    if (!entries) throw new PickleFault('entries for something that is no dictionary');
    this.budget.hold(items.length);
    for (let i = 0; i < items.length; i += 2) addEntry(entries, items[i]!, items[i + 1]!);
  }

  /** Gives the object on the stack its state. */
  build(state: PickleValue): void {
    const target = this.stack.top();
    if (isKind(target, 'object')) target.state = state;
    else if (isKind(target, 'numpy-dtype')) setDtypeState(target, itemsOf(state));
    else if (isKind(target, 'numpy-array')) setArrayState(target, itemsOf(state));
    // Attributes of dictionaries and tensors (`_metadata` of a state dict) carry no weights.
    else if (!isKind(target, 'dict', 'tensor', 'list', 'set')) throw new PickleFault('a state for a plain value');
  }

  private make<T extends PickleValue>(value: T): T {
    this.budget.make(1);
    return value;
  }

  /** A call may copy what the memo holds once: many copies of one large value have to count. */
  private charge(result: PickleValue): void {
    if (result instanceof Uint8Array) this.budget.copy(result.length);
    else if (isKind(result, 'dict')) this.budget.make(result.entries.size);
    else if (isKind(result, 'list', 'tuple', 'set')) this.budget.hold(result.items.length);
  }
}

function itemsOf(value: PickleValue): readonly PickleValue[] {
  if (isKind(value, 'tuple', 'list')) return value.items;
  throw new PickleFault('arguments that are no tuple');
}
