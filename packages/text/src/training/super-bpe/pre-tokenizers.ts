const split = (pattern: string) => ({
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
});

const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const before = '[^\\r\\n\\p{L}\\p{N}]?';

/** The words of SuperBPE's first stage, as its authors cut them (PythonNut/superbpe, `scripts/train_tokenizer.sh`). */
export const superBpeWords: object = split(
  `${before}${upper}*${lower}+|${before}${upper}+${lower}*|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|` +
    '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
);

/** What its second stage still keeps apart: numbers and runs of marks (`scripts/extend_tokenizer.sh`). */
export const superBpePhrases: object = split('\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]{2,}[\\r\\n/]*| +(?!\\S)');
