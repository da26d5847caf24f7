import { panelQuadrature } from "./quadrature.ts";

/**
 * Density and both tails of the gamma distribution with a large shape a (above 200) and scale 1, by integration of its density
 * sqrt(a / 2 pi) / x e^(-a (m - ln(1 + m)) - 1/(12 a) + 1/(360 a^3)), m = (x - a) / a, from x away from a: Stirling's series
 * in the place of the difference of huge logarithms. The tail on that side keeps its digits, the other is what is left of 1.
 */
export function largeGamma(
  x: number,
  shape: number,
): { readonly density: number; readonly below: number; readonly above: number } {
  const isAbove = x >= shape;
  const deviation = Math.sqrt(shape);
  // The density falls at least as e^(-distance / decay), and as a bell near its mode.
  const decay = x / Math.max(1, Math.abs(x - shape + 1));
  const range = Math.min(40 * decay, 12 * deviation);
  const panel = Math.min(3 * decay, 1.5 * deviation);
  const far = isAbove ? x + range : Math.max(0, x - range);
  const { points, weights } = panelQuadrature({ from: Math.min(x, far), to: Math.max(x, far), panel });
  let tail = 0;
  for (const [index, point] of points.entries()) tail += (weights[index] ?? 0) * densityAt(point, shape);
  const density = densityAt(x, shape);
  return isAbove ? { density, below: 1 - tail, above: tail } : { density, below: tail, above: 1 - tail };
}

function densityAt(x: number, shape: number): number {
  const distance = (x - shape) / shape;
  const stirling = -1 / (12 * shape) + 1 / (360 * shape ** 3);
  return (
    (Math.sqrt(shape / (2 * Math.PI)) * Math.exp(stirling - shape * (distance - Math.log1p(distance)))) / x
  );
}
