import type { Json } from '../signal/signal';
import { PickleFault } from './pickle-cursor';
import {
  globalName,
  isKind,
  isTagged,
  type NumpyArray,
  type PickleObject,
  type PickleTensor,
  type PickleValue,
} from './pickle-values';

/** Containers in containers; a module tree of 30 levels takes about 100. */
const maximumDepth = 1000;
const maximumTensors = 100_000;
/** Places visited while naming tensors: one container under many names counts once each. */
const maximumVisits = 1_000_000;
const maximumPlainValues = 200_000;

/** Key of a file that holds one tensor and nothing else. */
export const soleTensorKey = 'tensor';

type Leaf = PickleTensor | NumpyArray;

/**
 * All tensors of a pickle under dotted names: keys of dictionaries, positions in lists, names of attributes. An
 * `nn.Module` counts as its state dict: parameters, persistent buffers, sub-modules.
 *
 * @throws {PickleFault} For two tensors of one name, and for hostile depths and repetitions.
 */
export function pickledTensors(root: PickleValue): Map<string, Leaf> {
  const holds = tensorHolders(root);
  const found = new Map<string, Leaf>();
  let visits = 0;
  const active = new Set<PickleValue>();
  const visit = (value: PickleValue, name: string): void => {
    visits += 1;
    if (visits > maximumVisits) throw new PickleFault(`more than ${maximumVisits} places`, 'limit-exceeded');
    if (isLeaf(value)) {
      const key = name === '' ? soleTensorKey : name;
      const before = found.get(key);
      if (before !== undefined && before !== value) throw new PickleFault(`two tensors of the name ${key}`);
      found.set(key, value);
      if (found.size > maximumTensors) throw new PickleFault(`more than ${maximumTensors} tensors`, 'limit-exceeded');
      return;
    }
    if (!holds.has(value) || active.has(value)) return;
    active.add(value);
    for (const [key, child] of children(value)) {
      if (isTagged(child) && (isLeaf(child) || holds.has(child))) visit(child, name === '' ? key : `${name}.${key}`);
    }
    active.delete(value);
  };
  visit(root, '');
  return found;
}

function isLeaf(value: PickleValue): value is Leaf {
  return isKind(value, 'tensor', 'numpy-array');
}

/** Containers that hold tensors at any depth, so that the rest (histories, file lists) is walked once only. */
function tensorHolders(root: PickleValue): ReadonlySet<PickleValue> {
  const holds = new Set<PickleValue>();
  const seen = new Set<PickleValue>();
  const search = (value: PickleValue, depth: number): boolean => {
    if (isLeaf(value)) return true;
    if (!isTagged(value)) return false;
    if (seen.has(value)) return holds.has(value);
    if (depth > maximumDepth)
      throw new PickleFault(`more than ${maximumDepth} containers in each other`, 'limit-exceeded');
    seen.add(value);
    let any = false;
    for (const [, child] of children(value)) if (search(child, depth + 1)) any = true;
    if (any) holds.add(value);
    return any;
  };
  search(root, 0);
  return holds;
}

/** What lies directly in a container, with the name of its place. */
function* children(value: PickleValue): Generator<readonly [string, PickleValue]> {
  if (isKind(value, 'dict')) yield* namedEntries(value.entries);
  else if (isKind(value, 'list', 'tuple', 'set')) yield* positions(value.items);
  else if (isKind(value, 'object')) {
    const attributes = attributesOf(value);
    if (attributes && isModule(attributes)) yield* moduleEntries(attributes);
    else if (attributes) yield* namedEntries(attributes);
    else if (value.state !== undefined && isKind(value.state, 'list', 'tuple')) yield* positions(value.state.items);
    else if (value.state !== undefined) yield ['state', value.state];
    if (value.entries) yield* namedEntries(value.entries);
    if (value.items) yield* positions(value.items);
    if (!attributes && !value.entries && !value.items) yield* positions(value.args);
  }
}

function* namedEntries(entries: ReadonlyMap<PickleValue, PickleValue>): Generator<readonly [string, PickleValue]> {
  for (const [key, value] of entries) yield [keyName(key), value];
}

function* positions(items: readonly PickleValue[]): Generator<readonly [string, PickleValue]> {
  for (let index = 0; index < items.length; index += 1) yield [String(index), items[index]!];
}

function keyName(key: PickleValue): string {
  if (isKind(key, 'tuple')) return key.items.every((item) => !isTagged(item)) ? key.items.map(keyName).join(',') : '?';
  if (isKind(key, 'global')) return globalName(key);
  return isTagged(key) || key instanceof Uint8Array ? '?' : String(key);
}

/** Attributes of an object: its state, or the first half of `(attributes, slots)`. */
function attributesOf({ state }: PickleObject): ReadonlyMap<PickleValue, PickleValue> | undefined {
  if (state === undefined) return undefined;
  if (isKind(state, 'dict')) return state.entries;
  if (!isKind(state, 'tuple') || state.items.length !== 2) return undefined;
  const maps = state.items.filter((item) => isKind(item, 'dict'));
  if (maps.length === 0) return undefined;
  return maps.length === 1 ? maps[0]!.entries : new Map([...maps[0]!.entries, ...maps[1]!.entries]);
}

function isModule(attributes: ReadonlyMap<PickleValue, PickleValue>): boolean {
  return ['_parameters', '_buffers', '_modules'].every((name) =>
    isKind(attributes.get(name) ?? null, 'dict', 'object'),
  );
}

function* moduleEntries(attributes: ReadonlyMap<PickleValue, PickleValue>): Generator<readonly [string, PickleValue]> {
  const transient = attributes.get('_non_persistent_buffers_set') ?? null;
  const skipped = new Set(isKind(transient, 'set', 'list') ? transient.items : []);
  for (const part of ['_parameters', '_buffers', '_modules']) {
    for (const [name, value] of children(attributes.get(part)!)) {
      if (part !== '_buffers' || !skipped.has(name)) yield [name, value];
    }
  }
}

/** Classes that only hold fields: their name adds nothing. */
const recordClasses: ReadonlySet<string> = new Set([
  'argparse.Namespace',
  'types.SimpleNamespace',
  'easydict.EasyDict',
  'addict.addict.Dict',
]);

/**
 * The plain values of a pickle as JSON: tensors and containers of nothing but tensors are left out, integers outside
 * ±2^53 become decimal strings, objects become their fields plus `$class`, whatever exceeds 200,000 values
 * `{ $omitted: true }`.
 */
export function pickledMetadata(root: PickleValue): Json {
  const budget = { left: maximumPlainValues };
  return plain(root, budget, new Set(), 0) ?? {};
}

const omitted: Json = { $omitted: true };

function plain(
  value: PickleValue,
  budget: { left: number },
  active: Set<PickleValue>,
  depth: number,
): Json | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return undefined;
  if (!isTagged(value)) return value;
  if (isKind(value, 'tensor', 'storage', 'numpy-dtype')) return undefined;
  if (isKind(value, 'numpy-array')) return undefined;
  if (isKind(value, 'global')) return globalName(value);
  budget.left -= 1;
  if (budget.left < 0 || active.has(value) || depth > maximumDepth) return omitted;
  active.add(value);
  const inside = (child: PickleValue) => {
    budget.left -= 1;
    return budget.left < 0 ? omitted : plain(child, budget, active, depth + 1);
  };
  try {
    if (isKind(value, 'dict')) return plainEntries(value.entries, inside);
    if (isKind(value, 'object')) return plainObject(value, inside);
    const items = value.items.slice(0, Math.max(budget.left, 0)).map(inside);
    return items.length > 0 && items.every((item) => item === undefined)
      ? undefined
      : items.map((item) => item ?? null);
  } finally {
    active.delete(value);
  }
}

type Inside = (child: PickleValue) => Json | undefined;

function plainEntries(entries: ReadonlyMap<PickleValue, PickleValue>, inside: Inside): Json | undefined {
  const fields: [string, Json][] = [];
  for (const [key, child] of entries) {
    const value = inside(child);
    if (value !== undefined) fields.push([keyName(key), value]);
    if (value === omitted) break;
  }
  // fromEntries defines own properties, `__proto__` included.
  return fields.length === 0 && entries.size > 0 ? undefined : Object.fromEntries(fields);
}

function plainObject(value: PickleObject, inside: Inside): Json | undefined {
  const attributes = attributesOf(value);
  if (value.type.module.startsWith('omegaconf.') && attributes) {
    // A configuration node: the rest is parents, flags and types.
    const content = attributes.get('_content') ?? attributes.get('_val');
    if (content !== undefined) return inside(content);
  }
  const name = globalName(value.type);
  const fields: [string, Json][] = recordClasses.has(name) ? [] : [['$class', name]];
  const add = (key: string, child: PickleValue) => {
    const json = inside(child);
    if (json !== undefined) fields.push([key, json]);
  };
  const module = attributes !== undefined && isModule(attributes);
  for (const [key, child] of attributes ?? []) {
    const field = keyName(key);
    // Private fields of a module are hooks and its parts.
    if (!(module && field.startsWith('_'))) add(field, child);
  }
  for (const [key, child] of value.entries ?? []) add(keyName(key), child);
  if (value.items && value.items.length > 0) add('$items', { kind: 'list', items: value.items });
  if (value.args.length > 0) add('$args', { kind: 'tuple', items: [...value.args] });
  return Object.fromEntries(fields);
}
