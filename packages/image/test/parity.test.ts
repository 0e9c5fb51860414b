import { describeParity } from '@tesserae/core/test';
import { runners } from './parity';

describeParity('image', runners, new URL('fixtures', import.meta.url));
