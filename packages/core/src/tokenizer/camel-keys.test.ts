import { expect, it } from 'vitest';
import { camelKeys } from './camel-keys';

it('writes names in camel case, digits included', () => {
  const renamed = camelKeys({ dim: 1, codebook_size: 2, accept_3d_fmap: true });
  expect(renamed).toEqual({ dim: 1, codebookSize: 2, accept3dFmap: true });
  expect(renamed.codebookSize).toBe(2);
});
