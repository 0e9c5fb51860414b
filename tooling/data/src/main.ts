import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareImages } from './image';
import { prepareSpeech } from './speech';

const usage = `Makes training data from Debian and npm packages.

  data image [--out DIR] [--work DIR] [--crops N] [--seed N]

  data audio [--out DIR] [--work DIR]

  --out    crops or recordings, index and credits (default: .data/image-64, .data/speech-16k)
  --work   downloads and their contents (default: .data)
  --crops  crops of all sets together (default: 50000)
  --seed   another seed cuts other crops (default: 1)
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      work: { type: 'string' },
      crops: { type: 'string', default: '50000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [crops, seed] = [Number(values.crops), Number(values.seed)];
  const valid = Number.isInteger(crops) && crops > 0 && Number.isInteger(seed);
  const [kind] = positionals;
  const isKnown = positionals.length === 1 && (kind === 'image' || kind === 'audio');
  if (values.help || !isKnown || !valid) {
    console.log(usage);
    return values.help ? 0 : 1;
  }
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const work = resolve(values.work ?? join(root, '.data'));
  const started = Date.now();
  const report = (message: string) =>
    console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${message}`);
  const folder = resolve(values.out ?? join(work, kind === 'image' ? 'image-64' : 'speech-16k'));
  if (kind === 'image') await prepareImages({ out: folder, work, crops, seed, report });
  else await prepareSpeech({ out: folder, work, report });
  return 0;
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
