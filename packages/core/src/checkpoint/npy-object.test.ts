import { describe, expect, it } from 'vitest';
import { writeNpy } from '../tokens/formats/npy';
import { readNpyObject } from './npy-object';

/** numpy.save(file, { 'a': 1, 'list': [1, 2.5, 'x', None, True], 'array': arange(6, dtype=int16).reshape(2, 3) }). */
const file = Uint8Array.from(
  Buffer.from(
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfE8nLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJUEAQAAAAAAAIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBKWgDjAVkdHlwZZSTlIwCTziUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LP3SUYoldlH2UKIwBYZRLAYwEbGlzdJRdlChLAUdABAAAAAAAAIwBeJROiGWMBWFycmF5lGgCaAVLAIWUaAeHlFKUKEsBSwJLA4aUaAuMAmkylImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQwwAAAEAAgADAAQABQCUdJRidWF0lGIu',
    'base64',
  ),
);

describe('readNpyObject', () => {
  it('gives plain values and arrays', () => {
    expect(readNpyObject(file, 'a.npy')).toEqual({
      a: 1,
      list: [1, 2.5, 'x', null, true],
      array: { shape: [2, 3], data: Int32Array.of(0, 1, 2, 3, 4, 5) },
    });
  });

  it('refuses other files and objects of classes', () => {
    const undecodable = { name: 'InputError', code: 'undecodable' };
    const of = (bytes: Uint8Array) => () => readNpyObject(bytes, 'a.npy');
    expect(of(new Uint8Array(0))).toThrow(/a\.npy: expected a \.npy file/);
    expect(of(writeNpy({ shape: [1], data: Int32Array.of(1) }))).toThrow(/a \.npy file of one object/);
    expect(of(file.subarray(0, file.length - 20))).toThrow(expect.objectContaining(undecodable));
    const pickle = "cos\nsystem\n(S'true'\ntR.";
    const hostile = Uint8Array.from([...file.subarray(0, 128), ...Buffer.from(pickle)]);
    expect(of(hostile)).toThrow(/no array of one object/);
  });
});
