import { type FinishOptions, otherWork, type TrainingProgress } from './progress';

/** Texts between two reports. */
const reportEvery = 1024;

/** What takes texts: a word counter. */
export interface TextCounter {
  add(text: string): void;
}

/**
 * Counts the words of a corpus, text by text, and reports every 1024 texts.
 *
 * @param counter - Where they are counted; it may have counted before.
 * @param texts - A line, a document or a record each; words never reach over their ends.
 */
export function* countTexts(counter: TextCounter, texts: Iterable<string>): Generator<TrainingProgress, void> {
  let done = 0;
  for (const text of texts) {
    counter.add(text);
    done += 1;
    if (done % reportEvery === 0) yield { stage: 'count-words', done };
  }
  yield { stage: 'count-words', done, total: done };
}

/**
 * Counts the words of a stream of texts.
 *
 * @throws The reason of the signal, where it was aborted; the counter keeps what it has.
 */
export async function countTextsAsync(
  counter: TextCounter,
  texts: AsyncIterable<string> | Iterable<string>,
  { onProgress, signal }: FinishOptions = {},
): Promise<void> {
  let done = 0;
  for await (const text of texts) {
    signal?.throwIfAborted();
    counter.add(text);
    done += 1;
    if (done % reportEvery > 0) continue;
    onProgress?.({ stage: 'count-words', done });
    await otherWork();
  }
  onProgress?.({ stage: 'count-words', done, total: done });
}
