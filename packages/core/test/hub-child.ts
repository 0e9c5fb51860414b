/**
 * A process of its own that downloads, or loads, a model: for tests that kill it, start two at once, or take the network
 * away. Takes the options as JSON and prints the outcome as JSON.
 */
import { obtain } from '../src/hub/obtain';
import { resolveSettings, type HubOptions } from '../src/hub/settings';

interface Task {
  readonly load?: string;
  readonly options: HubOptions;
}

const { load, options } = JSON.parse(process.argv[2]!) as Task;

async function run(): Promise<unknown> {
  if (load !== undefined) {
    // Only here: a process that downloads starts without TensorFlow.js.
    const { tinySystem } = await import('./tiny-system');
    const tokenizer = await tinySystem().fromPretrained(load, { ...options, engine: 'cpu' });
    await tokenizer.dispose();
    return { variant: tokenizer.info.identity.variant };
  }
  const wanted = { source: 'it', repository: 'owner/model', revision: 'main' };
  const { weights } = await obtain(await resolveSettings(options), wanted, { onLicense: () => undefined });
  return { weights };
}

const outcome = await run().catch((error: Error & { readonly code?: string }) => ({
  code: error.code,
  message: error.message,
}));
process.stdout.write(`${JSON.stringify(outcome)}\n`);
