import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { statisticOf, type Statistic } from '../statistics';
import type { EncodingName, PeerPlaces } from './peers.mjs';

const program = fileURLToPath(new URL('./load-time.mjs', import.meta.url));

export interface LoadTime {
  readonly name: string;
  readonly encoding: EncodingName;
  /** Milliseconds by the clock: import, tokenizer, ids of one word. */
  readonly load: Statistic;
}

/** Each in a process of its own, in turns. @throws {Error} One of them fails. */
export function measureLoads(
  names: readonly string[],
  places: PeerPlaces,
  encoding: EncodingName,
  rounds: number,
): readonly LoadTime[] {
  const times = names.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, name] of names.entries()) {
      const order = JSON.stringify({ name, places, encoding });
      const answer = execFileSync(process.execPath, [program, order], { encoding: 'utf8' });
      times[place]!.push((JSON.parse(answer) as { readonly milliseconds: number }).milliseconds);
    }
  }
  return names.map((name, place) => ({ name, encoding, load: statisticOf(times[place]!) }));
}
