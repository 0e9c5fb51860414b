import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { graphemes, isPrepended } from './graphemes';

const characters =
  'ab\r\n \u0301\u0308\u200d\u200c\u{1f468}\u{1f3fd}\u{1f469}\u2764\ufe0f\u{1f1e9}\u{1f1ea}\u{1f1eb}각각가\u0600\u0903\u0915\u094d\u0924\u093f\u0e33\u0bc0';

/** The runtime's own segmentation is the same only in a runtime of the same Unicode version. */
const isSameVersion = process.versions['unicode'] === '17.0';

describe('graphemes', () => {
  it.each([
    ['e\u0301\u0308x', ['e\u0301\u0308', 'x']],
    ['\r\n\n', ['\r\n', '\n']],
    ['👩‍👩‍👧a', ['👩‍👩‍👧', 'a']],
    ['👩\u200d\u200d👧', ['👩\u200d\u200d', '👧']],
    ['🇩🇪🇫', ['🇩🇪', '🇫']],
    ['각ᆨ가', ['각ᆨ', '가']],
    ['क्षि', ['क्षि']],
    ['क\u200c्ष', ['क\u200c्', 'ष']],
    ['က္က', ['က္က']],
    ['\u0600ab', ['\u0600a', 'b']],
  ])('of %j', (text, expected) => expect([...graphemes(text)]).toEqual(expected));
  it.runIf(isSameVersion)('are those of the runtime', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    for (const text of randomTexts(6000, 4, [...characters])) {
      expect([...graphemes(text)]).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
    }
  });
  it.runIf(isSameVersion)('join the conjuncts of the scripts that have them', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const indic = [...'कত્தతക୍क्ক্ગ્த்త్ക്କ୍ක්ក្ကမ္ᬓ᭄ྐཀ𑄇𑄳𑀓𑁆'];
    for (const text of randomTexts(4000, 6, indic)) {
      expect([...graphemes(text)]).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
    }
  });
  it('know what is never an end', () => {
    expect(isPrepended(0x600)).toBe(true);
    expect(isPrepended(0x61)).toBe(false);
  });
});
