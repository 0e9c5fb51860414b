import type { ProgressEvent } from '@tesserae/core';
import type { AudioSignal } from '@tesserae/core/data';
import type { EncodedMessage } from '../memo/message';

/** What the page asks the worker; every answer has the number of its request. */
export type PageMessage =
  | { readonly type: 'encode'; readonly request: number; readonly message: AudioSignal; readonly most: number }
  | { readonly type: 'decode'; readonly request: number; readonly memo: string };

/** What the worker answers. */
export type WorkerMessage =
  | { readonly type: 'opened'; readonly engine: string }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'progress'; readonly request: number; readonly event: ProgressEvent }
  | { readonly type: 'encoded'; readonly request: number; readonly encoded: EncodedMessage }
  | { readonly type: 'decoded'; readonly request: number; readonly sound: AudioSignal }
  | { readonly type: 'failed'; readonly request: number; readonly reason: string };
