import { array, looseObject, nullish, number, optional, safeParse, string, union } from 'valibot';
import { PretrainedError } from '../errors/pretrained-error';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { bodyOf } from './body';
import { licenseOfCard } from './license-notice';
import { assertRepositoryPath, blobName, isCommit } from './names';
import { gaveUp, refusal } from './refusal';
import { fileUrl, hashOfName, type HubFile } from './remote-file';
import { networkFailure, request } from './request';
import { withRetries } from './retry';
import type { HubSettings } from './settings';

const maximumBytes = 32 * 1024 * 1024;

export interface RepositoryQuestion {
  /** As the user named it. */
  readonly source: string;
  readonly repository: string;
  readonly revision: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a repository holds at one commit. */
export interface RepositoryListing {
  readonly commit: string;
  readonly files: readonly HubFile[];
  /** Of the model card. */
  readonly license: WeightLicense;
}

const listing = looseObject({
  sha: string(),
  siblings: array(
    looseObject({
      rfilename: string(),
      size: nullish(number()),
      blobId: nullish(string()),
      lfs: nullish(looseObject({ sha256: optional(string()), size: optional(number()) })),
    }),
  ),
  cardData: nullish(looseObject({ license: nullish(union([string(), array(string())])) })),
});

/**
 * Asks the hub for all files of a repository at one revision, with sizes and hashes: one request.
 *
 * @throws {PretrainedError} `not-found`, `access`, `gated`, `download`.
 */
export async function listRepository(settings: HubSettings, question: RepositoryQuestion): Promise<RepositoryListing> {
  const { source, repository, revision, signal } = question;
  const path = `api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const url = new URL(path, settings.endpoint);
  const document = await withRetries(settings.patience, signal, () => readJson(settings, question, url)).catch(
    (error: unknown) => {
      throw gaveUp(error, source);
    },
  );
  const parsed = safeParse(listing, document);
  if (!parsed.success || !isCommit(parsed.output.sha)) {
    throw new PretrainedError(
      'download',
      source,
      `${source}: ${url.href} is not answered as a hub does: expected a commit and a list of files.`,
    );
  }
  const { sha: commit, siblings, cardData } = parsed.output;
  const card = Array.isArray(cardData?.license) ? cardData.license[0] : cardData?.license;
  return {
    commit,
    license: licenseOfCard(card ?? undefined),
    files: siblings.flatMap(({ rfilename: file, size, blobId, lfs }): readonly HubFile[] => {
      assertRepositoryPath(file, source);
      const blob = blobName(lfs?.sha256 ?? blobId ?? null);
      if (blob === undefined) return [];
      const bytes = lfs?.size ?? size ?? undefined;
      const address = fileUrl(settings.endpoint, repository, commit, file);
      return [{ source, repository, commit, file, blob, url: address, bytes, hash: hashOfName(blob) }];
    }),
  };
}

async function readJson(settings: HubSettings, question: RepositoryQuestion, url: URL): Promise<unknown> {
  const { source, signal } = question;
  const { response, watch } = await request(settings, { url, source, signal });
  try {
    if (!response.ok) throw refusal(response, settings, question);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of bodyOf(response, watch.signal)) {
      watch.heard();
      bytes += chunk.length;
      if (bytes > maximumBytes)
        throw new PretrainedError('download', source, `${source}: the list of files is over ${maximumBytes} bytes.`);
      chunks.push(chunk);
    }
    return parse(await new Blob(chunks as BlobPart[]).text());
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PretrainedError) throw error;
    throw networkFailure(url, error, watch.expired);
  } finally {
    watch.stop();
    await response.body?.cancel().catch(() => undefined);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
