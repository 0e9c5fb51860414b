/**
 * Linear values of the 256 codes of a G.711 law, 16-bit scale divided by 2^15.
 *
 * @param law - `a`: A-law (13 bits of range, even bits inverted); `mu`: mu-law (14 bits, all bits inverted).
 */
export function compandingTable(law: 'a' | 'mu'): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => (law === 'a' ? aLaw(code) : muLaw(code)) / 32_768);
}

function aLaw(stored: number): number {
  const code = stored ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 15) << 4) + 8;
  const size = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return code & 0x80 ? size : -size;
}

function muLaw(stored: number): number {
  const code = ~stored & 0xff;
  const size = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return code & 0x80 ? 0 - size : size;
}
