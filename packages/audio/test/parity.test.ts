import { describeParity } from '@tesserae/core/test';
import { runners } from './parity';

describeParity('audio', runners, new URL('fixtures', import.meta.url), { engines: ['cpu'] });
