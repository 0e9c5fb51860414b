import { fromBinary } from '../binary/from-binary';
import { createIdSink, reserveIds } from '../bpe/id-sink';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import type { ThreadFailure, ThreadReply, ThreadRequest } from './protocol';

/** Units that become a string at once; more arguments do not fit on some stacks. */
const unitsAtOnce = 1 << 13;

/** Does what a thread is told. */
export function createThreadWork(
  post: (reply: ThreadReply, transfer: readonly ArrayBuffer[]) => void,
): (request: ThreadRequest) => void {
  let tokenizer: TextTokenizer | undefined;
  return (request) => {
    if (request.kind === 'load') {
      tokenizer = fromBinary(request.bytes);
      return;
    }
    const { job, units, ends, kind, options } = request;
    const sink = createIdSink(kind === 'encode' ? units.length >> 1 : ends.length);
    const idEnds = new Int32Array(kind === 'encode' ? ends.length : 0);
    for (const [text, end] of ends.entries()) {
      const content = textOfUnits(units, text === 0 ? 0 : ends[text - 1]!, end);
      try {
        const ids =
          kind === 'encode' ? tokenizer!.encode(content, options).ids : Int32Array.of(tokenizer!.count(content));
        reserveIds(sink, ids.length);
        sink.ids.set(ids, sink.count);
        sink.count += ids.length;
      } catch (error) {
        post({ kind: 'failed', job, text, error: asFailure(error) }, []);
        return;
      }
      if (kind === 'encode') idEnds[text] = sink.count;
    }
    const ids = sink.ids.slice(0, sink.count) as Int32Array<ArrayBuffer>;
    post({ kind: 'done', job, ids, ends: idEnds, units }, [ids.buffer, idEnds.buffer, units.buffer]);
  };
}

function textOfUnits(units: Uint16Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += unitsAtOnce) {
    text += String.fromCharCode(...units.subarray(at, Math.min(at + unitsAtOnce, end)));
  }
  return text;
}

/** Own errors are known by their marker-free fields: the class is another one in another thread. */
function asFailure(error: unknown): ThreadFailure {
  const { message, name, expected, actual, code } = error as {
    readonly message?: string;
    readonly name?: string;
    readonly expected?: string;
    readonly actual?: string;
    readonly code?: string;
  };
  return {
    message: message ?? String(error),
    ...(name === 'InputError' && { input: { expected: `${expected}`, actual: `${actual}`, code: `${code}` } }),
  };
}
