/** A share (0 to 1) as a person reads it: "38 %", "0.4 %", "< 0.1 %". */
export function shareText(share: number): string {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  return `${Number((100 * share).toFixed(share < 0.1 ? 1 : 0))} %`;
}
