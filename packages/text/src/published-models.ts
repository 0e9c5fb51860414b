import type { Registry, WeightLicense } from '@tesserae/core';
import { nearestNames, PretrainedError } from '@tesserae/core/data';

/** A model of the Hugging Face hub, which carries its own configuration. */
export interface PublishedModel {
  /** Id of the system that opens it, `text/sat`. */
  readonly system: string;
  readonly repository: string;
  readonly license: WeightLicense;
  /** arXiv id. */
  readonly paper: string;
  /** Weight file that its authors describe; the repository may have another form too. */
  readonly file: string;
}

const mit: WeightLicense = { name: 'MIT', use: 'any', url: 'https://github.com/segment-any-text/wtpsplit' };
const unknown: WeightLicense = { name: 'not stated', use: 'unknown', url: 'https://github.com/bminixhofer/zett' };

const named = (names: readonly string[], owner: string, facts: Omit<PublishedModel, 'repository'>) =>
  Object.fromEntries(names.map((name) => [name, { ...facts, repository: `${owner}/${name}` }]));

const satLayers = ['1l', '3l', '6l', '9l', '12l'];
const zettBases = [
  'xlm-roberta-base',
  'Mistral-7B-v0.1',
  'multilingual-Mistral-7B-v0.1',
  'TinyLlama-1.1B-intermediate-step-1431k-3T',
  'Meta-Llama-3-8B-experimental',
];
const canine = { system: 'text/wtp-canine', license: mit, paper: '2305.18893', file: 'pytorch_model.bin' };

/** Published weights by the names of their repositories. */
export const publishedModels: Readonly<Record<string, PublishedModel>> = {
  ...named(
    [
      ...satLayers.map((layers) => `sat-${layers}`),
      ...['1l', '3l', '6l', '12l'].map((layers) => `sat-${layers}-sm`),
      'sat-12l-no-limited-lookahead',
    ],
    'segment-any-text',
    { system: 'text/sat', license: mit, paper: '2406.16678', file: 'model.safetensors' },
  ),
  ...named(['wtp-bert-mini', 'wtp-bert-tiny'], 'benjamin', { ...canine, system: 'text/wtp' }),
  ...named(
    satLayers.map((layers) => `wtp-canine-s-${layers}`),
    'benjamin',
    canine,
  ),
  ...named(
    zettBases.map((base) => `zett-hypernetwork-${base}`),
    'benjamin',
    { system: 'text/zett', license: unknown, paper: '2405.07883', file: 'pytorch_model.bin' },
  ),
};

/** A registry that also knows published models by their names, and opens them with the configuration beside them. */
export function withPublishedModels<T>(registry: Registry<T>): Registry<T> {
  const isName = (source: unknown): source is string => typeof source === 'string' && /^[\w.-]+$/.test(source);
  const find = (source: unknown): PublishedModel | undefined =>
    isName(source) && Object.hasOwn(publishedModels, source) ? publishedModels[source] : undefined;
  return {
    ...registry,
    async list() {
      const own = await registry.list();
      const published = Object.entries(publishedModels).map(([name, { system, license, paper, repository, file }]) => ({
        name,
        system,
        license,
        paper,
        source: { repository, file },
      }));
      return [...own, ...published];
    },
    async fromPretrained(source, options) {
      const model = find(source);
      if (model) {
        const system = (await registry.systems()).find(({ id }) => id === model.system)!;
        return system.fromPretrained({ repository: model.repository }, options);
      }
      if (isName(source) && !source.startsWith('.')) {
        const near = nearestNames(source, Object.keys(publishedModels)).join(', ');
        const message = `No model is called '${source}'. Did you mean ${near}? A path starts with ./ or /.`;
        throw new PretrainedError('unknown-preset', source, message);
      }
      return registry.fromPretrained(source, options);
    },
    inspect: (source, options) =>
      registry.inspect(find(source) ? { repository: find(source)!.repository } : source, options),
  };
}
