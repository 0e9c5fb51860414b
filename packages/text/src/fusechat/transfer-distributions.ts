import { ShapeError } from '@tesserae/core/data';
import { type ModelText, partnerStep, type TransferPolicy } from './partner-step';

/** The largest logits of one step, best first. */
export interface TopLogits {
  readonly ids: readonly number[];
  readonly logits: readonly number[];
}

export interface TransferOptions {
  /**
   * When a step is taken over, and how its tokens become those of the base.
   *
   * - `default` (FuseChat): where one token ends with the other; tokens by text, else by `mapping`.
   * - `hard`: where both texts are equal; tokens by text, others are left out.
   * - `soft`: where both are equal or mapped on each other; all tokens by `mapping`.
   */
  readonly policy?: TransferPolicy;
  /** What a base token with several blending tokens learns: its label, or the partner that ends as it does. Default `label`. */
  readonly several?: 'label' | 'last';
  /** What a step without a partner learns, with logit 1: the `next` token (FuseChat), or its `own` (FuseLLM). Default `next`. */
  readonly label?: 'next' | 'own';
  /** For every blending id a base id; needed by `default` and `soft`. */
  readonly mapping?: ArrayLike<number>;
}

/**
 * Distributions of the blending model as distributions over the vocabulary of the base, one a base token
 * (`transform_step_logits` of FuseChat and FuseLLM).
 *
 * @param steps - Of every blending token.
 * @param baseToBlending - Positions of the blending tokens of every base token, `alignTokens(...).secondToFirst`.
 * @returns One distribution a base token; a base id is kept where it comes first.
 * @throws {ShapeError} Not one step a blending token, or not one list a base token.
 */
export function transferDistributions(
  base: ModelText,
  blending: ModelText,
  steps: readonly TopLogits[],
  baseToBlending: readonly (readonly number[])[],
  options: TransferOptions = {},
): TopLogits[] {
  if (steps.length < blending.ids.length) {
    throw new ShapeError('transferDistributions: steps', `${blending.ids.length} steps`, [steps.length]);
  }
  if (baseToBlending.length !== base.ids.length) {
    throw new ShapeError('transferDistributions: baseToBlending', `${base.ids.length} lists`, [baseToBlending.length]);
  }
  const { policy = 'default', several = 'label', label = 'next', mapping = [] } = options;
  const idOfText = new Map<string, number>();
  for (const [id, token] of base.tokens.entries()) if (token !== undefined) idOfText.set(token, id);
  const baseId = (id: number) => {
    const byText = idOfText.get((blending.tokens[id] ?? '').replaceAll(blending.marker, base.marker));
    if (policy === 'soft') return mapping[id];
    return byText ?? (policy === 'default' ? mapping[id] : undefined);
  };
  return baseToBlending.map((partners, position) => {
    const step = partnerStep({ base, blending, partners, position, policy, several, mapping });
    if (step === 'none') return { ids: [], logits: [] };
    if (step !== 'label') return translated(steps[step]!, baseId);
    const labelAt = label === 'own' ? position : Math.min(position + 1, base.ids.length - 1);
    return { ids: [base.ids[labelAt]!], logits: [1] };
  });
}

function translated(step: TopLogits, baseId: (id: number) => number | undefined): TopLogits {
  const kept = new Map<number, number>();
  for (const [index, id] of step.ids.entries()) {
    const partner = baseId(id);
    if (partner !== undefined && !kept.has(partner)) kept.set(partner, step.logits[index]!);
  }
  return { ids: [...kept.keys()], logits: [...kept.values()] };
}
