import { describe, expect, it } from 'vitest';
import { fakeBrowser } from '../../test/browser-storage';
import { openBlobStore } from './web-blob-store';

describe.each([
  ['the private file system', {}, /^a%2Fb$/],
  ['the Cache API where a page cannot write files', { withoutWritable: true }, /^https:\/\/tesserae\.invalid\/a%2Fb$/],
  ['the Cache API', { withoutDirectory: true }, /^https:\/\/tesserae\.invalid\/a%2Fb$/],
  ['memory', { withoutDirectory: true, withoutCaches: true }, undefined],
])('files in %s', (_, options, key) => {
  it('are kept under any name', async () => {
    const browser = fakeBrowser(options);
    const store = await openBlobStore(browser);
    expect(await store.get('a/b')).toBeUndefined();
    await store.put('a/b', new Blob(['one']));
    await store.put('a/b', new Blob(['two']));
    await store.put('a/ü ?', new Blob(['x']));
    expect(await (await store.get('a/b'))!.text()).toBe('two');
    expect(await store.names()).toEqual(['a/b', 'a/ü ?']);
    expect([...browser.kept.keys()].filter((name) => key?.test(name))).toHaveLength(key ? 1 : 0);
    await store.remove('a/b');
    await store.remove('a/b');
    expect(await store.names()).toEqual(['a/ü ?']);
  });
});

describe('a browser', () => {
  it('says how much room is left, where it knows', async () => {
    expect(await (await openBlobStore(fakeBrowser({ quota: 100 }))).freeBytes()).toBe(100);
    expect(await (await openBlobStore(fakeBrowser())).freeBytes()).toBeUndefined();
    expect(await (await openBlobStore({})).freeBytes()).toBeUndefined();
  });

  it('lets one page at a time do the same thing', async () => {
    const store = await openBlobStore(fakeBrowser());
    const order: string[] = [];
    const task = (name: string) =>
      store.exclusively('x', async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(`${name} ends`);
        return name;
      });
    expect(await Promise.all([task('a'), task('b')])).toEqual(['a', 'b']);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(await (await openBlobStore({})).exclusively('x', async () => 5)).toBe(5);
  });
});
