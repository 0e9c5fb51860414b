import { describeParity } from '@tesserae/core/test';
import { onnxAvailable } from '../../core/test/onnx-available';
import { runners } from './parity';

const fixtures = new URL('fixtures', import.meta.url);

/** Systems with model functions. */
const onEngines = new Set(['magnet', 'mrt5']);

// Everything else runs on no engine, so one is enough.
describeParity('text', runners, fixtures, { engines: ['cpu'], filter: ({ system }) => !onEngines.has(system) });
describeParity('text', runners, fixtures, {
  engines: ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])],
  filter: ({ system }) => onEngines.has(system),
});
