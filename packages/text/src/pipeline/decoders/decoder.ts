/** Turns a list of tokens into a list of texts, which join to the decoded text. */
export interface Decoder {
  decode(tokens: readonly string[]): readonly string[];
  /**
   * The same for tokens that come one by one; absent where that is not possible.
   *
   * @param isFused - The tokens are parts of one text, as behind a `Fuse`.
   */
  readonly stage?: (isFused: boolean) => DecoderStage | undefined;
  /** The tokens behind this decoder are parts of one text. */
  readonly fuses?: boolean;
}

/** A decoder at work on a stream: texts that later tokens cannot change come out at once. */
export interface DecoderStage {
  push(token: string): readonly string[];
  end(): readonly string[];
}

/** A stage that keeps everything until the end. */
export function bufferingStage({ decode }: Pick<Decoder, 'decode'>, isFused = false): DecoderStage {
  const tokens: string[] = [];
  return {
    push(token) {
      tokens.push(token);
      return [];
    },
    end: () => (tokens.length === 0 ? [] : decode(isFused ? [tokens.join('')] : tokens)),
  };
}

export const stageOf = (decoder: Decoder, isFused: boolean): DecoderStage =>
  decoder.stage?.(isFused) ?? bufferingStage(decoder, isFused);

/** A decoder that looks at one token at a time, and may treat the first differently. */
export function tokenDecoder(each: (token: string, isFirst: boolean) => string): Decoder {
  return {
    decode: (tokens) => tokens.map((token, index) => each(token, index === 0)),
    stage(isFused) {
      if (isFused) return undefined;
      let isFirst = true;
      return {
        push(token) {
          const text = each(token, isFirst);
          isFirst = false;
          return [text];
        },
        end: () => [],
      };
    },
  };
}

/** One decoder behind the other. */
export function sequenceDecoder(decoders: readonly Decoder[]): Decoder {
  return {
    decode: (tokens) => decoders.reduce((current, { decode }) => decode(current), tokens),
    fuses: decoders.some(({ fuses }) => fuses),
    stage(isFused) {
      let fused = isFused;
      const stages = decoders.map((decoder) => {
        const stage = stageOf(decoder, fused);
        fused ||= decoder.fuses === true;
        return stage;
      });
      const run = (tokens: readonly string[], from: number): readonly string[] =>
        stages.slice(from).reduce((current, stage) => current.flatMap((token) => stage.push(token)), tokens);
      return {
        push: (token) => run([token], 0),
        end: () => stages.flatMap((stage, index) => run(stage.end(), index + 1)),
      };
    },
  };
}
