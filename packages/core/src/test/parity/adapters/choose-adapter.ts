import { adaptAudio } from './audio';
import type { Adapter, CaseJson } from './case-json';
import { adaptCore } from './core';
import { adaptImage1d } from './image-1d';
import { adaptShape } from './shape';
import { adaptText } from './text';
import { adaptTokenReduction } from './token-reduction';
import { adaptVideo } from './video';

/** The folders that cases are sorted in: the names of the packages. */
export const parityModalities = ['core', 'image', 'audio', 'video', '3d', 'text', 'token-reduction'] as const;
export type ParityModality = (typeof parityModalities)[number];

export function isParityModality(name: string): name is ParityModality {
  return (parityModalities as readonly string[]).includes(name);
}

/** By content where it is unmistakable (a case may lie under another modality than its makers'), by modality otherwise. */
export function chooseAdapter(modality: ParityModality, json: CaseJson): Adapter {
  const tensors = Object.entries(json.tensors ?? {});
  if (json.call !== undefined && json.outputs !== undefined) return adaptVideo;
  if (tensors.some(([, { role }]) => role !== undefined)) return adaptAudio;
  if (tensors.some(([key]) => /^(input|output)\./.test(key)) && modality === 'image') return adaptImage1d;
  switch (modality) {
    case '3d':
      return adaptShape;
    case 'token-reduction':
      return adaptTokenReduction;
    case 'text':
      return adaptText;
    case 'audio':
      return adaptAudio;
    case 'video':
      return adaptVideo;
    default:
      return adaptCore;
  }
}
