import { cuts, type Cut, type FitSettings, layouts, shares } from '../fit/documents';
import type { RequestedDocument } from './protocol';

/** A document on the page. */
export interface PageDocument {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly priority: number;
  readonly pinned: boolean;
  /** `default`: that of the settings. */
  readonly cut: Cut | 'default';
}

/** Settings of the page; texts of their fields where they are numbers being typed. */
export type PageSettings = Required<Pick<FitSettings, 'budget' | 'layout' | 'share' | 'cut' | 'before' | 'after'>>;

/** Everything that the page shows and a user can change. */
export interface PageState {
  readonly vocabulary: string;
  readonly settings: PageSettings;
  readonly documents: readonly PageDocument[];
  /** Of the next document. */
  readonly nextId: number;
}

/** The page as it begins: settings of the address (`#budget=8000&layout=tags&text=…`), and an empty document. */
export function firstState(address: string): PageState {
  const given = new URLSearchParams(address.replace(/^#/, ''));
  const budget = wholeNumber(given.get('budget') ?? '');
  const empty: PageState = {
    vocabulary: given.get('vocabulary') ?? 'o200k_base',
    settings: {
      budget: budget ?? 8000,
      layout: oneOf(layouts, given.get('layout')) ?? 'headings',
      share: oneOf(shares, given.get('share')) ?? 'first',
      cut: oneOf(cuts, given.get('cut')) ?? 'tail',
      before: given.get('before') ?? '',
      after: given.get('after') ?? '',
    },
    documents: [],
    nextId: 1,
  };
  return addDocument(empty, 'Document 1', given.get('text') ?? '');
}

/** What {@link firstState} reads: vocabulary and settings, no document. */
export function addressOf({ vocabulary, settings }: PageState): string {
  const { budget, layout, share, cut, before, after } = settings;
  const shown = Object.entries({ vocabulary, budget: String(budget), layout, share, cut, before, after });
  return `#${new URLSearchParams(shown.filter(([, value]) => value !== '')).toString()}`;
}

/** Adds a document at the end; an empty one that nobody touched makes room for the first real one. */
export function addDocument(state: PageState, name: string, text: string): PageState {
  const document: PageDocument = { id: state.nextId, name, text, priority: 0, pinned: false, cut: 'default' };
  const [only, ...others] = state.documents;
  const isFirst = only !== undefined && others.length === 0 && only.text === '' && text !== '';
  return { ...state, documents: [...(isFirst ? [] : state.documents), document], nextId: state.nextId + 1 };
}

/** Changes one document. */
export function changeDocument(state: PageState, id: number, change: Partial<Omit<PageDocument, 'id'>>): PageState {
  const documents = state.documents.map((document) => (document.id === id ? { ...document, ...change } : document));
  return { ...state, documents };
}

/** Takes a document away. */
export function removeDocument(state: PageState, id: number): PageState {
  return { ...state, documents: state.documents.filter((document) => document.id !== id) };
}

/** Moves a document up (-1) or down (1); one at the end stays. */
export function moveDocument(state: PageState, id: number, by: -1 | 1): PageState {
  const from = state.documents.findIndex((document) => document.id === id);
  const to = from + by;
  const [moved, other] = [state.documents[from], state.documents[to]];
  if (!moved || !other) return state;
  return { ...state, documents: state.documents.with(from, other).with(to, moved) };
}

/** The documents as the worker wants them. */
export function requestedDocuments({ documents }: PageState): readonly RequestedDocument[] {
  return documents.map(({ id, name, priority, pinned, cut }) => ({
    id,
    name,
    priority,
    pinned,
    ...(cut !== 'default' && { cut }),
  }));
}

/** A whole number from 0 as people write it, `8,000` and `8 000` too; undefined for anything else. */
export function wholeNumber(text: string): number | undefined {
  const digits = text.replaceAll(/[\s,._']/gu, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}

const oneOf = <T extends string>(list: readonly T[], value: string | null): T | undefined =>
  list.find((entry) => entry === value);
