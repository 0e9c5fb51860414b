/** How the bytes of a file are recognised. */
export interface ContentHash {
  /** `git`: SHA-1 over `blob <length>\0` and the bytes, as git names files. */
  readonly kind: 'sha256' | 'git';
  /** Lower-case hex. */
  readonly hex: string;
}

/** A file of a server, with all that is known before its bytes come. */
export interface RemoteFile {
  /** As the user named what is being loaded: for messages. */
  readonly source: string;
  /** Path in the repository, or the last part of the URL. */
  readonly file: string;
  readonly url: URL;
  readonly bytes: number | undefined;
  readonly hash: ContentHash | undefined;
  /** A strong `ETag` or a date that pieces must belong to, where the address is not pinned. */
  readonly validator?: string;
}

/** A file of a repository at one commit. */
export interface HubFile extends RemoteFile {
  readonly repository: string;
  /** 40 hex digits. */
  readonly commit: string;
  /** Name of its bytes in the cache: their hash, or whatever the server calls them. */
  readonly blob: string;
}

/** The hash that the name of a blob is: 64 hex digits of SHA-256 or 40 of git; undefined for any other name. */
export function hashOfName(name: string): ContentHash | undefined {
  if (/^[0-9a-f]{64}$/.test(name)) return { kind: 'sha256', hex: name };
  return /^[0-9a-f]{40}$/.test(name) ? { kind: 'git', hex: name } : undefined;
}

/** `https://huggingface.co/owner/name/resolve/<revision>/<file>`. */
export function fileUrl(endpoint: URL, repository: string, revision: string, file: string): URL {
  return new URL(
    `${repository}/resolve/${encodeURIComponent(revision)}/${file.split('/').map(encodeURIComponent).join('/')}`,
    endpoint,
  );
}
