/**
 * Numbers from [0, 1) that are the same for the same seed and name, so that a run can be made again. Each thing that is left
 * to chance has a name of its own: one draw more in one place changes nothing elsewhere. sfc32 by Chris Doty-Humphrey
 * (PractRand, public domain), begun with an FNV-1a hash.
 */
export function seededUnits(seed: number, name: string): () => number {
  const hash = hashOf(`${seed}/${name}`);
  let [a, b, c, count] = [hash, hash ^ 0x9e3779b9, seed | 0, 1];
  const next = (): number => {
    const sum = (a + b + count++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first ones still look like the seed.
  for (let round = 0; round < 12; round++) next();
  return next;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
