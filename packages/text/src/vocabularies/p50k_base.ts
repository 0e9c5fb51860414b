import type { PackedVocabulary } from '../bpe/packed-vocabulary';
import { r50kBase } from './r50k_base';

/**
 * Ranks of p50k_base, from openai/tiktoken (MIT), rank file of SHA-256 94b5ca7dff4d0076…
 * Written by `npm run vocabularies -- --pack`: do not edit.
 */
export const p50kBase: PackedVocabulary = {
  encoding: 'p50k_base',
  bytes: r50kBase.bytes,
  merges:
    r50kBase.merges +
    '//////ADcADcMRRADcMRRMRRMRRMRSMRTMRRMRTMRSMRTMRTMRTMRUMRTMRVMRTMRWMRXMRTMRXMRUMRXMRVMRXMRWMRXMRXMRXMRYMRXMRZMRXMRaMRXMRbMRXMRcMRXMRdMRXMReMRfMRXMRfMRY',
};
