import { deflateSync } from 'fflate';
import type { Attack } from './attack';
import { floats, npy, torchZip, zip, type MemberOptions } from './file-writers';
import { bytesOf, call, dict, global, pickle, repeat, tensor, text } from './pickle-writer';

const four = floats(1, 2, 3, 4);
const weights = dict(['w', tensor({ shape: [4] })]);
const hostile = pickle(call(global('os', 'system'), text('id')));
const torchMembers = (options: Partial<MemberOptions>): readonly MemberOptions[] => [
  { name: 'a/data.pkl', data: pickle(weights) },
  { name: 'a/data/0', data: four, ...options },
];
/** The storage with a local header that says something else than the directory. */
const locally = (
  what: string,
  local: NonNullable<MemberOptions['local']>,
  more: Partial<MemberOptions> = {},
): Attack => ({
  name: `zip: ${what} in the local header alone`,
  make: () => zip(torchMembers({ ...more, local })),
  code: 'malformed',
});
const climbs = (name: string): Attack => ({
  name: `zip: the name ${JSON.stringify(name)}`,
  make: () => zip([...torchMembers({}), { name, data: four }]),
  code: 'malformed',
  says: 'inside of the archive',
});
const zeros = (bytes: number): Uint8Array => new Uint8Array(bytes);

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
    name: 'zip: a wrong CRC of stored data',
    make: () => zip(torchMembers({ crc32: 1 })),
    code: 'malformed',
    says: 'CRC',
  },
  {
    name: 'zip: a bomb of forty megabytes',
    make: () => npz({ name: 'w.npy', data: zeroArray(40 * 2 ** 20), deflated: true }),
    code: 'limit-exceeded',
    says: 'inflation',
  },
  {
    name: 'zip: a bomb in the pickle',
    make: () => zip([{ name: 'a/data.pkl', data: bytesOf(pickle(weights), zeros(40 * 2 ** 20)), deflated: true }]),
    code: 'limit-exceeded',
    says: 'inflation',
  },
  {
    name: 'zip: a bomb inside of a bomb',
    make: () => zip([{ name: 'a.zip', data: deflateSync(zeros(2 ** 24)), deflated: true }]),
    code: 'unsupported-format',
  },
  {
    name: 'zip: members that overlap',
    make: () =>
      zip([
        { name: 'a/data.pkl', data: pickle(weights) },
        { name: 'a/data/1', data: four, bytes: 64, compressedBytes: 64 },
        { name: 'a/data/0', data: four },
      ]),
    code: 'malformed',
    says: 'overlaps',
  },
  {
    name: 'zip: one member under two names',
    make: () =>
      zip([...torchMembers({}), { name: 'a/data/1', data: four, headerOffset: 31 + 10 + pickle(weights).length - 1 }]),
    code: 'malformed',
  },
  {
    name: 'zip: deflated members that quote each other',
    make: () =>
      zip([
        { name: 'a/data.pkl', data: pickle(weights) },
        { name: 'a/data/0', data: four, deflated: true, compressedBytes: 200 },
        { name: 'a/data/1', data: repeat('a', 200) },
      ]),
    code: 'malformed',
  },
  {
    name: 'zip: a hole between members',
    make: () => zip(torchMembers({}).map((member, index) => (index === 0 ? { ...member, behind: hostile } : member))),
    code: 'malformed',
    says: 'holes',
  },
  {
    name: 'zip: bytes before the directory',
    make: () => zip(torchMembers({ behind: repeat('a', 100) })),
    code: 'malformed',
    says: 'holes',
  },
  {
    name: 'zip: bytes behind the directory',
    make: () => zip(torchMembers({}), { behindDirectory: hostile }),
    code: 'malformed',
    says: 'holes',
  },
  {
    name: 'zip: a pickle before the archive',
    make: () => zip(torchMembers({}), { before: pickle(dict(['w', 'N'])) }),
    code: 'malformed',
    says: 'trailing-bytes',
  },
  {
    name: 'zip: bytes behind the archive',
    make: () => bytesOf(zip(torchMembers({})), hostile),
    code: 'malformed',
  },
  {
    name: 'zip: a member before the first one',
    make: () => zip(torchMembers({}), { before: bytesOf('PK\x03\x04', zeros(26)) }),
    code: 'malformed',
    says: 'holes',
  },
  locally('encryption', { flags: 1 }),
  locally('another method', { method: 8 }),
  locally('another CRC', { crc32: 7 }),
  locally('a larger size', { bytes: 1000 }),
  locally('a smaller compressed size', { compressedBytes: 1 }),
  locally('a zip64 size without its field', { bytes: 0xffffffff, compressedBytes: 0xffffffff }),
  locally('no size, but no descriptor,', { bytes: 0, compressedBytes: 0, crc32: 0 }),
  {
    name: 'zip: sizes behind the data',
    make: () =>
      zip(torchMembers({ local: { flags: 8, bytes: 0, compressedBytes: 0, crc32: 0 }, behind: repeat('d', 16) })),
    keys: ['w'],
  },
  {
    name: 'zip: two end records that disagree',
    make: () => zip(torchMembers({}), { zip64: true, shortCount: 1 }),
    code: 'malformed',
  },
  {
    name: 'zip: a zip64 end record of another length',
    make: () => zip(torchMembers({}), { zip64: true, endBytes: 1000 }),
    code: 'malformed',
  },
  {
    name: 'zip: fewer entries than there are',
    make: () => zip(torchMembers({}), { count: 1 }),
    code: 'malformed',
  },
  {
    name: 'zip: a zip64 size of 2^50',
    make: () =>
      zip(torchMembers({ bytes: 2 ** 50, compressedBytes: 2 ** 50, local: { bytes: 16, compressedBytes: 16 } }), {
        zip64: true,
      }),
    code: 'malformed',
  },
  {
    name: 'zip: two archives of torch in one',
    make: () => zip([...torchMembers({}), { name: 'b/data.pkl', data: hostile }]),
    code: 'malformed',
    says: 'one data.pkl',
  },
  {
    name: 'zip: arrays of objects',
    make: () =>
      npz(
        { name: 'w.npy', data: npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", four) },
        { name: 'evil.npy', data: npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", hostile) },
      ),
    keys: ['w', 'evil'],
  },
  {
    name: 'zip: arrays compressed, cut short',
    make: () =>
      npz({
        name: 'w.npy',
        data: npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000,), }", four),
        deflated: true,
      }),
    code: 'malformed',
  },
  climbs('../../escape'),
  climbs('a/../../escape'),
  climbs('/etc/passwd'),
  climbs('a\\..\\escape'),
  climbs('C:\\escape'),
  climbs('a\0b'),
  { name: 'zip: an empty archive', make: () => zip([]), code: 'unsupported-format' },
  { name: 'zip: no name', make: () => zip([...torchMembers({}), { name: '', data: four }]), code: 'malformed' },
];

function npz(...members: readonly MemberOptions[]): Uint8Array {
  return zip(members);
}

/** Float32 zeros of so many bytes. */
function zeroArray(bytes: number): Uint8Array {
  return npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (${bytes / 4},), }`, zeros(bytes));
}
