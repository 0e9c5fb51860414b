import manifest from '../package.json';

/** What stands in the tokens that this package makes: `@tesserae/audio@0.3.0`. */
export const library = `${manifest.name}@${manifest.version}`;
