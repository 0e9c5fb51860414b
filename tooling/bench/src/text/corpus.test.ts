import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cutDocuments, documentLength, readCorpora } from './corpus';
import { textOfHtml } from './corpus-sources';

const folder = mkdtempSync(join(tmpdir(), 'tesserae-corpus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('cutDocuments', () => {
  it('takes documents of the sources in turn, and leaves out short ends', () => {
    const documents = cutDocuments([
      { name: 'a', text: 'a'.repeat(documentLength * 2 + 100) },
      { name: 'b', text: 'b'.repeat(documentLength * 0.6) },
    ]);
    expect(documents.map((text) => `${text[0]} ${text.length}`)).toEqual(['a 10000', 'b 6000', 'a 10000']);
  });
  it('keeps pairs of surrogates together', () => {
    const [first] = cutDocuments([{ name: 'emoji', text: `x${'😀'.repeat(documentLength)}` }]);
    expect(first).toBe(`x${'😀'.repeat((documentLength - 2) / 2)}`);
  });
});

describe('readCorpora', () => {
  it('reads a folder for each group, and refuses one without text', () => {
    mkdirSync(join(folder, 'cjk', 'deeper'), { recursive: true });
    writeFileSync(join(folder, 'cjk', 'deeper', 'text.txt'), '漢'.repeat(documentLength * 5));
    const order = { groups: ['english', 'cjk'], documents: 9, folder, packages: folder } as const;
    const [corpus] = readCorpora(order);
    expect(corpus).toMatchObject({ group: 'cjk', bytes: 60_000 });
    expect([corpus!.measured.length, corpus!.warming.length]).toEqual([2, 3]);
    expect(() => readCorpora({ ...order, groups: ['code'] })).toThrow('expected text in');
  });
});

describe('textOfHtml', () => {
  it('gives a paragraph a line', () => {
    const page = '<html><head><title>no</title></head><body><h1>One</h1>\n  <p>two &amp; three</p></body></html>';
    expect(textOfHtml(page)).toBe('One\ntwo & three');
  });
});
