import { InputError } from '@tesserae/core/data';
import {
  type CachedItem,
  type CacheProblem,
  listCache,
  parseHubId,
  removeCached,
  verifyCache,
} from '@tesserae/core/hub';
import { imageTokenizers } from '@tesserae/image';
import { type CommandContext, flag, textOption, UsageError } from '../command';
import { byteSize, table } from '../output/table';

const actions = { ls, verify, rm } as const;

export async function cache(context: CommandContext): Promise<number> {
  const [action = '', ...names] = context.positionals;
  if (!isAction(action)) throw new UsageError(`expected ls, verify or rm, got ${action || 'nothing'}.`);
  const items = await listCache(cacheOf(context));
  return actions[action](context, await choose(items, names));
}

const isAction = (text: string): text is keyof typeof actions => Object.hasOwn(actions, text);

function cacheOf(context: CommandContext): { readonly cacheDirectory?: string } {
  const folder = textOption(context, 'cache');
  return folder === undefined ? {} : { cacheDirectory: folder };
}

interface Chosen {
  readonly item: CachedItem;
  /** Where only one was named. */
  readonly revision?: string;
}

interface Choice {
  readonly named: boolean;
  readonly chosen: readonly Chosen[];
}

/** Items by name, `owner/name[@revision]`, or the preset that they are the weights of; all where none is named. */
async function choose(items: readonly CachedItem[], names: readonly string[]): Promise<Choice> {
  if (names.length === 0) return { named: false, chosen: items.map((item) => ({ item })) };
  const presets = await imageTokenizers.list();
  const chosen = names.map((name): Chosen => {
    const source = presets.find((preset) => preset.name === name)?.source;
    const hub = parseHubId(name);
    const wanted = source?.repository ?? source?.file ?? hub?.repository ?? name;
    const item = items.find((each) => each.name === wanted);
    if (!item) throw new InputError(name, 'something that tesserae cache ls lists', 'what is not in the cache');
    return { item, ...(hub && name.includes('@') && { revision: hub.revision }) };
  });
  return { named: true, chosen };
}

async function ls({ output }: CommandContext, { chosen }: Choice): Promise<number> {
  const items = chosen.map(({ item }) => item);
  if (items.length === 0) output.line('nothing is cached');
  else
    output.line(
      table(items, [
        { title: 'name', value: ({ name }) => name },
        { title: 'size', align: 'right', value: ({ bytes }) => byteSize(bytes) },
        { title: 'unfinished', align: 'right', value: ({ incomplete }) => unfinished(incomplete) },
        { title: 'revisions', value: ({ revisions }) => revisions.map(revisionName).join(', ') },
        { title: 'Python', value: ({ sharedWithPython }) => (sharedWithPython ? 'shared' : 'no') },
        {
          title: 'last written',
          value: ({ modifiedMilliseconds }) => new Date(modifiedMilliseconds).toISOString().slice(0, 10),
        },
        { title: 'folder', value: ({ folder }) => folder },
      ]),
    );
  const total = items.reduce((sum, { bytes, incomplete }) => sum + bytes + size(incomplete), 0);
  if (items.length > 1) output.line(`${items.length} items, ${byteSize(total)}`);
  output.result({ bytes: total, items });
  return 0;
}

const size = (files: CachedItem['incomplete']): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
const unfinished = (files: CachedItem['incomplete']): string => (files.length === 0 ? '-' : byteSize(size(files)));
const revisionName = ({ commit, refs }: CachedItem['revisions'][number]): string =>
  [...refs, commit.slice(0, 8)].join(' = ');

/** Something is wrong with what is there; what has not come yet, or cannot be judged, is no fault. */
const isFault = ({ kind }: CacheProblem): boolean => kind === 'damaged' || kind === 'missing';

async function verify(context: CommandContext, { chosen }: Choice): Promise<number> {
  const { output, signal } = context;
  const names = chosen.map(({ item }) => item.name);
  const progress = output.progress('verify');
  const problems = await verifyCache({
    ...cacheOf(context),
    names,
    signal,
    onProgress: progress.onProgress,
  }).finally(progress.done);
  for (const { kind, path, detail } of problems) output.line(`${kind.padEnd(12)} ${path}: ${detail}`);
  const faults = problems.filter(isFault);
  output.line(`${names.length} items checked, ${faults.length} faults`);
  for (const name of new Set(faults.map(({ item }) => item)))
    output.line(`to mend: tesserae cache rm ${name}, then tesserae pull ${name}`);
  output.result({ items: names, problems });
  return faults.length === 0 ? 0 : 1;
}

async function rm(context: CommandContext, { named, chosen }: Choice): Promise<number> {
  const [incompleteOnly, dryRun] = [flag(context, 'incomplete'), flag(context, 'dry-run')];
  if (!named && !incompleteOnly && !flag(context, 'all'))
    throw new UsageError('rm: name what should go, or give --incomplete or --all.');
  const removed = [];
  for (const { item, revision } of chosen) {
    const { files, bytes } = await removeCached({
      item,
      incompleteOnly,
      dryRun,
      ...(revision !== undefined && { revision }),
    });
    removed.push({ name: item.name, ...(revision !== undefined && { revision }), files, bytes });
    if (files > 0 || named)
      context.output.line(`${item.name}: ${files} files, ${byteSize(bytes)} ${dryRun ? 'would go' : 'removed'}`);
  }
  const bytes = removed.reduce((sum, each) => sum + each.bytes, 0);
  context.output.line(`${byteSize(bytes)} ${dryRun ? 'would be free' : 'freed'}`);
  context.output.result({ dryRun, bytes, removed });
  return 0;
}
