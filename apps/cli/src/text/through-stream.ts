import { ReadableStream } from 'node:stream/web';

/** What a transform makes of pieces as they come. @throws What the pieces or the transform throw. */
export async function* throughStream<Input, Output>(
  pieces: AsyncIterable<Input>,
  transform: TransformStream<Input, Output>,
): AsyncIterable<Output> {
  const source: ReadableStream<Input> = ReadableStream.from(pieces);
  const made: ReadableStream<Output> = source.pipeThrough<Output>(transform);
  yield* made;
}
