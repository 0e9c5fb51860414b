import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import { jointVocabulary } from './special-tokens';

const joint = jointVocabulary([
  ['special', 3],
  ['text', 50257],
  ['image', 4096],
]);

describe('jointVocabulary', () => {
  it('lays parts behind each other', () => {
    expect(joint.size).toBe(54356);
    expect(joint.offsets).toEqual({ special: 0, text: 3, image: 50260 });
    expect(joint.toJoint('image', Int32Array.of(0, 4095, -1))).toEqual(Int32Array.of(50260, 54355, -1));
    expect(joint.fromJoint('image', Int32Array.of(50260, -1))).toEqual(Int32Array.of(0, -1));
    expect(joint.locate(2)).toEqual({ part: 'special', id: 2 });
    expect(joint.locate(54355)).toEqual({ part: 'image', id: 4095 });
  });

  it('refuses ids of other parts, and parts that cannot be laid out', () => {
    expect(() => joint.toJoint('image', Int32Array.of(4096))).toThrow(TokensError);
    expect(() => joint.fromJoint('image', Int32Array.of(1, 50259))).toThrow(TokensError);
    expect(() => joint.locate(54356)).toThrow(TokensError);
    expect(() =>
      jointVocabulary([
        ['a', 1],
        ['a', 2],
      ]),
    ).toThrow(InputError);
    expect(() =>
      jointVocabulary([
        ['a', 2 ** 31 - 1],
        ['b', 1],
      ]),
    ).toThrow(InputError);
  });
});
