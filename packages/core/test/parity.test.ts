import { describeParity } from '../src/test/parity/describe-parity';
import { runners } from './parity';

describeParity('core', runners, new URL('fixtures', import.meta.url), { filter: ({ system }) => system in runners });
