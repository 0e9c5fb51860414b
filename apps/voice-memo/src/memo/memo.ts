import { type IndexLevel, Tokens, TokensError } from '@tesserae/core/data';
import { fromBase64url, toBase64url } from './base64url';
import { checksumBytes, framesOf, headerBytes, type MemoModel, payloadBytes, version } from './memo-layout';

/**
 * Tokens of a message as a memo.
 *
 * @param tokens - Of the model; of sound at its rate, so that their source counts its samples.
 * @throws {TokensError} `invalid-tokens`: of something else, or of sound at another rate.
 */
export async function writeMemo(tokens: Tokens, model: MemoModel): Promise<string> {
  const { source, levels, tokenizer } = tokens;
  if (source.modality !== 'audio' || source.sampleRate !== model.sampleRate) {
    const found = source.modality === 'audio' ? `sound at ${source.sampleRate} Hz` : source.modality;
    throw new TokensError('invalid-tokens', `tokens: expected sound at ${model.sampleRate} Hz, got ${found}.`);
  }
  const payload = tokens.toBytes({ container: 'payload' });
  const bytes = new Uint8Array(headerBytes + payload.length + checksumBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setUint8(1, levels.length);
  view.setUint32(2, source.samples, true);
  view.setUint32(6, shortFingerprint(tokenizer.fingerprint));
  bytes.set(payload, headerBytes);
  bytes.set(await checksum(bytes), headerBytes + payload.length);
  return toBase64url(bytes);
}

/**
 * The tokens of a memo.
 *
 * @throws {TokensError} `malformed`: no memo, or a damaged or shortened one; `unsupported-version`;
 *   `fingerprint-mismatch`: made with other weights.
 */
export async function readMemo(text: string, model: MemoModel): Promise<Tokens> {
  const bytes = fromBase64url(text);
  if (text === '' || !bytes) throw unspelled(text);
  const least = headerBytes + checksumBytes;
  if (bytes.length < least) throw malformed(`at least ${least} bytes`, `${bytes.length}`);
  const own = await checksum(bytes);
  if (bytes.subarray(-checksumBytes).some((byte, index) => byte !== own[index]))
    throw malformed('the whole of a memo, unchanged', 'a string whose checksum is another');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint8(0) !== version) {
    throw new TokensError('unsupported-version', `memo: expected version ${version}, got ${view.getUint8(0)}.`);
  }
  const codebooks = view.getUint8(1);
  if (codebooks < 1 || codebooks > model.codebooks)
    throw malformed(`1 to ${model.codebooks} codebooks`, `${codebooks}`);
  checkFingerprint(view.getUint32(6), model);
  const samples = view.getUint32(2, true);
  const payload = bytes.subarray(headerBytes, -checksumBytes);
  const wanted = payloadBytes(samples, codebooks, model);
  if (samples === 0) throw malformed('at least one sample', 'none');
  if (payload.length !== wanted) throw malformed(`${wanted} bytes of ids for ${samples} samples`, `${payload.length}`);
  return Tokens.fromBytes(payload, emptyTokens(samples, codebooks, model));
}

/** Tokens of the shapes that a memo has, all ids 0. */
function emptyTokens(samples: number, codebooks: number, model: MemoModel): Tokens {
  const { identity, codebookSize, sampleRate } = model;
  const frames = framesOf(samples, model);
  const level = (): IndexLevel => ({
    kind: 'index',
    vocabularySize: codebookSize,
    shape: [frames],
    axes: ['time'],
    data: new Int32Array(frames),
  });
  return new Tokens({
    tokenizer: identity,
    levels: Array.from({ length: codebooks }, level),
    source: { modality: 'audio', pipeline: 'none', sampleRate, samples },
    prefixUnit: 'level',
  });
}

/** The first 4 bytes of a fingerprint of 16 hex digits. */
const shortFingerprint = (fingerprint: string): number => Number.parseInt(fingerprint.slice(0, 8), 16);

function checkFingerprint(found: number, { identity }: MemoModel): void {
  const own = shortFingerprint(identity.fingerprint);
  if (found === own) return;
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  throw new TokensError(
    'fingerprint-mismatch',
    `memo: expected one made with the weights ${hex(own)} (${identity.variant}), got one of ${hex(found)}.`,
  );
}

/** Of everything in front of the checksum. */
async function checksum(bytes: Uint8Array): Promise<Uint8Array> {
  const covered = new Uint8Array(bytes.subarray(0, -checksumBytes));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', covered)).subarray(0, checksumBytes);
}

const malformed = (expected: string, found: string): TokensError =>
  new TokensError('malformed', `memo: expected ${expected}, got ${found}.`);

/** What is wrong with a string that base64url does not write. */
function unspelled(text: string): TokensError {
  const wrong = /[^\w-]/u.exec(text);
  if (!wrong && text !== '')
    return malformed('the whole of a memo, unchanged', `${text.length} characters that do not end with a byte`);
  const found = wrong ? `${JSON.stringify(wrong[0])} at ${wrong.index}` : 'an empty string';
  return malformed('letters, digits, - and _ (base64url)', found);
}
