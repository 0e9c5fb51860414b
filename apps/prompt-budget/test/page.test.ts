import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserPage, chromium, openPage } from '@tesserae/cli/chromium';
import { createPageServer, host } from '@tesserae/cli/shared';
import { textTokenizers } from '@tesserae/text';
import { build, type Options } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import options from '../tsup.config';

const why = chromium === undefined ? ' (skipped: there is no Chromium on this machine)' : '';
const documentText = Array.from({ length: 200 }, () => 'word').join(' ');

/** Types into a field, or drops files on the page. */
const type = (selector: string, text: string) => `(() => {
  const field = document.querySelector(${JSON.stringify(selector)});
  field.value = ${JSON.stringify(text)};
  field.dispatchEvent(new Event('input', { bubbles: true }));
})()`;
const dropped = (name: string, bytes: string) => `(() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([${bytes}], ${JSON.stringify(name)}));
  dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
})()`;
const shows = (text: string) => `document.querySelector('#meter-text').textContent.includes(${JSON.stringify(text)})`;

describe.skipIf(chromium === undefined)(`the page in a browser${why}`, () => {
  let folder = '';
  let server: Server | undefined;
  let page: BrowserPage | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prompt-budget-page-'));
    await build({ ...(options as Options), outDir: folder, silent: true, config: false });
    server = await createPageServer(folder);
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    page = await openPage(chromium!, `http://localhost:${port}/#budget=100&vocabulary=cl100k_base&text=Hello`);
  });

  afterAll(async () => {
    await page?.close();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('counts as one types, fits what is dropped, and shows what became of it', async () => {
    const { evaluate, until } = page!;
    await until(shows('of 100 tokens'));
    await evaluate(type('.card textarea', 'Hello, world!'));
    await until(`document.querySelector('#prompt').textContent.endsWith('Hello, world!')`);
    await evaluate(dropped('lines.txt', JSON.stringify(documentText)));
    await until(shows('100 of 100 tokens, 0 free'));
    const prompt = await evaluate<string>(`document.querySelector('#prompt').textContent`);
    expect((await textTokenizers.fromPretrained('cl100k_base')).count(prompt)).toBe(100);
    expect(prompt).toMatch(/^## Document 1\n\nHello, world!\n\n## lines.txt\n\nword word .*\[…\]\n$/s);
    const facts = await evaluate<string[]>(`[...document.querySelectorAll('.facts')].map((each) => each.textContent)`);
    expect(facts[1]).toMatch(/^cut, \d+ in the prompt of \d+ tokens$/);
    expect(await evaluate<number>(`document.querySelectorAll('#meter > *').length`)).toBeGreaterThan(1);
  });

  it('takes another budget and vocabulary, and keeps both in the address', async () => {
    const { evaluate, until } = page!;
    await evaluate(type('#budget', '2,000'));
    await until(shows('of 2,000 tokens'));
    await evaluate(`(() => {
      const select = document.querySelector('#vocabulary');
      select.value = 'gpt2';
      select.dispatchEvent(new Event('change'));
    })()`);
    const gpt2 = await textTokenizers.fromPretrained('gpt2');
    const prompt = await evaluate<string>(`document.querySelector('#prompt').textContent`);
    await until(shows(`${gpt2.count(prompt)} of 2,000`));
    expect(await evaluate<string>('location.hash')).toMatch(/vocabulary=gpt2&budget=2000/);
    expect(await evaluate<boolean>(`document.querySelector('#copy').disabled`)).toBe(false);
  });

  it('says what is no text, and loads nothing from elsewhere', async () => {
    const { evaluate, until } = page!;
    await evaluate(dropped('picture.png', 'new Uint8Array([0x89, 0xff])'));
    await until(`document.querySelector('#notice').textContent === 'picture.png: no text in UTF-8'`);
    const loaded = await evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
    expect(loaded.filter((url) => !url.startsWith('http://localhost:') && !url.startsWith('data:'))).toEqual([]);
  });
});
