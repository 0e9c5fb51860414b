/**
 * A process with one contestant, as a user's process has one: nobody's garbage and caches slow another. Plain JavaScript,
 * so that it is measured without a loader.
 *
 * @typedef {object} ContestantOrder Which one, as the argument of the process in JSON.
 * @property {string} name
 * @property {import('./peers.mjs').PeerPlaces} places
 * @property {import('./peers.mjs').EncodingName} [encoding] An encoding that contestants know by name.
 * @property {string} [file] Otherwise: path of a tokenizer.json.
 *
 * @typedef {object} ContestantRequest Texts that hold for later requests, or what to do with them.
 * @property {'texts' | 'round' | 'ids'} kind
 * @property {readonly string[]} [measured]
 * @property {readonly string[]} [warming]
 *
 * @typedef {object} ContestantAnswer
 * @property {number} [first] Milliseconds of processor time at first sight of the texts.
 * @property {number} [hot] And right after.
 * @property {readonly string[]} [ids] Digest of the ids of each text.
 * @property {string} [error]
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openJson, openPeer } from './peers.mjs';
import { processorTime } from './processor-time.mjs';

/** @type {ContestantOrder} */
const { name, places, encoding, file } = JSON.parse(process.argv[2] ?? '{}');
const opened =
  file === undefined
    ? await openPeer(name, places, encoding ?? 'cl100k_base')
    : await openJson(name, places, readFileSync(file, 'utf8'));

/** Times that everyone goes through other text before the first round, so that the engine has optimized their code. */
const warmingPasses = 8;

/** @type {readonly string[]} */
let measured = [];
/** @type {readonly string[]} */
let warming = [];

/** @param {import('./peers.mjs').Opened} tokenizer @param {readonly string[]} texts */
async function encodeAll({ encode }, texts) {
  for (const text of texts) {
    const ids = encode(text);
    if (ids instanceof Promise) await ids;
  }
}

/** @param {ContestantRequest} request @returns {Promise<ContestantAnswer>} */
async function answer(request) {
  if (request.kind === 'texts') {
    measured = request.measured ?? [];
    warming = request.warming ?? [];
    for (let pass = 0; pass < warmingPasses; pass += 1) await encodeAll(opened.renewed(), warming);
    return {};
  }
  if (request.kind === 'ids') {
    const digests = [];
    for (const text of measured) {
      const ids = Int32Array.from(await opened.encode(text));
      digests.push(createHash('sha256').update(ids).digest('base64'));
    }
    return { ids: digests };
  }
  await encodeAll(opened.renewed(), warming);
  const renewed = opened.renewed();
  const first = await processorTime(() => encodeAll(renewed, measured));
  const hot = await processorTime(() => encodeAll(renewed, measured));
  return { first, hot };
}

process.on('message', (/** @type {ContestantRequest} */ request) => {
  answer(request).then(
    (found) => process.send?.(found),
    (error) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({});
