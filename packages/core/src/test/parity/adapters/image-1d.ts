import type { Adapter, CaseJson, CaseView } from './case-json';
import { sortByPrefix } from './prefixed';
import { hubFolderOf } from './weight-files';

type Expected = CaseView['expectations'][number];

/** 1D images: `input.`, `tap.[call.]NN.`, `output.`; `files` is a map; taps are numbered, outputs alphabetical. */
export const adaptImage1d: Adapter = (json, files) => {
  const { inputs, expectations } = sortByPrefix(json, {
    input: /^input\.(?<name>.*)$/,
    tap: /^(?<name>tap\..*)$/,
    output: /^output\.(?<name>.*)$/,
  });
  const weights = Array.isArray(json.files)
    ? undefined
    : (json.files as Record<string, string> | undefined)?.['weights'];
  return {
    inputs,
    expectations: inOrderOfComputation(json, expectations).map((entry) =>
      entry.role === 'tap' ? { ...entry, name: tapParts(entry.key).name } : entry,
    ),
    calls: [{}],
    ...(weights === undefined ? {} : { weights: hubFolderOf(weights, files) }),
  };
};

/** `tap.decode_len5.02.decoder.block0_LND` → group `decode_len5.`, number 2, name `decode_len5.decoder.block0_LND`. */
function tapParts(key: string): { readonly group: string; readonly number: number; readonly name: string } {
  const [, group = '', number = '0', rest = ''] = /^tap\.(?:(.*?\.)??(\d\d+)\.)(.*)$/.exec(key) ?? [];
  return { group, number: Number(number), name: `${group}${rest}` };
}

/**
 * `tensors` is alphabetical here. `fp64.maxAbs` holds the float tensors in the order in which the official run made
 * them (one run of taps after the other, each with its outputs); the numbers of the taps are exact; ids, which
 * `fp64.maxAbs` mostly leaves out, follow the latents they were made of.
 */
function inOrderOfComputation({ fp64 }: CaseJson, all: readonly Expected[]): readonly Expected[] {
  const byKey = new Map(all.map((entry) => [entry.key, entry]));
  const listedKeys = Object.keys(fp64?.maxAbs ?? {}).filter((key) => byKey.has(key));
  const listed = listedKeys.map((key) => byKey.get(key)!);
  const unlisted = all.filter(({ key }) => !listedKeys.includes(key));

  const order = fillSlots(listed, 'tap', compareTaps(listed));
  const staged = fillSlots(order, 'output', (a, b) => stage(a.name) - stage(b.name));
  for (const entry of unlisted) {
    staged.splice(placeOf(entry, staged), 0, entry);
  }
  return encodingBeforeDecoder(fillSlots(staged, 'tap', compareTaps(staged)));
}

/** Where one run of taps goes through encoder and decoder, latents and ids stand between the two. */
function encodingBeforeDecoder(entries: readonly Expected[]): readonly Expected[] {
  const isEncoded = ({ role, name }: Expected) => role === 'output' && stage(name) < 3;
  const decoder = entries.findIndex(
    ({ role, key }) => role === 'tap' && /(^|\.)(pixel_)?dec(oder)?[._]/.test(tapParts(key).name),
  );
  if (decoder < 0) return entries;
  const early = entries.filter((entry, index) => index < decoder || isEncoded(entry));
  return [...early, ...entries.filter((entry) => !early.includes(entry))];
}

/** Sorts the entries of one role among the places that they hold. */
function fillSlots(
  entries: readonly Expected[],
  role: Expected['role'],
  compare: (a: Expected, b: Expected) => number,
) {
  const sorted = entries.filter((entry) => entry.role === role).sort(compare);
  let next = 0;
  return entries.map((entry) => (entry.role === role ? sorted[next++]! : entry));
}

/** By number; a group that counts from 0 again belongs after everything that came before it. */
function compareTaps(entries: readonly Expected[]): (a: Expected, b: Expected) => number {
  const taps = entries.filter(({ role }) => role === 'tap').map(({ key }) => tapParts(key));
  const plain = new Set(taps.filter(({ group }) => group === '').map(({ number }) => number));
  const groups = [...new Set(taps.map(({ group }) => group))].filter((group) => group !== '');
  const rank = new Map<string, number>([['', 0]]);
  groups.forEach((group, index) => {
    const restarts = taps.some((entry) => entry.group === group && plain.has(entry.number));
    rank.set(group, restarts ? index + 1 : 0);
  });
  return (a, b) => {
    const [first, second] = [tapParts(a.key), tapParts(b.key)];
    return rank.get(first.group)! - rank.get(second.group)! || first.number - second.number;
  };
}

/** Latents, then their ids, then code vectors, then all that is decoded from them. */
function stage(name: string): number {
  if (/^(z|latents|vae_latents|parameters|mean|logvar|posterior_mean|posterior_logvar|logits)$/.test(name)) return 0;
  if (/^(ids|bits)$/.test(name)) return 1;
  if (/^(zq|quant|quantized)$/.test(name)) return 2;
  return 3;
}

function placeOf(entry: Expected, among: readonly Expected[]): number {
  if (entry.role === 'tap') return among.length;
  const rank = stage(entry.name);
  if (rank < 3) {
    const later = among.findIndex(({ role, name }) => role === 'output' && stage(name) > rank);
    return later < 0 ? among.length : later;
  }
  const stem = /^.*\./.exec(entry.name)?.[0];
  const relatives = stem === undefined ? -1 : among.findLastIndex(({ name }) => name.startsWith(stem));
  return relatives < 0 ? among.length : relatives + 1;
}
