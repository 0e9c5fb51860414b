import { describe, expect, it } from 'vitest';
import type { CaseJson } from './case-json';
import { chooseAdapter, type ParityModality } from './choose-adapter';

const float = { shape: [1], dtype: 'float32' } as const;

function adapt(modality: ParityModality, json: Partial<CaseJson>, files: readonly string[] = []) {
  const whole: CaseJson = { system: 's', case: 'c', ...json };
  const view = chooseAdapter(modality, whole)(whole, files);
  return {
    ...view,
    inputNames: view.inputs.map(({ name }) => name),
    names: view.expectations.map(({ name, role }) => (role === 'tap' ? `(${name})` : name)),
  };
}

function tensors(...keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, float]));
}

describe('adapters', () => {
  it('core and 2D images', () => {
    const files = ['case.json', 'config.json', 'io.safetensors', 'pytorch_model.bin'];
    const json = {
      tensors: tensors('in.x', 'out.tap.conv_in', 'out.ids', 'out.after.step1._codebook.embed'),
      files: ['io.safetensors', 'pytorch_model.bin', 'config.json'],
    };
    expect(adapt('image', json, files)).toMatchObject({
      inputNames: ['x'],
      names: ['(conv_in)', 'ids', 'after.step1._codebook.embed'],
      weights: '.',
      calls: [{}],
    });
    expect(adapt('core', { tensors: tensors('in.x', 'out.y'), files: ['io.safetensors'] }).weights).toBeUndefined();
  });

  it('1D images: numbers and the order of the official run', () => {
    const json = {
      tensors: tensors(
        'input.image', 'output.ids', 'output.recon_len5', 'output.z', 'output.zq', 'tap.00.encoder.embed',
        'tap.01.encoder.block0_LND', 'tap.decode_len5.00.decoder.embed',
      ), // prettier-ignore
      files: { weights: 'weights.pth', io: 'io.safetensors' },
      fp64: {
        maxAbs: {
          'tap.00.encoder.embed': 1e-6, 'tap.01.encoder.block0_LND': 1e-6, 'output.z': 1e-6, 'output.zq': 0,
          'tap.decode_len5.00.decoder.embed': 1e-6, 'output.recon_len5': 1e-5,
        },
      }, // prettier-ignore
    };
    expect(adapt('image', json)).toMatchObject({
      inputNames: ['image'],
      names: ['(encoder.embed)', '(encoder.block0_LND)', 'z', 'ids', 'zq', '(decode_len5.decoder.embed)', 'recon_len5'],
      weights: 'weights.pth',
    });
  });

  it('1D images at published size: one numbering, outputs listed by alphabet', () => {
    const keys = [
      'tap.00.enc',
      'tap.03.vae',
      'tap.velocity.01.dec',
      'tap.velocity.02.out',
      'output.ids',
      'output.recon',
      'output.z',
    ];
    const json = { tensors: tensors(...keys), fp64: { maxAbs: Object.fromEntries(keys.map((key) => [key, 0])) } };
    const { names } = adapt('image', json);
    expect(names).toEqual(['(enc)', '(velocity.dec)', '(velocity.out)', '(vae)', 'z', 'ids', 'recon']);
  });

  it('1D images: ids before the decoder that is fed with them', () => {
    const keys = ['tap.00.encoder.ln_post', 'tap.01.decoder.ln_pre', 'output.z', 'output.zq', 'output.recon'];
    const json = {
      tensors: tensors('output.ids', ...keys),
      fp64: { maxAbs: Object.fromEntries(keys.map((key) => [key, 0])) },
    };
    expect(adapt('image', json).names).toEqual(['(encoder.ln_post)', 'z', 'ids', 'zq', '(decoder.ln_pre)', 'recon']);
  });

  it('1D images without float64 run', () => {
    const { names } = adapt('image', { tensors: tensors('input.x', 'output.8x5x4.ids', 'output.8x5x4.quant') });
    expect(names).toEqual(['8x5x4.ids', '8x5x4.quant']);
  });

  it('3D: taps by number, then outputs', () => {
    const json = {
      tensors: tensors('in.points', 'tap.99.z_e', 'tap.00.feat_in', 'out.ids'),
      files: { weights: 'weights.json' },
    };
    expect(adapt('3d', json, ['weights.json'])).toMatchObject({
      names: ['(feat_in)', '(z_e)', 'ids'],
      weights: 'weights.json',
    });
  });

  it('token reduction', () => {
    const json = {
      tensors: tensors('in.x', 'tap.block0.x', 'out.assign'),
      files: ['io.safetensors', 'hub/model.safetensors', 'weights.safetensors', 'model.pth'],
    };
    expect(adapt('token-reduction', json)).toMatchObject({
      inputNames: ['x'],
      names: ['(block0.x)', 'assign'],
      weights: 'weights.safetensors',
    });
  });

  it('audio: roles, taps by name', () => {
    const json = {
      tensors: {
        audio: { ...float, role: 'input' },
        tap_enc_lstm: { ...float, role: 'output' },
        codes: { ...float, role: 'output' },
      },
      weights: 'weights.safetensors',
    } as const;
    expect(adapt('audio', json)).toMatchObject({
      inputNames: ['audio'],
      names: ['(enc_lstm)', 'codes'],
      weights: 'weights.safetensors',
    });
  });

  it('video: lists of inputs and outputs, calls', () => {
    const json = {
      tensors: tensors('video5', 't5.fused.recon', 't5.fused.enc_out'),
      inputs: ['video5'],
      outputs: ['t5.fused.enc_out', 't5.fused.ids', 't5.fused.recon'],
      call: { calls: [{ name: 't5', input: 'video5' }] },
      weights: { file: 'model.ckpt', format: 'lightning' },
    };
    expect(adapt('video', json, ['model.ckpt'])).toMatchObject({
      names: ['(t5.fused.enc_out)', 't5.fused.ids', 't5.fused.recon'],
      calls: [{ name: 't5', input: 'video5' }],
      weights: 'model.ckpt',
    });
    expect(adapt('video', { ...json, weights: { file: '(none)', format: 'none' } }).weights).toBeUndefined();
  });

  it('text: tensors without roles', () => {
    const json = { tensors: tensors('hidden', 'latin.soft'), files: { 'checkpoint.pt': 'the same weights' } };
    expect(adapt('text', json, ['io.safetensors', 'weights.safetensors'])).toMatchObject({
      inputNames: ['hidden', 'latin.soft'],
      names: ['hidden', 'latin.soft'],
      weights: 'weights.safetensors',
      rolesByUse: true,
    });
    expect(adapt('text', { tensors: tensors('model0.w1') }, ['weights.safetensors']).names).toEqual([]);
  });
});
