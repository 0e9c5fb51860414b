export { tap } from '../engine/taps';
