import type { TextEncodeOptions } from '../tokenizer/text-tokenizer';

/** How texts are encoded in threads; nothing that belongs to one call alone. */
export type ThreadOptions = Pick<TextEncodeOptions, 'specials' | 'addSpecialTokens'>;

/** What a thread is told. */
export type ThreadRequest =
  /** The tokenizer in the compact form. */
  | { readonly kind: 'load'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'encode' | 'count';
      readonly job: number;
      /** UTF-16 of the job's texts, end to end, in memory that moves to the thread and back. */
      readonly units: Uint16Array<ArrayBuffer>;
      /** Where each text ends. */
      readonly ends: Int32Array;
      readonly options: ThreadOptions;
    };

/** What a thread says. */
export type ThreadReply =
  | {
      readonly kind: 'done';
      readonly job: number;
      /** Ids of the texts, end to end, and where each ends; for `count` the number of tokens of each, and nothing. */
      readonly ids: Int32Array<ArrayBuffer>;
      readonly ends: Int32Array<ArrayBuffer>;
      readonly units: Uint16Array<ArrayBuffer>;
    }
  | { readonly kind: 'failed'; readonly job: number; readonly text: number; readonly error: ThreadFailure };

/** An error as plain data. */
export interface ThreadFailure {
  readonly message: string;
  /** Of an `InputError`. */
  readonly input?: { readonly expected: string; readonly actual: string; readonly code: string };
}

/** A thread, in Node and in browsers. */
export interface TextThread {
  post(request: ThreadRequest, transfer: readonly ArrayBuffer[]): void;
  /** Whether the thread keeps the process alive; an idle one does not. */
  hold(isBusy: boolean): void;
  stop(): void;
}

/** What a thread calls. */
export interface ThreadEvents {
  readonly onReply: (reply: ThreadReply) => void;
  /** The thread ended without being told, or could not start. */
  readonly onDeath: (reason: string) => void;
}

/** Starts a thread. */
export type StartThread = (events: ThreadEvents) => TextThread;
