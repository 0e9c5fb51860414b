import { InputError } from '@tesserae/core/data';

/**
 * Address of a file on the Hugging Face hub: `owner/name[@revision][/file]`. The revision is `main` and the file
 * `tokenizer.json` where none is named.
 *
 * @param endpoint - The hub or a mirror.
 * @throws {InputError} It is no such id, or an endpoint that is no web address.
 */
export function hubAddress(id: string, endpoint = 'https://huggingface.co'): URL {
  const match = /^([\w.-]+\/[\w.-]+)(?:@([\w.-]+))?(?:\/(.+))?$/.exec(id);
  const [, repository = '', revision = 'main', file = 'tokenizer.json'] = match ?? [];
  const parts = [...repository.split('/'), ...file.split('/')];
  if (!match || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new InputError('source', 'a preset, or owner/name[@revision][/file]', JSON.stringify(id.slice(0, 80)));
  }
  if (!URL.canParse(endpoint)) throw new InputError('endpoint', 'a web address', JSON.stringify(endpoint));
  const path = file.split('/').map(encodeURIComponent).join('/');
  return new URL(`${endpoint.replace(/\/+$/, '')}/${repository}/resolve/${revision}/${path}`);
}
