import type { MarkedVocabulary } from './map-vocabulary';

/** A text as one model sees it. */
export interface ModelText extends MarkedVocabulary {
  readonly ids: readonly number[];
  /** Tokens as they are compared, where they are respelled. Default: those of `ids`. */
  readonly texts?: readonly string[];
}

export type TransferPolicy = 'default' | 'hard' | 'soft';

interface StepQuery {
  readonly base: ModelText;
  readonly blending: ModelText;
  /** Positions of the blending tokens of the base token. */
  readonly partners: readonly number[];
  /** Of the base token. */
  readonly position: number;
  readonly policy: TransferPolicy;
  readonly several: 'label' | 'last';
  readonly mapping: ArrayLike<number>;
}

/**
 * Which blending step a base token learns from: its position, `label` for the one-hot label, or `none` where the official
 * code leaves the step without any token.
 */
export function partnerStep(query: StepQuery): number | 'label' | 'none' {
  const { partners, policy, several } = query;
  if (partners.length === 1) return isPartner(query, partners[0]!) ? partners[0]! : 'label';
  return policy === 'default' && several === 'last' ? stepOfSeveral(query) : 'label';
}

function isPartner({ base, blending, position, policy, mapping }: StepQuery, partner: number): boolean {
  const own = textAt(base, position);
  const other = textAt(blending, partner).replaceAll(blending.marker, base.marker);
  if (policy === 'default') return own.endsWith(other) || other.endsWith(own);
  return own === other || (policy === 'soft' && mapping[blending.ids[partner]!] === base.ids[position]);
}

function stepOfSeveral({ base, blending, partners, position }: StepQuery): number | 'label' | 'none' {
  const own = textAt(base, position).replaceAll(base.marker, '');
  const others = partners.map((partner) => textAt(blending, partner).replaceAll(blending.marker, ''));
  const index = others.findIndex((other) => own.endsWith(other) || other.endsWith(own));
  if (index >= 0) return partners[index]!;
  const covering = coveringTokens(own, others);
  if (covering.length > 0) {
    const text = covering.map((at) => others[at]!).join('');
    return text === own ? partners[covering.at(-1)!]! : 'none';
  }
  const all = others.join('');
  return all.endsWith(own) || own.endsWith(all) ? 'none' : 'label';
}

/** Which tokens, taken greedily from the left, spell the text; none where they do not. */
function coveringTokens(text: string, tokens: readonly string[]): number[] {
  const used: number[] = [];
  let rest = text;
  for (const [index, token] of tokens.entries()) {
    if (!rest.startsWith(token)) continue;
    used.push(index);
    rest = rest.slice(token.length);
  }
  return rest === '' ? used : [];
}

function textAt({ tokens, ids, texts }: ModelText, position: number): string {
  return texts?.[position] ?? tokens[ids[position]!] ?? '';
}
