import type { ParityCase, ParityReport } from '@tesserae/core/test';
import { fromTokenizerJson } from '../../src/pipeline/tokenizer-json';
import type { TextEncodeOptions, TextEncoding } from '../../src/tokenizer/text-tokenizer';

interface Expected {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
  readonly tokens: readonly string[];
  readonly off: readonly number[];
  readonly mask: readonly number[];
  readonly special: readonly number[];
  readonly words: readonly (number | null)[];
  readonly seq: readonly (number | null)[];
}

const orMinusOne = (values: readonly (number | null)[]): number[] => values.map((value) => value ?? -1);

/** Compares whatever the case holds of an encoding. */
export function compareEncoding(
  label: string,
  actual: TextEncoding,
  expected: Partial<Expected>,
  report: ParityReport,
): void {
  const compare = (name: string, values: Int32Array | undefined, wanted: readonly number[] | undefined) => {
    if (wanted) report.equal(`${label} ${name}`, values && [...values], wanted);
  };
  compare('ids', actual.ids, expected.ids);
  compare('types', actual.typeIds, expected.typeIds);
  compare('offsets', actual.offsets, expected.off);
  compare('mask', actual.attentionMask, expected.mask);
  compare('special', actual.specialTokensMask, expected.special);
  compare('words', actual.wordIds, expected.words && orMinusOne(expected.words));
  compare('sequences', actual.sequenceIds, expected.seq && orMinusOne(expected.seq));
  if (expected.tokens) report.equal(`${label} tokens`, actual.tokens, expected.tokens);
}

export async function runPostProcessors(test: ParityCase, report: ParityReport): Promise<void> {
  interface File {
    readonly tokenizer: object;
    readonly postProcessors: Readonly<Record<string, object>>;
    readonly results: readonly (Expected & {
      readonly name: string;
      readonly text: string;
      readonly pair: string | null;
      readonly addSpecialTokens: boolean;
    })[];
  }
  const { tokenizer: frame, postProcessors, results } = (await test.json('cases.json')) as unknown as File;
  for (const [index, expected] of results.entries()) {
    const tokenizer = fromTokenizerJson({ ...frame, post_processor: postProcessors[expected.name] });
    const options: TextEncodeOptions = {
      addSpecialTokens: expected.addSpecialTokens,
      offsets: 'codepoint',
      ...(expected.pair !== null && { pair: expected.pair }),
    };
    const label = `${expected.name} ${index}`;
    compareEncoding(label, tokenizer.encode(expected.text, options), expected, report);
  }
}

export async function runTruncationPadding(test: ParityCase, report: ParityReport): Promise<void> {
  interface Truncation extends Pick<Expected, 'ids' | 'off' | 'typeIds'> {
    readonly text: string;
    readonly pair: string | null;
    readonly max: number;
    readonly stride: number;
    readonly strategy: string;
    readonly direction: 'left' | 'right';
    readonly throws?: string;
    readonly overflowing: readonly Pick<Expected, 'ids' | 'off' | 'typeIds'>[];
  }
  interface Padding {
    readonly strategy: string | { readonly Fixed: number };
    readonly direction: 'Left' | 'Right';
    readonly padToMultipleOf: number | null;
    readonly padId: number;
    readonly padTypeId: number;
    readonly padToken: string;
    readonly batch: readonly string[];
    readonly out: readonly Expected[];
  }
  const file = (await test.json('cases.json')) as unknown as {
    readonly tokenizer: object;
    readonly truncation: readonly Truncation[];
    readonly padding: readonly Padding[];
  };
  const tokenizer = fromTokenizerJson(file.tokenizer);
  for (const [index, expected] of file.truncation.entries()) {
    const { text, pair, max: maxLength, stride, direction, throws } = expected;
    const strategy = expected.strategy.replace('_', '-') as 'longest-first';
    const encode = () =>
      tokenizer.encode(text, {
        offsets: 'codepoint',
        truncation: { maxLength, stride, strategy, direction },
        ...(pair !== null && { pair }),
      });
    const label = `truncation ${index}`;
    if (throws !== undefined) {
      report.equal(`${label} throws`, attempt(encode), 'throws');
      continue;
    }
    const actual = encode();
    compareEncoding(label, actual, expected, report);
    const parts = actual.overflowing ?? [];
    report.equal(`${label} windows`, parts.length, expected.overflowing.length);
    for (const [at, part] of expected.overflowing.entries()) {
      if (parts[at]) compareEncoding(`${label} window ${at}`, parts[at], part, report);
    }
  }
  for (const [index, one] of file.padding.entries()) {
    const { strategy, padToken, direction, padToMultipleOf, padId, padTypeId } = one;
    // Once through the file's own field, once through options.
    const padding = {
      strategy,
      direction,
      pad_to_multiple_of: padToMultipleOf,
      pad_id: padId,
      pad_type_id: padTypeId,
      pad_token: padToken,
    };
    const byFile = fromTokenizerJson({ ...file.tokenizer, padding }).encodeBatch(one.batch, { offsets: 'codepoint' });
    const byOptions = tokenizer.encodeBatch(one.batch, {
      offsets: 'codepoint',
      padding: {
        length: typeof strategy === 'string' ? 'longest' : strategy.Fixed,
        direction: direction === 'Left' ? 'left' : 'right',
        multipleOf: padToMultipleOf ?? 1,
        id: padId,
        typeId: padTypeId,
      },
    });
    for (const [at, expected] of one.out.entries()) {
      compareEncoding(`padding ${index} ${at} by file`, byFile[at]!, expected, report);
      compareEncoding(`padding ${index} ${at} by options`, byOptions[at]!, expected, report);
    }
  }
}

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch {
    return 'throws';
  }
}
