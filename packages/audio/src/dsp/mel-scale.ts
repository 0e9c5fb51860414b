/** Mel of HTK: `2595 log10(1 + f / 700)`. */
export function htkMel(frequency: number): number {
  return 2595 * Math.log10(1 + frequency / 700);
}

const slaneyBreak = 1000;
const slaneySlope = 200 / 3;
const slaneyStep = Math.log(6.4) / 27;

/** Mel of Slaney's auditory toolbox (librosa's default): linear below 1 kHz, logarithmic above. */
export function slaneyMel(frequency: number): number {
  return frequency < slaneyBreak
    ? frequency / slaneySlope
    : slaneyBreak / slaneySlope + Math.log(frequency / slaneyBreak) / slaneyStep;
}

/** The frequency in Hz of a mel of {@link slaneyMel}. */
export function slaneyFrequency(mel: number): number {
  const breakMel = slaneyBreak / slaneySlope;
  return mel < breakMel ? mel * slaneySlope : slaneyBreak * Math.exp(slaneyStep * (mel - breakMel));
}
