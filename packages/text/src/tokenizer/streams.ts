import { checkIds, checkText } from './check-arguments';
import { lastCut } from './text-cuts';
import type { TextModel } from './text-model';
import type { TextDecodeOptions } from './text-tokenizer';

/** Text of ids as they come: only ever added to, never ending inside a character. */
export function createDecodeStream(
  model: TextModel,
  options: TextDecodeOptions,
): TransformStream<number | ArrayLike<number>, string> {
  const decoder = model.streamDecoder(options);
  return new TransformStream({
    transform(chunk, controller) {
      const ids = typeof chunk === 'number' ? [chunk] : chunk;
      checkIds('ids', ids);
      const text = Array.from(ids, (id) => decoder.push(id)).join('');
      if (text !== '') controller.enqueue(text);
    },
    flush(controller) {
      const text = decoder.end();
      if (text !== '') controller.enqueue(text);
    },
  });
}

/**
 * Ids of ordinary text as it comes. What lies behind the last place where pieces end for sure is held back; a tokenizer
 * that has no such places gives everything at the end.
 */
export function createEncodeStream(
  model: TextModel,
  encode: (text: string) => Int32Array,
): TransformStream<string, Int32Array> {
  let held = '';
  return new TransformStream({
    transform(chunk, controller) {
      checkText('text', chunk);
      const from = held.length;
      held += chunk;
      const cut = lastCut(held, Math.max(from - 1, 0), held.length, model.cuts);
      if (cut < 0) return;
      controller.enqueue(encode(held.slice(0, cut)));
      held = held.slice(cut);
    },
    flush(controller) {
      if (held !== '') controller.enqueue(encode(held));
    },
  });
}
