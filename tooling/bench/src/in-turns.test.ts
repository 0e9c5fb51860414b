import { describe, expect, it } from 'vitest';
import { contestant, inTurns, timingOf } from './in-turns';

function counted() {
  const order: string[] = [];
  const one = (name: string) =>
    contestant(async () => {
      order.push(name);
      return { milliseconds: order.length, cpuMilliseconds: 2 * order.length };
    });
  return { order, ours: one('ours'), peer: one('peer') };
}

describe('inTurns', () => {
  it('runs everyone once unmeasured, then in turns', async () => {
    const { order, ours, peer } = counted();
    await inTurns([ours, peer], 2);
    expect(order).toEqual(['ours', 'peer', 'ours', 'peer', 'ours', 'peer']);
    expect(timingOf(ours.samples).wall).toMatchObject({ smallest: 3, largest: 5, count: 2 });
    expect(timingOf(peer.samples).cpu).toMatchObject({ smallest: 8, largest: 12, count: 2 });
  });

  it('measures at once where everyone is warm, and one round at least where time is short', async () => {
    const { order, ours, peer } = counted();
    await inTurns([ours, peer], 3, { isWarm: true, budget: 0 });
    expect(order).toEqual(['ours', 'peer']);
    expect(peer.samples).toHaveLength(1);
  });
});
