/**
 * A process as a user's: opens a checkpoint, encodes or decodes once, says when it was done and what memory it took.
 * Plain JavaScript, so that it runs on built packages without a loader.
 *
 * @typedef {import('./one-shot').OneShotOrder} OneShotOrder
 */
import { readFileSync } from 'node:fs';
import { Tokens } from '@tesserae/core';
import { imageTokenizers } from '@tesserae/image';

/** @type {OneShotOrder} */
const { model, folder, direction, picture, prepack, threads, repeats } = JSON.parse(process.argv[2] ?? '{}');

/** @param {Record<string, unknown>} facts */
const say = (facts) => process.stdout.write(`${JSON.stringify(facts)}\n`);

const tokenizer = await imageTokenizers.fromPretrained(model, {
  folder,
  engine: 'onnx',
  engineOptions: { prepack, threads },
});
const ready = performance.now();
const { info } = tokenizer;
const [level] = info.levels;
const count = Number(level?.shape[0]);
const tokens = () =>
  new Tokens({
    tokenizer: info.identity,
    levels: [
      {
        kind: 'index',
        vocabularySize: level?.vocabularySize ?? 1,
        shape: [count],
        axes: ['token'],
        data: Int32Array.from({ length: count }, (_, index) => (index * 97) % (level?.vocabularySize ?? 1)),
      },
    ],
    source: { modality: 'image', pipeline: 'none', width: 256, height: 256 },
    prefixUnit: info.prefixUnit,
  });
const once = () => (direction === 'encode' ? tokenizer.encode(picture) : tokenizer.decode(tokens()));

await once();
say({ event: 'first', openMilliseconds: ready, milliseconds: performance.now() });
if (process.platform === 'linux') {
  const status = readFileSync('/proc/self/status', 'utf8');
  const bytes = (/** @type {string} */ name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
  say({ event: 'memory', VmHWM: bytes('VmHWM'), RssAnon: bytes('RssAnon'), RssFile: bytes('RssFile') });
}
for (let index = 0; index < repeats; index += 1) {
  const start = performance.now();
  await once();
  say({ event: 'again', milliseconds: performance.now() - start });
}
await tokenizer.dispose();
