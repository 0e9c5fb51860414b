/**
 * Whether a name from a file stays where it belongs: relative, without `..`, drive, scheme or NUL. Shards, external
 * data and archive members are named by such files.
 */
export function isInnerPath(name: string): boolean {
  return name !== '' && !/^[/\\]|^[A-Za-z]:|\0|(^|[/\\])\.\.([/\\]|$)/.test(name);
}

/** {@link isInnerPath} of a name that is opened as a file: no colon either, which streams and schemes are made of. */
export function isInnerFile(name: string): boolean {
  return isInnerPath(name) && !name.includes(':');
}
