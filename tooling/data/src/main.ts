import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareImages } from './image';

const usage = `Makes training data from Debian and npm packages.

  data image [--out DIR] [--work DIR] [--crops N] [--seed N]

  --out    crops, index and credits (default: .data/image-64)
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
  if (values.help || positionals.length !== 1 || positionals[0] !== 'image' || !valid) {
    console.log(usage);
    return values.help ? 0 : 1;
  }
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const work = resolve(values.work ?? join(root, '.data'));
  const started = Date.now();
  await prepareImages({
    out: resolve(values.out ?? join(work, 'image-64')),
    work,
    crops,
    seed,
    report: (message) => console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${message}`),
  });
  return 0;
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
