import { describeParity } from '@tesserae/core/test';
import { runners } from './parity';

const fixtures = new URL('fixtures', import.meta.url);
/** Plain signal code and readers: no engine has a part in them. */
const withoutModels = new Set(['checkpoint', 'frontend', 'resample']);

describeParity('audio', runners, fixtures, { engines: ['cpu'], filter: ({ system }) => withoutModels.has(system) });
describeParity('audio', runners, fixtures, { filter: ({ system }) => !withoutModels.has(system) });
