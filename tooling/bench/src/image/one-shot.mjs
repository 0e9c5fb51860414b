/**
 * A process as a user's: opens a checkpoint, encodes or decodes once, says when it was done and what memory it took.
 * Plain JavaScript, so that it runs on built packages without a loader.
 *
 * @typedef {import('./measure-processes').OneShotOrder} OneShotOrder
 */
import { Tokens } from '@tesserae/core';
import { imageTokenizers } from '@tesserae/image';
import { tellOneShot } from '../one-shot-events.mjs';

/** @type {OneShotOrder} */
const { model, folder, direction, picture, prepack, threads, repeats } = JSON.parse(process.argv[2] ?? '{}');

const tokenizer = await imageTokenizers.fromPretrained(model, {
  folder,
  engine: 'onnx',
  engineOptions: { prepack, threads },
});
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

await tellOneShot(once, repeats);
await tokenizer.dispose();
