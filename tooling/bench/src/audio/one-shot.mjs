/**
 * A process as a user's: opens a checkpoint, encodes or decodes one clip, says when it was done and what memory it took.
 * Plain JavaScript, so that it runs on built packages without a loader.
 *
 * @typedef {import('./measure-memory').OneShotOrder} OneShotOrder
 */
import { audioTokenizers } from '@tesserae/audio';
import { tellOneShot } from '../one-shot-events.mjs';
import { testClip, testTokens } from './clip.mjs';

/** @type {OneShotOrder} */
const { preset, folder, direction, seconds, sampleRate, codebooks, prepack, threads } = JSON.parse(
  process.argv[2] ?? '{}',
);

const options = { folder, engine: /** @type {const} */ ('onnx'), engineOptions: { prepack, threads } };
const tokenizer = await audioTokenizers.fromPretrained(preset, options);
const once = async () => {
  if (direction === 'encode') return tokenizer.encode(testClip(sampleRate, seconds));
  const decoder = /** @type {import('@tesserae/audio').AudioTokenizer} */ (tokenizer);
  return decoder.decode(testTokens(tokenizer.info, codebooks, seconds));
};

await tellOneShot(once, 0);
await tokenizer.dispose();
