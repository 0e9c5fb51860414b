import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HubServer, startHubServer } from '../../../packages/core/test/hub-server';
import { commandBox } from './tesserae';

const box = commandBox();
const commit = '0123456789abcdef0123456789abcdef01234567';
const json = new TextEncoder().encode('{"model":{"type":"WordLevel","vocab":{"a":0,"<unk>":1},"unk_token":"<unk>"}}');
const words = new TextEncoder().encode('[UNK]\n[CLS]\n[SEP]\na\n');

let hub: HubServer;
let cache = '';
beforeEach(async () => {
  hub = await startHubServer({
    'owner/json': { commit, files: { 'tokenizer.json': json, 'other/words.txt': words } },
    'owner/words': { commit, files: { 'vocab.txt': words } },
    'owner/nothing': { commit, files: { 'model.safetensors': json } },
  });
  cache = await mkdtemp(join(tmpdir(), 'tesserae-vocabularies-'));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('HF_HUB_OFFLINE', '');
  vi.stubEnv('HF_TOKEN', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(cache, { recursive: true, force: true });
});

const ids = async (vocabulary: string) => {
  const { code, stdout, stderr } = await box.run('text', 'encode', '-m', vocabulary, '--text', 'a');
  return code === 0 ? stdout.toString().trim() : stderr;
};

describe('vocabularies of the hub', () => {
  it('are downloaded once, and then read from the cache', async () => {
    expect(await ids('owner/json')).toBe('0');
    await hub.close();
    expect(await ids('owner/json')).toBe('0');
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expect(await ids('owner/json@main')).toBe('0');
    expect(await ids('owner/words')).toMatch(/owner\/words.*not in the cache/);
  });
  it('may be any of the usual files, or one that is named', async () => {
    expect(await ids('owner/words')).toBe('3');
    expect(await ids('owner/json/other/words.txt')).toBe('3');
    expect(await ids('owner/nothing')).toMatch(/owner\/nothing/);
    expect(await ids('nowhere.json')).toMatch(/no such file/);
  });
});
