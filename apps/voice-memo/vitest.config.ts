import config from '@tesserae/vitest/config';
import { mergeConfig } from 'vitest/config';

// Processes, not threads: the tests of the command work in a folder of their own.
export default mergeConfig(config, { test: { pool: 'forks' } });
