import type { Json } from '../signal/signal';
import type { Checkpoint } from './checkpoint';
import { parseConfigValue } from './config-text';

/** A configuration that lies inside of a weight file. */
export interface EmbeddedConfig {
  /** Where: `hyper_parameters.args`. */
  readonly path: string;
  readonly json: Json;
}

/** Names under which training code stores what a model was made with, outermost first. */
const configNames = [
  'hyper_parameters',
  'hparams',
  'config',
  'cfg',
  'model_config',
  'model_args',
  'model_kwargs',
  'kwargs',
  'init_args',
  'args',
  'opt',
  'metadata',
  'params',
];
const maximumDepth = 4;

/**
 * Configurations in a checkpoint, the likeliest first: fields of a pickle (`hyper_parameters` of Lightning, `args` of
 * an `argparse.Namespace`, `metadata.kwargs`), or `__metadata__` of safetensors, whose strings are JSON or Python
 * literals. Which of them is meant, the system that is to be loaded decides. Empty where there are none.
 */
export function embeddedConfigs(checkpoint: Checkpoint): readonly EmbeddedConfig[] {
  const metadata = isRecord(checkpoint.metadata) ? checkpoint.metadata : {};
  const found: EmbeddedConfig[] = [];
  const texts = checkpoint.format === 'safetensors' || checkpoint.format === 'safetensors-sharded';
  const root = texts ? parsedStrings(metadata) : metadata;
  collect(root, '', 0, found);
  // The header itself: every string a field (FlexTok).
  const { format: _, ...fields } = root;
  if (texts && Object.keys(fields).length > 0) found.push({ path: '__metadata__', json: fields });
  return found;
}

/** Inner ones first: `hyper_parameters.args` is more than what lies around it. */
function collect(record: Readonly<Record<string, Json>>, path: string, depth: number, found: EmbeddedConfig[]): void {
  if (depth === maximumDepth) return;
  for (const name of configNames) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (!isRecord(value)) continue;
    const inner = path === '' ? name : `${path}.${name}`;
    collect(value, inner, depth + 1, found);
    if (Object.keys(value).length > 0) found.push({ path: inner, json: value });
  }
}

function parsedStrings(metadata: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, typeof value === 'string' ? parseConfigValue(value) : value]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
