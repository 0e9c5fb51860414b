/** The four bases in the order of DNABERT's vocabulary. */
export const bases = 'ATCG';

/** Complements of the IUPAC codes, U among them; each letter's partner is at the same place. */
const codes = 'ATCGURYSWKMBDHVN';
const partners = 'TAGCAYRSWMKVHDBN';
const complements: ReadonlyMap<string, string> = new Map(
  [...codes].flatMap((code, index) => {
    const partner = partners[index]!;
    return [
      [code, partner],
      [code.toLowerCase(), partner.toLowerCase()],
    ] as const;
  }),
);

/** The other strand, read in its direction. Lower case stays; other characters than IUPAC codes stay themselves. */
export function reverseComplement(sequence: string): string {
  let complement = '';
  for (let index = sequence.length - 1; index >= 0; index -= 1) {
    const code = sequence[index]!;
    complement += complements.get(code) ?? code;
  }
  return complement;
}
