import type { ParityRunner } from '@tesserae/core/test';
import { additionProblem } from '../../src/digits/addition';
import { digitSeparators, formatDigits } from '../../src/digits/chunk-digits';
import { groupDigits, ungroupDigits } from '../../src/digits/group-digits';

interface DigitsFile {
  readonly separators: Readonly<Record<string, string>>;
  readonly numbers: readonly {
    readonly text: string;
    readonly format?: string;
    readonly size?: number;
    readonly separator?: string;
    readonly direction?: 'l2r' | 'r2l';
    readonly out: string;
  }[];
  readonly problems: readonly {
    readonly a: number;
    readonly b: number;
    readonly format: string;
    readonly num_spaces: number;
    readonly num_trailing_spaces: number;
    readonly with_equals: boolean;
    readonly out: string;
  }[];
}

export const runDigits: ParityRunner = async (test, report) => {
  const { separators, numbers, problems } = (await test.json('cases.json')) as unknown as DigitsFile;
  report.equal('separators', digitSeparators, separators);
  for (const { text, format, size = 3, separator, direction, out } of numbers) {
    const name = `${text} ${format ?? `${size} ${separator} ${direction}`}`;
    if (format !== undefined) {
      report.equal(name, formatDigits(text, format, size), out);
      continue;
    }
    const options = { size, separator: separator!, direction: direction === 'r2l' ? 'rtl' : 'ltr' } as const;
    report.equal(name, groupDigits(text, options), out);
    report.equal(`${name} back`, ungroupDigits(out, options), text);
  }
  for (const { a, b, format, num_spaces, num_trailing_spaces, with_equals, out } of problems) {
    const options = { format, spaces: num_spaces, trailingSpaces: num_trailing_spaces, withEquals: with_equals };
    report.equal(`problem ${out}`, additionProblem([a, b], options), out);
  }
};
