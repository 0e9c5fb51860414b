import type { Adapter } from './case-json';

/**
 * Text: bare names without roles in the few cases that have tensors; `files` maps names to their meaning. A tensor
 * that lies in `weights.safetensors` instead of the io file is no expectation.
 */
export const adaptText: Adapter = ({ tensors = {} }, files) => {
  const keys = files.includes('io.safetensors') ? Object.keys(tensors) : [];
  return {
    inputs: keys.map((key) => ({ name: key, key })),
    expectations: keys.map((key) => ({ name: key, key, role: 'output' as const })),
    calls: [{}],
    ...(files.includes('weights.safetensors') ? { weights: 'weights.safetensors' } : {}),
    rolesByUse: true,
  };
};
