import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSound, decodeWav, encodeWav, melRvq, type MelRvqTokenizer } from '@tesserae/audio';
import { type BrowserPage, chromium, openPage } from '@tesserae/cli/chromium';
import { createPageServer, host } from '@tesserae/cli/shared';
import type { Tokens } from '@tesserae/core/data';
import { build, type Options } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoIn } from '../src/memo/link';
import { readMemo } from '../src/memo/memo';
import { memoModel } from '../src/memo/memo-layout';
import { encodeMessage } from '../src/memo/message';
import { pagePolicy } from '../src/page/policy';
import options from '../tsup.config';

const why = chromium === undefined ? ' (skipped: there is no Chromium on this machine)' : '';

const wav = encodeWav(checkSound());

/** Drops a file on the page. */
const dropped = (name: string, bytes: Uint8Array) => `(() => {
  const dataTransfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(${JSON.stringify(Buffer.from(bytes).toString('base64'))}), (c) => c.charCodeAt(0));
  dataTransfer.items.add(new File([bytes], ${JSON.stringify(name)}));
  dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
})()`;
const notice = `document.querySelector('#notice').hidden ? '' : document.querySelector('#notice').textContent`;
const link = `document.querySelector('#link').value`;
const linkIsThere = `!document.querySelector('#memo').hidden && ${link} !== ''`;
const idsOf = ({ levels }: Tokens) => levels.map((level) => [...level.data]);

describe.skipIf(chromium === undefined)(`the page in a browser${why}`, () => {
  let folder = '';
  let address = '';
  let server: Server | undefined;
  let page: BrowserPage | undefined;
  let tokenizer: MelRvqTokenizer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-memo-page-'));
    await build({ ...(options as Options), outDir: folder, silent: true, config: false });
    server = await createPageServer(folder, pagePolicy);
    server.listen(0, host);
    await once(server, 'listening');
    address = `http://localhost:${(server.address() as AddressInfo).port}/`;
    tokenizer = await melRvq.fromPretrained('audio-starter');
    // A microphone that beeps, and no question whether the page may use it.
    const microphone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    page = await openPage(chromium!, address, microphone);
  });

  afterAll(async () => {
    await page?.close();
    server?.close();
    await tokenizer?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes the link of a sound that the command makes, and plays it in a new page', async () => {
    const { evaluate, until } = page!;
    await until('document.body.dataset.engine');
    expect(await evaluate('document.body.dataset.engine')).toBe('onnx-web');
    await evaluate(dropped('message.wav', wav));
    await until(linkIsThere);
    const text = await evaluate<string>(link);
    expect(text.startsWith(`${address}#memo=`)).toBe(true);
    expect(await evaluate('location.href')).toBe(text);
    const model = memoModel(tokenizer);
    const expected = await encodeMessage(tokenizer, await decodeWav(wav), 2000);
    const found = await readMemo(memoIn(text), model);
    expect(idsOf(found)).toEqual(idsOf(await readMemo(expected.memo, model)));
    expect(memoIn(text)).toBe(expected.memo);

    const receiver = await openPage(chromium!, text);
    try {
      await receiver.until(linkIsThere);
      await receiver.evaluate(`document.querySelector('#play').click()`);
      await receiver.until(`document.querySelector('#play').dataset.samples === '${expected.samples}'`);
      expect(await receiver.evaluate(notice)).toBe('');
    } finally {
      await receiver.close();
    }
  });

  it('records the microphone', async () => {
    const { evaluate, until } = page!;
    const press = `document.querySelector('#record').click()`;
    await evaluate(press);
    await until(`/^Recording: (?:0\\.[5-9]|[1-9])/.test(document.querySelector('#status').textContent)`);
    await evaluate(press);
    await until(`${linkIsThere} && document.querySelector('#status').textContent === 'The link holds the message'`);
    expect(await evaluate(notice)).toBe('');
    const { source } = await readMemo(memoIn(await evaluate<string>(link)), memoModel(tokenizer));
    expect(source).toMatchObject({ modality: 'audio', samples: expect.any(Number) });
    expect((source as { readonly samples: number }).samples).toBeGreaterThan(0.4 * 16_000);
  });

  it('says what cannot be read, encoded or played, and loads nothing from elsewhere', async () => {
    const { evaluate, until } = page!;
    await evaluate(dropped('notes.txt', Buffer.from('no sound')));
    await until(`(${notice}).startsWith('notes.txt: expected sound that this browser plays')`);
    await evaluate(`document.querySelector('#most').value = '120'`);
    await evaluate(dropped('message.wav', wav));
    await until(`(${notice}).includes('of sound, which is what')`);
    await evaluate(`location.hash = '#memo=AQGA'`);
    await until(`${link}.endsWith('#memo=AQGA')`);
    await evaluate(`document.querySelector('#play').click()`);
    await until(`(${notice}) === 'memo: expected at least 14 bytes, got 3.'`);
    const blocked = await evaluate(`new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      fetch('http://elsewhere.invalid/').catch(() => setTimeout(() => resolve('nothing'), 500));
    })`);
    expect(blocked).toBe('connect-src');
    const loaded = await evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
    expect(loaded.filter((url) => !url.startsWith(address) && !url.startsWith('data:'))).toEqual([]);
  });
});
