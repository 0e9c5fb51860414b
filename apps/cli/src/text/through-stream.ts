import { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** What a transform makes of pieces as they come. @throws What the pieces or the transform throw. */
export async function* throughStream<Input, Output>(
  pieces: AsyncIterable<Input>,
  transform: TransformStream<Input, Output>,
): AsyncIterable<Output> {
  // Node's type of the same class.
  const source = NodeReadableStream.from(pieces) as unknown as ReadableStream<Input>;
  yield* source.pipeThrough(transform);
}
