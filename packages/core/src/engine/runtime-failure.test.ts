import { describe, expect, it } from 'vitest';
import { runtimeFailure } from './runtime-failure';

describe('what a runtime throws (F112)', () => {
  it.each([
    [new WebAssembly.RuntimeError('memory access out of bounds'), 'does-not-fit'],
    [new RangeError('Array buffer allocation failed'), 'does-not-fit'],
    [new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'), 'does-not-fit'],
    [new Error('failed to call OrtRun(). ERROR_CODE: 6, std::bad_alloc'), 'does-not-fit'],
    [new WebAssembly.RuntimeError('unreachable'), 'run-failed'],
    [8_388_608, 'run-failed'],
    [undefined, 'run-failed'],
  ])('%s names engine, function and cause', (thrown, code) => {
    const error = runtimeFailure(thrown, 'wasm', 'image/titok encode');
    expect(error).toMatchObject({ code, engine: 'wasm', operation: 'image/titok encode', cause: thrown });
    expect(error.message).toMatch(/^wasm: image\/titok encode: .*[a-z]/);
  });

  it('explains a bare number', () => {
    expect(runtimeFailure(8_388_608, 'wasm', 'encode').message).toBe(
      'wasm: encode: the runtime failed with code 8388608.',
    );
  });
});
