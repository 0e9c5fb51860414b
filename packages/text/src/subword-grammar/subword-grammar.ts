import { InputError } from '@tesserae/core/data';

/** A step of a grammar: one of its texts leads from a state to another. */
export interface GrammarArc {
  readonly from: string;
  readonly to: string;
  /** Texts with their costs; the empty text may be one. */
  readonly lexicon: Readonly<Record<string, number>>;
}

/** Which subwords may follow each other: prefixes, stems and suffixes of an agglutinative language. */
export interface SubwordGrammar {
  readonly start: string;
  /** States in which a word may end, with their costs. */
  readonly ends: Readonly<Record<string, number>>;
  readonly arcs: readonly GrammarArc[];
}

/** The cheapest way through a grammar. */
export interface GrammarPath {
  /** Subwords, empty ones left out. */
  readonly pieces: readonly string[];
  /** States that were reached with them. */
  readonly states: readonly string[];
  readonly cost: number;
}

interface Step {
  readonly cost: number;
  readonly before?: Step;
  readonly piece: string;
  readonly state: string;
}

/**
 * Segments a word by a weighted automaton of subwords (as the subword grammars for Tamil and Kannada, arXiv 2207.13333,
 * section 3, do): the cheapest path, by Viterbi. Equals are decided by the order of the arcs.
 *
 * @returns The cheapest path; undefined where the grammar has no such word.
 * @throws {InputError} Costs that are NaN, or a circle of empty texts that gets cheaper for ever.
 */
export function segmentByGrammar(word: string, grammar: SubwordGrammar): GrammarPath | undefined {
  const characters = [...word];
  const places: Map<string, Step>[] = Array.from({ length: characters.length + 1 }, () => new Map<string, Step>());
  places[0]!.set(grammar.start, { cost: 0, piece: '', state: grammar.start });
  const arcs = grammar.arcs.map((arc) => ({ ...arc, texts: textsOf(arc) }));
  for (const [place, states] of places.entries()) {
    settle(states, arcs);
    for (const { from, to, texts } of arcs) {
      const step = states.get(from);
      if (!step) continue;
      for (const [text, cost] of texts) {
        if (text.length === 0 || !startsWith(characters, place, text)) continue;
        const next = { cost: step.cost + cost, before: step, piece: text.join(''), state: to };
        keepCheaper(places[place + text.length]!, next);
      }
    }
  }
  let best: Step | undefined;
  for (const [state, cost] of Object.entries(grammar.ends)) {
    const step = places.at(-1)!.get(state);
    if (step && !(best && best.cost <= step.cost + cost)) best = { ...step, cost: step.cost + cost };
  }
  return best && readBack(best);
}

/** Texts of one word list, each with one cost: `{ வீடு: 1 }` of a list. */
export function lexiconOf(texts: readonly string[], cost = 1): Readonly<Record<string, number>> {
  return Object.fromEntries(texts.map((text) => [text, cost]));
}

type Arc = GrammarArc & { readonly texts: readonly (readonly [text: readonly string[], cost: number])[] };

function textsOf({ lexicon, from, to }: GrammarArc): Arc['texts'] {
  return Object.entries(lexicon).map(([text, cost]) => {
    if (Number.isNaN(cost))
      throw new InputError('grammar', 'costs', `NaN of ${JSON.stringify(text)}, ${from} to ${to}`);
    return [[...text], cost] as const;
  });
}

/** Follows arcs with the empty text until nothing gets cheaper. */
function settle(states: Map<string, Step>, arcs: readonly Arc[]): void {
  const empty = arcs.flatMap(({ from, to, texts }) =>
    texts.flatMap(([text, cost]) => (text.length === 0 ? [{ from, to, cost }] : [])),
  );
  const rounds = new Set(arcs.flatMap(({ from, to }) => [from, to])).size + 1;
  for (let round = 0; round <= rounds; round += 1) {
    let changes = false;
    for (const { from, to, cost } of empty) {
      const step = states.get(from);
      if (step && keepCheaper(states, { cost: step.cost + cost, before: step, piece: '', state: to })) changes = true;
    }
    if (!changes) return;
  }
  throw new InputError('grammar', 'no circle of empty texts with a negative cost', 'one');
}

function keepCheaper(states: Map<string, Step>, step: Step): boolean {
  const known = states.get(step.state);
  if (known && known.cost <= step.cost) return false;
  states.set(step.state, step);
  return true;
}

function startsWith(characters: readonly string[], place: number, text: readonly string[]): boolean {
  return (
    place + text.length <= characters.length && text.every((character, at) => characters[place + at] === character)
  );
}

function readBack(last: Step): GrammarPath {
  const steps: Step[] = [];
  for (let step: Step | undefined = last; step; step = step.before) if (step.piece !== '') steps.push(step);
  steps.reverse();
  return { pieces: steps.map(({ piece }) => piece), states: steps.map(({ state }) => state), cost: last.cost };
}
