import type { Cut, Share } from './documents';

/** What one document would take, by count of it alone. */
export interface DocumentCost {
  readonly priority: number;
  readonly pinned: boolean;
  readonly cut: Cut;
  /** Tokens of the text. */
  readonly tokens: number;
  /** Tokens of the whole document in the prompt, with its heading. */
  readonly whole: number;
  /** Tokens in the prompt besides those that are kept, where it is cut: heading and marker. */
  readonly besides: number;
}

/** Tokens that are kept of a document; `tokens` of its cost or more is all of it, undefined none. */
export type PlannedTokens = number | undefined;

interface PlanSettings {
  readonly share: Share;
  readonly least: number;
}

/**
 * Shares tokens among documents: pinned ones first, then by priority. What tokens of two documents become where they
 * meet is not known here.
 *
 * @param available - Tokens for all documents.
 * @returns One a document.
 */
export function planTokens(
  costs: readonly DocumentCost[],
  available: number,
  settings: PlanSettings,
): readonly PlannedTokens[] {
  const planned: PlannedTokens[] = costs.map(({ pinned, tokens }) => (pinned ? tokens : undefined));
  let left = costs.reduce((rest, { pinned, whole }) => (pinned ? rest - whole : rest), available);
  const priorities = [...new Set(costs.map(({ priority }) => priority))].toSorted((one, other) => other - one);
  for (const priority of priorities) {
    const group = [...costs.keys()].filter((index) => !costs[index]!.pinned && costs[index]!.priority === priority);
    const shared = settings.share === 'even' ? shareEvenly(costs, group, left, settings.least) : undefined;
    for (const [index, tokens] of shared ?? shareInOrder(costs, group, left, settings.least)) {
      planned[index] = tokens;
      left -= costOf(costs[index]!, tokens);
    }
  }
  return planned;
}

const costOf = ({ tokens, whole, besides }: DocumentCost, kept: number): number =>
  kept >= tokens ? whole : besides + kept;

type Shares = ReadonlyMap<number, number>;

function shareInOrder(costs: readonly DocumentCost[], group: readonly number[], most: number, least: number): Shares {
  const shares = new Map<number, number>();
  let left = most;
  for (const index of group) {
    const cost = costs[index]!;
    const room = left - cost.besides;
    if (cost.whole <= left) shares.set(index, cost.tokens);
    else if (cost.cut !== 'never' && room >= Math.max(least, 1)) shares.set(index, Math.min(room, cost.tokens - 1));
    else continue;
    left -= costOf(cost, shares.get(index)!);
  }
  return shares;
}

/** The highest level that all documents can have; undefined where not all of them can have the least. */
function shareEvenly(
  costs: readonly DocumentCost[],
  group: readonly number[],
  most: number,
  least: number,
): Shares | undefined {
  const atLevel = (level: number): Shares =>
    new Map(
      group.flatMap((index) => {
        const { tokens, cut } = costs[index]!;
        if (tokens > level && cut === 'never') return [];
        return [[index, Math.min(level, tokens)] as const];
      }),
    );
  const total = (shares: Shares) => [...shares].reduce((sum, [index, kept]) => sum + costOf(costs[index]!, kept), 0);
  let low = Math.max(least, 1);
  if (total(atLevel(low)) > most) return undefined;
  let high = Math.max(low, ...group.map((index) => costs[index]!.tokens)) + 1;
  while (high - low > 1) {
    const level = Math.floor((low + high) / 2);
    if (total(atLevel(level)) <= most) low = level;
    else high = level;
  }
  const shares = new Map(atLevel(low));
  // What is left over goes to the first ones, a token each.
  let left = most - total(shares);
  for (const [index, kept] of shares) {
    if (left <= 0) break;
    if (kept + 1 >= costs[index]!.tokens) continue;
    shares.set(index, kept + 1);
    left -= 1;
  }
  return shares;
}
