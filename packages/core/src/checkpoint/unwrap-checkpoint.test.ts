import { describe, expect, it } from 'vitest';
import { safetensorsBytes } from '../test/safetensors-bytes';
import { openCheckpoint } from './open-checkpoint';
import { unwrapCheckpoint, unwrapPrefix } from './unwrap-checkpoint';

async function unwrapped(...keys: readonly string[]): Promise<Record<string, number>> {
  const tensors = keys.map((key, index) => [key, { shape: [1], data: Float32Array.of(index) }] as const);
  const checkpoint = unwrapCheckpoint(await openCheckpoint(safetensorsBytes(Object.fromEntries(tensors))));
  const values = checkpoint.keys().map(async (key) => [key, (await checkpoint.tensor(key).read())[0]!] as const);
  return Object.fromEntries(await Promise.all(values));
}

describe('unwrapCheckpoint', () => {
  it('leaves a flat state dict alone', async () => {
    expect(await unwrapped('encoder.w', 'decoder.w', 'bias')).toEqual({ 'encoder.w': 0, 'decoder.w': 1, bias: 2 });
    expect(await unwrapped()).toEqual({});
  });

  it.each([
    ['state_dict', ['state_dict.w', 'optimizer.w'], 0],
    ['model_state_dict', ['epoch.w', 'model_state_dict.w'], 1],
    ['an EMA copy beside the model', ['model.w', 'ema.w'], 1],
    ['an EMA state dict', ['ema_state_dict.w', 'optimizer.w'], 0],
    ['model alone', ['model.w'], 0],
    ['several containers', ['state_dict.model.w', 'state_dict.loss.w'], 0],
    ['wrappers of training code', ['module._orig_mod.w'], 0],
    ['a wrapper in a container', ['state_dict.module.w'], 0],
    ['all of it', ['state_dict.model._orig_mod._checkpoint_wrapped_module.w'], 0],
  ])('walks into %s', async (_, keys, value) => expect(await unwrapped(...keys)).toEqual({ w: value }));

  it('takes model for a module name where something lies beside it', async () => {
    expect(await unwrapped('model.w', 'head.w')).toEqual({ 'model.w': 0, 'head.w': 1 });
  });

  it('says what it took off', async () => {
    const bytes = (key: string) => safetensorsBytes({ [key]: { shape: [1], data: Float32Array.of(1) } });
    expect(unwrapPrefix(await openCheckpoint(bytes('state_dict.model.module.w')))).toBe('state_dict.model.module.');
    expect(unwrapPrefix(await openCheckpoint(bytes('encoder.w')))).toBe('');
  });

  it('takes a prefix off only where all keys have it', async () => {
    expect(await unwrapped('_orig_mod.a', 'b')).toEqual({ '_orig_mod.a': 0, b: 1 });
  });
});
