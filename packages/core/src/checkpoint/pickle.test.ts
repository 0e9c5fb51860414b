import { describe, expect, it } from 'vitest';
import { bytesOf, dict, integer, list, text, tuple, uint32, uint64, type Part } from '../../test/attacks/pickle-writer';
import { unpickle } from './pickle';
import { PickleCut, PickleFault } from './pickle-cursor';
import { torchCall, torchStorage } from './torch-names';

const names = { persistent: torchStorage, call: torchCall };
const load = (...parts: readonly Part[]) => unpickle(bytesOf(...parts, '.'), names).value;
const items = (kind: string, ...values: readonly unknown[]) => ({ kind, items: values });

describe('unpickle', () => {
  it.each<readonly [string, Part, unknown]>([
    ['NONE', 'N', null],
    ['booleans', ['\x88\x89\x86'], items('tuple', true, false)],
    ['BININT', ['J', uint32(0xfffffffe)], -2],
    ['BININT2', 'M\x01\x02', 513],
    ['LONG1', '\x8a\x02\x00\x80', -32768],
    ['LONG1 of 2^70', ['\x8a\x09', new Uint8Array(8), 0x40], 2n ** 70n],
    ['LONG1 empty', '\x8a\x00', 0],
    ['LONG4', ['\x8b', uint32(1), 0xff], -1],
    ['INT', 'I-12\n', -12],
    ['INT as boolean', 'I01\n', true],
    ['LONG', 'L123456789012345678901L\n', 123456789012345678901n],
    ['FLOAT', 'F-1.5e3\n', -1500],
    ['FLOAT inf', 'F-inf\n', -Infinity],
    ['BINFLOAT', ['G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
    ['BINUNICODE', text('größe'), 'größe'],
    ['SHORT_BINUNICODE', '\x8c\x02ab', 'ab'],
    ['BINUNICODE8', ['\x8d', uint64(1), 'a'], 'a'],
    ['UNICODE', 'Va\\u00fc\\n\n', 'aü\\n'],
    ['STRING', "S'a\\'b\\x41\\n'\n", "a'bA\n"],
    ['SHORT_BINSTRING', 'U\x01a', 'a'],
    ['BINSTRING', ['T', uint32(1), 'a'], 'a'],
    ['SHORT_BINBYTES', 'C\x02\x01\x02', Uint8Array.of(1, 2)],
    ['BINBYTES8', ['\x8e', uint64(1), 7], Uint8Array.of(7)],
    ['LIST', '(K\x01K\x02l', items('list', 1, 2)],
    ['APPEND', ']K\x01a', items('list', 1)],
    ['TUPLE3', 'K\x01K\x02K\x03\x87', items('tuple', 1, 2, 3)],
    ['DICT', "(S'k'\nK\x01d", { kind: 'dict', entries: new Map([['k', 1]]) }],
    ['sets', '\x8f(K\x01\x90', items('set', 1)],
    ['FROZENSET', '(K\x01\x91', items('set', 1)],
    ['POP and DUP', 'K\x01K\x020\x32\x86', items('tuple', 1, 1)],
    ['POP of a mark', 'K\x01(0', 1],
    ['POP_MARK', 'K\x01(K\x02K\x031', 1],
    ['memo', ['K\x05q\x000h\x00h\x00\x86'], items('tuple', 5, 5)],
    ['MEMOIZE', ['\x80\x04\x8c\x01a\x940h\x00'], 'a'],
    ['PUT and GET', 'K\x05p7\n0g7\n', 5],
    ['FRAME', ['\x95', uint64(1), 'N'], null],
    ['GLOBAL', 'ca b\nc d\n', { kind: 'global', module: 'a b', name: 'c d' }],
    ['STACK_GLOBAL', '\x8c\x01m\x8c\x01n\x93', { kind: 'global', module: 'm', name: 'n' }],
    ['NEWOBJ of a dictionary', ['ccollections\nOrderedDict\n)\x81'], { kind: 'dict', entries: new Map() }],
    [
      'OrderedDict of pairs',
      ['ccollections\nOrderedDict\n', tuple(list(tuple(text('a'), integer(1)))), 'R'],
      { kind: 'dict', entries: new Map([['a', 1]]) },
    ],
    ['bytes by _codecs.encode', ['c_codecs\nencode\n', tuple(text('ÿ'), text('latin1')), 'R'], Uint8Array.of(255)],
    [
      'a dictionary with attributes',
      [dict(['a', integer(1)]), dict(['_metadata', 'N']), 'b'],
      { kind: 'dict', entries: new Map([['a', 1]]) },
    ],
  ])('reads %s', (_, part, expected) => {
    expect(load(part)).toEqual(expected);
  });

  it('keeps shared values shared', () => {
    const value = load(']q\x00h\x00\x86');
    expect(value).toMatchObject({ kind: 'tuple' });
    const [a, b] = (value as unknown as { items: readonly unknown[] }).items;
    expect(a).toBe(b);
  });

  it('says where a pickle ends', () => {
    expect(unpickle(bytesOf('N.K\x05.'), names, { start: 2 })).toMatchObject({ value: 5, end: 5 });
  });

  it.each<readonly [string, Part]>([
    ['an empty stack', '.'],
    ['a result below a mark', 'N(.'],
    ['no mark', 'Nt.'],
    ['an unset memo entry', 'h\x00.'],
    ['a key without value', '}(K\x01u.'],
    ['entries of a list', '](K\x01K\x02u.'],
    ['items of a number', 'K\x01K\x02a.'],
    ['arguments that are no tuple', 'ca\nb\nNR.'],
    ['a state of a number', 'K\x01}b.'],
    ['a name that is no string', 'K\x01K\x02\x93.'],
    ['a decimal with letters', 'I1x\n.'],
    ['a hexadecimal float', 'F0x1p3\n.'],
    ['an unquoted string', 'Sabc\n.'],
    ['an unknown operation', '\xff.'],
    ['a negative length', ['T', uint32(0xffffffff), '.']],
    ['a negative memo index', 'Np-1\n.'],
    ['protocol 6', '\x80\x06N.'],
    ['an extension', '\x82\x01.'],
  ])('refuses %s', (_, part) => {
    expect(() => unpickle(bytesOf(part), names)).toThrow(PickleFault);
  });

  it('tells cut pickles from broken ones', () => {
    const whole = bytesOf('\x80\x02', dict(['a', list(integer(1), text('b'))]), '.');
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => unpickle(whole.subarray(0, length), names)).toThrow(PickleCut);
    }
  });
});
