/**
 * Cuts chunks of a text into lines and keeps the newline at the end of each, as the Hugging Face library reads files.
 * A carriage return ends no line.
 *
 * @param chunks - Pieces of one text, cut anywhere: a whole file, or what a decoder gives.
 */
export function* textLines(chunks: Iterable<string>): Generator<string> {
  const cutter = createLineCutter();
  for (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.end();
}

/** The same for a stream. */
export async function* textLinesOf(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  const cutter = createLineCutter();
  for await (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.end();
}

function createLineCutter() {
  let open: string[] = [];
  return {
    *push(chunk: string): Generator<string> {
      let start = 0;
      for (let newline = chunk.indexOf('\n'); newline >= 0; newline = chunk.indexOf('\n', start)) {
        open.push(chunk.slice(start, newline + 1));
        yield open.join('');
        open = [];
        start = newline + 1;
      }
      if (start < chunk.length) open.push(chunk.slice(start));
    },
    *end(): Generator<string> {
      if (open.length > 0) yield open.join('');
      open = [];
    },
  };
}
