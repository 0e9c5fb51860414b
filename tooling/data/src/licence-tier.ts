/**
 * What a licence allows here.
 *
 * - `A`: attribution at most; may be trained on, crops may be shown.
 * - `B`: share-alike; may be trained on, the weights are then released under CC-BY-SA-4.0.
 * - `C`: copyleft of software (GPL, GFDL, Free Art): local experiments only.
 * - `X`: anything else, unclear terms included.
 */
export type LicenceTier = 'A' | 'B' | 'C' | 'X';

const order: readonly LicenceTier[] = ['A', 'B', 'C', 'X'];

const rules: readonly (readonly [RegExp, LicenceTier])[] = [
  [/^(CC0(-1\.0)?|public[- ]domain)$/i, 'A'],
  [/^CC-BY-\d\.\d(-[A-Z]+)?$/i, 'A'],
  [/^(BSD(-[234]-clause)?(-[a-z]+)?|MIT|Expat|Apache-2\.0)$/i, 'A'],
  // Version 1.0 has no clause that lets an adaptation move to a later version.
  [/^CC-BY-SA-(2\.0|2\.5|3\.0|4\.0)$/i, 'B'],
  [/^(L?GPL|AGPL|GFDL|free-art|FAL)([-v ].*)?$/i, 'C'],
];

/**
 * Tier of a licence as Debian writes it. Of alternatives (`or`) the best counts, of several that all hold (`and`) the
 * worst; as in Debian's format `and` binds tighter, unless a comma stands before it.
 *
 * @param licence - For example `CC-BY-SA-3.0 or GPL-2+`.
 */
export function tierOf(licence: string): LicenceTier {
  return worst(licence.split(/,\s*and\s+/i).map((part) => best(part.split(/,?\s+or\s+/i).map(tierOfAll))));
}

/** True for the tiers that default weights may be trained on. */
export function mayTrainOn(licence: string): boolean {
  const tier = tierOf(licence);
  return tier === 'A' || tier === 'B';
}

function tierOfAll(licence: string): LicenceTier {
  return worst(
    licence.split(/\s+and\s+/i).map((name) => rules.find(([pattern]) => pattern.test(name.trim()))?.[1] ?? 'X'),
  );
}

function best(tiers: readonly LicenceTier[]): LicenceTier {
  return order.find((tier) => tiers.includes(tier)) ?? 'X';
}

function worst(tiers: readonly LicenceTier[]): LicenceTier {
  return order.findLast((tier) => tiers.includes(tier)) ?? 'X';
}
