import { describeParity } from '@tesserae/core/test';
import { runners } from './parity';

// No case of this package runs on an engine, so one is enough.
describeParity('text', runners, new URL('fixtures', import.meta.url), { engines: ['cpu'] });
