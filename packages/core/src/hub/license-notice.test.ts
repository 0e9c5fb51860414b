import { describe, expect, it, vi } from 'vitest';
import { hubWorld, noise } from '../../test/hub-world';
import { platform } from '../platform/node';
import { describeLicense, licenseOfCard, type LicenseNotice } from './license-notice';

const world = hubWorld();
const files = { 'model.safetensors': noise(1_500_000), 'config.json': noise(9) };

describe('license notices', () => {
  it('come once for each downloaded weight file, before its first byte', async () => {
    const hub = await world.serve(files, { license: 'cc-by-nc-4.0' });
    const notices: LicenseNotice[] = [];
    const onLicense = (notice: LicenseNotice) => {
      expect(hub.bytesSent()).toBe(9);
      notices.push(notice);
    };
    await world.pull(hub, { source: 'preset' }, { onLicense });
    await world.pull(hub, { source: 'preset' }, { onLicense });
    expect(notices).toEqual([
      {
        source: 'preset',
        file: 'model.safetensors',
        bytes: 1_500_000,
        license: { name: 'cc-by-nc-4.0', use: 'non-commercial' },
        text: 'preset: downloading model.safetensors (1.5 MB). License of the weights: cc-by-nc-4.0: not for commercial use.',
      },
    ]);
  });

  it('are printed where nobody takes them', async () => {
    const hub = await world.serve(files, { license: 'mit' });
    const notify = vi.spyOn(platform, 'notify').mockReturnValue();
    await world.pull(hub, {}, { onLicense: undefined as never });
    expect(notify.mock.calls).toEqual([['it: downloading model.safetensors (1.5 MB). License of the weights: mit.']]);
    notify.mockRestore();
  });

  it('refuse the download when they are not accepted', async () => {
    const hub = await world.serve(files, { license: 'cc-by-nc-4.0' });
    await expect(world.pull(hub, {}, { onLicense: async () => false })).rejects.toMatchObject({
      code: 'license',
      message: expect.stringContaining('cc-by-nc-4.0: not for commercial use, was not accepted'),
    });
    expect(hub.bytesSent()).toBe(9);
  });

  it.each([
    ['mit', 'any'],
    ['Apache-2.0', 'any'],
    ['cc-by-4.0', 'any'],
    ['cc-by-nc-sa-4.0', 'non-commercial'],
    ['apple-amlr-research', 'research'],
    ['fair-noncommercial-research-license', 'non-commercial'],
    ['other', 'unknown'],
    [undefined, 'unknown'],
    ['llama3', 'unknown'],
  ])('read %s of a model card as: %s', (name, use) => {
    expect(licenseOfCard(name).use).toBe(use);
  });

  it('say plainly what is not free', () => {
    expect(describeLicense({ name: 'X', use: 'research', url: 'https://x.example' })).toBe(
      'X: for research only (https://x.example)',
    );
    expect(describeLicense({ name: 'unknown', use: 'unknown' })).toBe(
      'no known license: what it allows is not known, read it first',
    );
    expect(describeLicense({ name: 'MIT', use: 'any' })).toBe('MIT');
  });
});
