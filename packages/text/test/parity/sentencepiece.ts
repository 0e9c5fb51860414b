import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { utf8Decode, utf8Encode } from '../../src/bytes/utf8';
import { wellFormed } from '../../src/pipeline/pipeline';
import { createNormalizer } from '../../src/sentencepiece/encode-pieces';
import { normalizeBytes } from '../../src/sentencepiece/normalize';
import { fromSentencePiece, type SentencePieceTokenizer } from '../../src/sentencepiece/sentencepiece';
import { createPieceVocabulary } from '../../src/sentencepiece/vocabulary';

interface Oracle {
  readonly encode: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly pieces: readonly string[];
    readonly surface: readonly string[];
    readonly off: readonly number[];
    readonly decoded?: string;
  }[];
  readonly nbest?: readonly {
    readonly text: string;
    readonly nbest: readonly { readonly ids: readonly number[]; readonly score: number }[];
  }[];
  readonly entropy?: readonly { readonly text: string; readonly alpha: number; readonly entropy: number }[];
  readonly decode: readonly { readonly ids: readonly number[]; readonly text: string }[];
  readonly extra: readonly {
    readonly text: string;
    readonly bosEos?: readonly number[];
    readonly reverse?: readonly number[];
  }[];
}

export const runSentencePiece: ParityRunner = async (test, report) => {
  const models = ['', '-unused'].filter((suffix) => `tokenizer${suffix}.model` in (test.facts['files'] as object));
  for (const suffix of models) {
    const bytes = await test.bytes(`tokenizer${suffix}.model`);
    const tokenizer = fromSentencePiece(bytes, { name: `${test.name}${suffix}` });
    report.equal(`file${suffix} written`, equalBytes(tokenizer.save('sentencepiece'), bytes), true);
    compare(suffix, tokenizer, (await test.json(`oracle${suffix}.json`)) as unknown as Oracle, report);
  }
  await compareNormalized(test, report);
};

const equalBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index]);

function compare(suffix: string, tokenizer: SentencePieceTokenizer, oracle: Oracle, report: ParityReport): void {
  for (const [index, one] of oracle.encode.entries()) {
    const label = `encode${suffix} ${index}`;
    const { ids, offsets, tokens } = tokenizer.encode(one.text, { offsets: 'codepoint' });
    report.equal(`${label} ids`, [...ids], one.ids);
    report.equal(`${label} pieces`, tokens, one.pieces);
    report.equal(`${label} offsets`, [...offsets!], one.off);
    const characters = Array.from(wellFormed(one.text));
    const surfaces = one.surface.map((_, at) => characters.slice(offsets![at * 2], offsets![at * 2 + 1]).join(''));
    report.equal(`${label} surfaces`, surfaces, one.surface);
    report.equal(`${label} decoded`, tokenizer.decode(ids), one.decoded ?? one.text);
    report.equal(`${label} in parts`, tokenizer.pieces(ids).join(''), one.decoded ?? one.text);
  }
  for (const [index, { ids, text }] of oracle.decode.entries()) {
    report.equal(`decode${suffix} ${index}`, tokenizer.decode(ids), text);
  }
  for (const [index, { text, bosEos, reverse }] of oracle.extra.entries()) {
    if (bosEos)
      report.equal(`extra${suffix} ${index}`, [...tokenizer.encode(text, { addSpecialTokens: true }).ids], bosEos);
    if (reverse) report.equal(`reverse${suffix} ${index}`, [...tokenizer.encode(text).ids].reverse(), reverse);
  }
  for (const [index, { text, nbest }] of (oracle.nbest ?? []).entries()) {
    const actual = tokenizer.nbest(text, nbest.length);
    report.equal(
      `nbest${suffix} ${index} ids`,
      actual.map(({ ids }) => [...ids]),
      nbest.map(({ ids }) => ids),
    );
    for (const [at, { score }] of nbest.entries()) {
      report.equal(`nbest${suffix} ${index} score ${at}`, near(actual[at]?.score, score), true);
    }
  }
  for (const [index, { text, alpha, entropy }] of (oracle.entropy ?? []).entries()) {
    report.equal(`entropy${suffix} ${index}`, near(tokenizer.entropy(text, alpha), entropy), true);
  }
}

/** Within 1e-5, relative above 1. */
const near = (actual: number | undefined, expected: number): boolean =>
  actual !== undefined && Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected));

/**
 * `plain` always removes extra spaces and neither adds nor escapes any; `internal` is what the model sees, but the command
 * that wrote it does not know of the suffix mode, which belongs to the trainer's settings.
 */
async function compareNormalized(test: ParityCase, report: ParityReport): Promise<void> {
  const rows = (await test.json('normalized.json')) as unknown as readonly (readonly [string, string, string])[];
  const tokenizer = fromSentencePiece(await test.bytes('tokenizer.model'), { name: test.name });
  const facts = {
    ...tokenizer.file.normalizer,
    removeExtraWhitespaces: true,
    addDummyPrefix: false,
    escapeWhitespaces: false,
  };
  // The normalizing command knows the character map only, no symbols of the model.
  const vocabulary = createPieceVocabulary(tokenizer.file, test.name);
  const plain = { ...createNormalizer(facts, vocabulary, test.name), matcher: undefined };
  const prefixed = { ...createNormalizer(tokenizer.file.normalizer, vocabulary, test.name), isSuffix: false };
  for (const [index, [text, expected, internal]] of rows.entries()) {
    report.equal(`normalize ${index} plain`, utf8Decode(normalizeBytes(plain, utf8Encode(text)).bytes), expected);
    report.equal(`normalize ${index} internal`, utf8Decode(normalizeBytes(prefixed, utf8Encode(text)).bytes), internal);
    const isSuffix = tokenizer.file.trainer.treatWhitespaceAsSuffix;
    if (!isSuffix) report.equal(`normalize ${index} model`, tokenizer.normalize(text), internal);
  }
}
