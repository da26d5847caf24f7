import { hash } from "node:crypto";
import { normalName } from "#core/kernel/normal-name.ts";

/** Numbers that 53 bits hold: all that a double holds exactly. */
const range = 2 ** 53;

/**
 * A fraction in (0, 1) for a salt, a label and a unit: 53 bits of the SHA-256 of the three, each with its length before
 * it, so that no two triples are written alike. The unit is taken in NFC, since one name may be typed in two ways.
 */
export function fractionOf(salt: string, label: string, unit: string): number {
  const name = normalName(unit);
  // Written out: with a list that is joined the whole takes twice as long.
  const text = `${salt.length}:${salt}${label.length}:${label}${name.length}:${name}`;
  const digits = hash("sha256", text, "hex").slice(0, 14);
  return (Math.floor(Number.parseInt(digits, 16) / 8) + 0.5) / range;
}

/** Something that units are shared out to. */
export interface Shared {
  readonly label: string;
  /** > 0, relative to the others. */
  readonly weight: number;
}

/**
 * Whom a unit belongs to: the one with the largest ln(u) / weight, u the unit's fraction for it. Each gets units by its
 * weight; when a weight is raised, units come to it and no other unit moves; when one leaves, only its own units move.
 * Weighted rendezvous hashing: Schindelhauer and Schomaker, SPAA 2005.
 */
export function ownerOf<One extends Shared>(
  all: readonly One[],
  { salt, unit }: { readonly salt: string; readonly unit: string },
): One | undefined {
  let owner: One | undefined;
  let most = -Infinity;
  for (const one of all) {
    const score = Math.log(fractionOf(salt, one.label, unit)) / one.weight;
    if (score > most || !owner) [owner, most] = [one, score];
  }
  return owner;
}
