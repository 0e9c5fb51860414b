import { PretrainedError, TesseraeError, type Tokens } from '@tesserae/core/data';
import { type CommandContext, textOption, UsageError } from '../command';
import { modalityOfPreset } from '../modality/modalities';
import type { AnyTokenizer, Modality, ModelPool } from '../modality/modality';
import { engineOption } from './engine-option';
import { licenseGate } from './license-gate';

export function modelPool(context: CommandContext): ModelPool {
  const open = new Map<string, AnyTokenizer>();
  const get = async (modality: Modality, name: string): Promise<AnyTokenizer> => {
    const key = `${modality.name} ${name}`;
    const found = open.get(key) ?? (await openModel(context, modality, name));
    open.set(key, found);
    return found;
  };
  return {
    encoder: (modality) => get(modality, textOption(context, 'model') ?? modality.starter),
    decoder: async (modality, tokens) => get(modality, modelOfTokens(context, tokens)),
    opened: () => [...open.values()],
    async dispose() {
      for (const tokenizer of open.values()) await tokenizer.dispose();
    },
  };
}

/** Opens a model; weights are mapped, not repacked: a command runs once. */
export async function openModel(context: CommandContext, modality: Modality, name: string): Promise<AnyTokenizer> {
  const folder = textOption(context, 'folder');
  const progress = context.output.progress(name);
  try {
    const registry = await modality.registry();
    return await registry.fromPretrained(name, {
      engine: engineOption(context),
      engineOptions: { prepack: false },
      signal: context.signal,
      onProgress: progress.onProgress,
      onLicense: licenseGate(context),
      ...(folder !== undefined && { folder }),
    });
  } catch (error) {
    const isMissing = TesseraeError.isInstance(error) && ['unknown-preset', 'not-found'].includes(error.code);
    throw (isMissing ? await betterMessage(modality, name) : undefined) ?? error;
  } finally {
    progress.done();
  }
}

/** For a starter that is not there yet, and for the model of another kind of signal. */
async function betterMessage(modality: Modality, name: string): Promise<Error | undefined> {
  if (name === modality.starter && modality.withoutStarter !== undefined)
    return new PretrainedError('unknown-preset', name, modality.withoutStarter);
  const other = await modalityOfPreset(name);
  if (other === undefined || other === modality) return undefined;
  return new PretrainedError('unknown-preset', name, `${name} is a model of ${other.nouns}, not of ${modality.nouns}.`);
}

function modelOfTokens(context: CommandContext, tokens: Tokens): string {
  const named = textOption(context, 'model');
  if (named !== undefined) return named;
  const { variant, id } = tokens.tokenizer;
  if (variant === 'custom' || variant.startsWith('random-')) {
    throw new UsageError(`the tokens were made by ${id} with weights of your own: name them with --model ./path.`);
  }
  return variant;
}
