import type { TextTokenizer } from '@tesserae/text';

/** What goes where a document does not fit: its end, its beginning, what is between, or all of it. */
export const cuts = ['tail', 'head', 'middle', 'never'] as const;
export type Cut = (typeof cuts)[number];

/** Who gets tokens among documents of one priority: the first ones in order, or all the same number. */
export const shares = ['first', 'even'] as const;
export type Share = (typeof shares)[number];

/** How a document stands in a prompt: bare, under a heading, or between tags. */
export const layouts = ['plain', 'headings', 'tags'] as const;
export type Layout = (typeof layouts)[number];

/** A document that may go into a prompt. */
export interface BudgetDocument {
  readonly name: string;
  readonly text: string;
  /** Larger goes in before smaller. Default 0. */
  readonly priority?: number;
  /** Goes in whole whatever happens. Default false. */
  readonly pinned?: boolean;
  /** Default: that of the settings. */
  readonly cut?: Cut;
}

/** How documents become a prompt. */
export interface FitSettings {
  /** Tokens of the whole prompt at most, from 0. */
  readonly budget: number;
  /** Default `headings`. */
  readonly layout?: Layout;
  /** Default `first`. */
  readonly share?: Share;
  /** Default `tail`. */
  readonly cut?: Cut;
  /** Stands where something was cut out. Default a line with `[…]`. */
  readonly marker?: string;
  /** A document of which fewer tokens could be kept is left out. Default 16. */
  readonly least?: number;
  /** Text in front of the documents, always there. Default none. */
  readonly before?: string;
  /** Text behind the documents, always there. Default none. */
  readonly after?: string;
}

/** What fitting needs of a tokenizer. */
export type FitTokenizer = Pick<TextTokenizer, 'count' | 'encode'>;

/** UTF-16 units that are kept of a document: from its beginning and up to its end. */
export interface Kept {
  readonly head: number;
  readonly tail: number;
}

/** Nothing of a document. */
export const keptNone: Kept = { head: 0, tail: 0 };

/** All of a document. */
export const keptWhole = ({ text }: Pick<BudgetDocument, 'text'>): Kept => ({ head: text.length, tail: 0 });

/** Settings with nothing left open. */
export type FullSettings = Required<FitSettings>;

/** Fills in the defaults. @throws {RangeError} A number that is no whole number from 0. */
export function fullSettings(settings: FitSettings): FullSettings {
  const full: FullSettings = {
    layout: 'headings',
    share: 'first',
    cut: 'tail',
    marker: '\n[…]\n',
    least: 16,
    before: '',
    after: '',
    ...settings,
  };
  for (const name of ['budget', 'least'] as const) {
    if (!Number.isSafeInteger(full[name]) || full[name] < 0)
      throw new RangeError(`${name}: expected a whole number from 0, got ${full[name]}.`);
  }
  return full;
}
