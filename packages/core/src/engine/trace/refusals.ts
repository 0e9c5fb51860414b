import { EngineError } from '../../errors/engine-error';
import type { Value } from './graph';

/** Where the model function called, as far as the stack tells: ` (at encoder.ts:12:5)`, or nothing. */
export function callSite(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const own = /[\\/]@tensorflow[\\/]|[\\/]tfjs[-.]|[\\/]engine[\\/]trace[\\/](?!.*\.test\.)|node:internal/;
  const frame = frames.find((line) => !own.test(line) && /:\d+:\d+/.test(line));
  const place = frame && /\(?([^()\s]+:\d+:\d+)\)?\s*$/.exec(frame.trim())?.[1];
  return place ? ` (at ${place})` : '';
}

/** `float32[1, 4] of encoder/MatMul`. */
export function describeValue({ dtype, shape, source }: Value): string {
  const type = `${dtype}[${shape.join(', ')}]`;
  switch (source.kind) {
    case 'input':
      return `${type}, the input '${source.name}'`;
    case 'node':
      return `${type}, the result of ${source.node.scope ? `${source.node.scope}/` : ''}${source.node.op}`;
    case 'constant':
      return `${type}, a constant`;
    default:
      return `${type}, a weight`;
  }
}

export function refusedRead(engine: string, name: string, what: string): EngineError {
  return new EngineError(
    'not-traceable',
    engine,
    name,
    `this function reads tensor values while it is being compiled: ${what}. ` +
      `Return the tensor and read it outside.${callSite()}`,
  );
}
