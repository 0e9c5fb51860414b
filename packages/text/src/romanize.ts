export { romanizeHangul } from './uroman/hangul';
export {
  type RomanEdge,
  type RomanEdgeOptions,
  romanize,
  romanizeEdges,
  type RomanizeOptions,
} from './uroman/romanize';
export { romanizeLine, type RomanizedLine } from './uroman/romanize-line';
