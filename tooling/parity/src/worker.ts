import { disposeSharedEngines, runCase } from '@tesserae/core/test';
import { runnerOf } from './runners';
import type { CaseAnswer, CaseOrder } from './worker-pool';

/** A child process of the command: runs one case after the other as the parent sends them. */
const answer = (message: CaseAnswer) => process.send?.(message);

process.on('message', async ({ index, location, engine }: CaseOrder) => {
  answer({ index, result: await runCase(location, runnerOf, { engine }) });
});
process.on('disconnect', async () => {
  await disposeSharedEngines();
  process.exit(0);
});
answer({});
