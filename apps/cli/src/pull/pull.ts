import type { PresetSummary } from '@tesserae/core';
import { nearestNames, PretrainedError } from '@tesserae/core/data';
import { type HubOptions, parseHubId, type Pulled, pullRepository, pullUrl } from '@tesserae/core/hub';
import { type CommandContext, countOption, textOption, UsageError } from '../command';
import { licenseGate } from '../io/license-gate';
import { modalities } from '../modality/modalities';
import { byteSize } from '../output/table';

export async function pullAll(context: CommandContext): Promise<number> {
  const { positionals, output } = context;
  if (positionals.length === 0) throw new UsageError('expected a preset or a repository.');
  const presets: PresetSummary[] = [];
  for (const modality of modalities) presets.push(...(await (await modality.registry()).list()));
  const onLicense = licenseGate(context);
  const results: PullResult[] = [];
  for (const name of new Set(positionals)) {
    const result = await pull(context, name, presets, onLicense);
    results.push(result);
    tell(context, result);
  }
  output.result(results);
  return 0;
}

interface PullResult extends Pulled {
  readonly name: string;
}

async function pull(
  context: CommandContext,
  name: string,
  presets: readonly PresetSummary[],
  onLicense: HubOptions['onLicense'],
): Promise<PullResult> {
  const cache = textOption(context, 'cache');
  const connections = countOption(context, 'connections');
  const progress = context.output.progress(name);
  const options: HubOptions = {
    signal: context.signal,
    onProgress: progress.onProgress,
    ...(onLicense && { onLicense }),
    ...(cache !== undefined && { cacheDirectory: cache }),
    ...(connections !== undefined && { connections }),
  };
  try {
    const preset = presets.find((each) => each.name === name);
    if (preset) return { name, ...(await pullPreset(preset, options)) };
    const hub = parseHubId(name);
    if (hub) return { name, ...(await pullRepository({ source: hub.repository, ...hub }, options)) };
  } finally {
    progress.done();
  }
  const near = nearestNames(
    name,
    presets.map((each) => each.name),
  );
  throw new PretrainedError(
    'unknown-preset',
    name,
    `No preset is called '${name}'. Did you mean ${near.join(', ')}? A repository is owner/name.`,
  );
}

async function pullPreset({ name, license, memoryBytes, source }: PresetSummary, options: HubOptions): Promise<Pulled> {
  const wanted = {
    source: name,
    file: source.file,
    license,
    ...(memoryBytes && { memory: memoryBytes }),
    ...(source.sha256 !== undefined && { sha256: source.sha256 }),
    ...(source.bytes !== undefined && { bytes: source.bytes }),
  };
  if (source.bundled) return { license, files: [] };
  if (source.repository !== undefined) {
    const { repository, revision = 'main' } = source;
    return pullRepository({ ...wanted, repository, revision }, options);
  }
  if (source.url !== undefined) return pullUrl({ ...wanted, url: new URL(source.url) }, options);
  throw new PretrainedError('not-found', name, `${name}: its weights can be downloaded from nowhere.`);
}

function tell({ output }: CommandContext, { name, commit, files, license }: PullResult): void {
  if (files.length === 0) return output.line(`${name}: in the package, nothing to download`);
  const pinned = commit === undefined ? '' : ` at ${commit.slice(0, 12)}`;
  output.line(`${name}${pinned}, ${license.use === 'any' ? license.name : `${license.name} (${license.use})`}`);
  for (const { file, bytes, path, isNew, hash } of files) {
    const known = hash ? `${hash.kind === 'git' ? 'git' : 'SHA-256'} ${hash.hex}` : 'no hash known';
    output.line(`  ${file}  ${byteSize(bytes)}  ${isNew ? 'downloaded' : 'was here'}  ${known}`);
    output.line(`  -> ${path}`);
  }
}
