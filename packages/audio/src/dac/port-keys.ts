/** Stages of each half: the layers behind them are counted on. */
export interface StageCounts {
  readonly encoder: number;
  readonly decoder: number;
}

const unitParts: Readonly<Record<string, number>> = { snake1: 0, conv1: 1, snake2: 2, conv2: 3 };

/**
 * The official key of a key of the transformers port: `encoder.block.0.res_unit1.snake1.alpha` is
 * `encoder.block.1.block.0.block.0.alpha`. Others, as those of the quantizer, stay as they are.
 */
export function officialDacKey(key: string, stages: StageCounts): string {
  const half = /^(encoder|decoder)\.(.*)$/.exec(key);
  if (!half) return key;
  const [, side, rest] = half as unknown as [string, 'encoder' | 'decoder', string];
  const list = side === 'encoder' ? 'encoder.block' : 'decoder.model';
  const edge = /^(conv1|snake1|conv2)\.(.*)$/.exec(rest);
  if (edge) {
    const index = { conv1: 0, snake1: stages[side] + 1, conv2: stages[side] + 2 }[edge[1] as 'conv1'];
    return `${list}.${index}.${edge[2]}`;
  }
  const block = /^block\.(\d+)\.(?:res_unit(\d)\.)?(\w+)\.(.*)$/.exec(rest);
  if (!block) return key;
  const [, stage, unit, part, leaf] = block;
  const place = `${list}.${Number(stage) + 1}.block`;
  if (unit === undefined) return `${place}.${stagePart(side, part!)}.${leaf}`;
  const first = side === 'encoder' ? 0 : 2;
  return `${place}.${first + Number(unit) - 1}.block.${unitParts[part!]}.${leaf}`;
}

/** A Snake and the convolution that changes the rate: behind the units in an encoder, in front in a decoder. */
function stagePart(side: 'encoder' | 'decoder', part: string): number {
  const offset = side === 'encoder' ? 3 : 0;
  return offset + (part === 'snake1' ? 0 : 1);
}
