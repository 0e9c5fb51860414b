import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json';

it('does not depend on the order of fields, only on values', () => {
  const first = { b: [1, { d: 1, c: null }], a: 'x', gone: undefined };
  const second = { a: 'x', b: [1, { c: null, d: 1 }] };
  expect(canonicalJson(first)).toBe('{"a":"x","b":[1,{"c":null,"d":1}]}');
  expect(canonicalJson(second)).toBe(canonicalJson(first));
  expect(canonicalJson({ ...second, b: [{ c: null, d: 1 }, 1] })).not.toBe(canonicalJson(first));
});
