import { platform } from '#platform';

/** A short text file without the white space around it; undefined where there is none, or a longer one. */
export async function readShortText(path: string, limitBytes = 256): Promise<string | undefined> {
  const facts = await platform.fileFacts(path);
  if (facts?.kind !== 'file' || facts.bytes > limitBytes) return undefined;
  const source = await platform.openFile(path);
  try {
    return new TextDecoder().decode(await source.read(0, source.size)).trim();
  } finally {
    await source.close();
  }
}
