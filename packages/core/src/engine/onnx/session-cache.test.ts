import { describe, expect, it } from 'vitest';
import { createSessionCache } from './session-cache';

function counter() {
  const events: string[] = [];
  const make =
    (name: string, bytes = 10) =>
    async () => {
      events.push(`make ${name}`);
      return { name, bytes, release: async () => void events.push(`release ${name}`) };
    };
  return { events, make };
}
const settled = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

describe('createSessionCache', () => {
  it('makes an entry once, also for callers at the same time', async () => {
    const { events, make } = counter();
    const cache = createSessionCache(100);
    const [first, second] = await Promise.all([cache.get('a', make('a')), cache.get('a', make('a'))]);
    expect(first).toBe(second);
    expect(events).toEqual(['make a']);
  });

  it('releases the least recently used above the budget, but never the last one', async () => {
    const { events, make } = counter();
    const cache = createSessionCache(25);
    for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, make(key));
    await settled();
    expect(events).toEqual(['make a', 'make b', 'make c', 'release b']);
    await cache.get('large', make('large', 1000));
    await settled();
    expect(events.slice(-2).sort()).toEqual(['release a', 'release c']);
    expect([cache.size(), cache.bytes()]).toEqual([1, 1000]);
  });

  it('forgets failures', async () => {
    const { make } = counter();
    const cache = createSessionCache(100);
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('a', make('a'))).toMatchObject({ name: 'a' });
  });

  it('drops by prefix, also what is still being made', async () => {
    const { events, make } = counter();
    const cache = createSessionCache(100);
    void cache.get('1|a', make('a'));
    await cache.get('2|b', make('b'));
    await cache.drop('1|');
    expect(events).toEqual(['make a', 'make b', 'release a']);
    expect(cache.size()).toBe(1);
  });
});
