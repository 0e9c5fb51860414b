import { name, version } from '../package.json';

/** What stands in the tokens that this package makes: `@tesserae/text@0.3.0`. */
export const library = `${name}@${version}`;
