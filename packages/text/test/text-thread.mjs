// The program of a thread from its sources.
import { register } from 'tsx/esm/api';

register();
await import(new URL('../src/workers/text-thread.ts', import.meta.url).href);
