import type { TextEdit } from '../count/text-edit';
import type { BudgetDocument, FitSettings } from '../fit/documents';
import type { FitResult } from '../fit/fit-documents';

/** A document of a request; its text is what the edits so far made of it. */
export type RequestedDocument = Omit<BudgetDocument, 'text'> & { readonly id: number };

/** What the page asks the worker. */
export type PageMessage =
  | { readonly type: 'open'; readonly vocabulary: string; readonly bytes?: Uint8Array }
  | { readonly type: 'edit'; readonly id: number; readonly edit: TextEdit }
  | { readonly type: 'forget'; readonly id: number }
  | {
      readonly type: 'fit';
      /** Of two requests the later counts. */
      readonly request: number;
      readonly documents: readonly RequestedDocument[];
      readonly settings: FitSettings;
    };

/** What the worker answers. */
export type WorkerMessage =
  | { readonly type: 'opened'; readonly vocabulary: string; readonly vocabularySize: number }
  | { readonly type: 'refused'; readonly vocabulary: string; readonly reason: string }
  | { readonly type: 'counted'; readonly id: number; readonly tokens: number }
  | { readonly type: 'fitted'; readonly request: number; readonly result: FitResult };
