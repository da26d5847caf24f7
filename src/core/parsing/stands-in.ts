/** Quotes up to this length are found as the platform finds them: no text makes that slow, characters. */
const shortLengthMax = 200;

/**
 * Whether a quote stands in a text. Linear in both, whatever they are (Knuth, Morris and Pratt): `includes` takes a quarter
 * of a minute for a long quote that nearly fits everywhere (measured 2026-11-27).
 */
export function standsIn(text: string, quote: string): boolean {
  if (quote.length <= shortLengthMax) return text.includes(quote);
  if (quote.length > text.length) return false;
  const borders = bordersOf(quote);
  let fits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (fits > 0 && quote.charCodeAt(fits) !== code) fits = borders[fits - 1] ?? 0;
    if (quote.charCodeAt(fits) === code) fits += 1;
    if (fits === quote.length) return true;
  }
  return false;
}

/** For each beginning of the quote how much of its own beginning it ends with. */
function bordersOf(quote: string): Uint32Array {
  const borders = new Uint32Array(quote.length);
  let fits = 0;
  for (let at = 1; at < quote.length; at++) {
    const code = quote.charCodeAt(at);
    while (fits > 0 && quote.charCodeAt(fits) !== code) fits = borders[fits - 1] ?? 0;
    if (quote.charCodeAt(fits) === code) fits += 1;
    borders[at] = fits;
  }
  return borders;
}
