import { fileURLToPath } from 'node:url';

/** Path of the repository, with the final separator. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));
