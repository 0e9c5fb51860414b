import { openByteSource } from '../checkpoint/open-byte-source';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { licenseOfCard } from './license-notice';

/** Name of the model card in a repository. */
export const cardName = 'README.md';

/** Larger cards are not downloaded. */
export const cardLimitBytes = 4 * 1024 * 1024;

const headBytes = 64 * 1024;

/**
 * License that a model card names in the fields before its text; undefined where it has none.
 *
 * @param card - Its path, in browsers a Blob.
 */
export async function licenseInCard(card: string | Blob): Promise<WeightLicense | undefined> {
  const source = await openByteSource(card);
  try {
    const text = new TextDecoder().decode(await source.read(0, Math.min(headBytes, source.size)));
    const fields = /^\uFEFF?---\r?\n([\s\S]*?)\n---/.exec(text)?.[1];
    const field = (name: string) =>
      new RegExp(`^${name}:[ \\t]*(?:\\r?\\n[ \\t]*-[ \\t]*)?["']?([^"'\\r\\n]+?)["']?[ \\t]*\\r?$`, 'm').exec(
        fields ?? '',
      )?.[1];
    const license = field('license');
    if (license === undefined) return undefined;
    // `other` is named and linked by fields of its own.
    const named = license === 'other' ? (field('license_name') ?? license) : license;
    const url = field('license_link');
    return { ...licenseOfCard(named), ...(url !== undefined && /^https?:/.test(url) && { url }) };
  } finally {
    await source.close();
  }
}
