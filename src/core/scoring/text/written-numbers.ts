/** White space and marks that stand between groups of three digits. */
const digits = String.raw`(?:\d{1,3}(?:[,\u00a0\u202f\u2009'’]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+`;
const tenTo = String.raw`10\^\{?(?<power>[-+]?\d{1,4})\}?`;

/** What stands right before an amount of money. */
const currency = String.raw`(?:(?:USD|EUR|GBP|JPY|CHF|INR|US|Rs\.?) ?)?[$€£¥₹]?`;

/**
 * A number as people and models write it. Every part is bounded or ends where the next begins, so that it is linear.
 * A minus behind a word, a digit or a bracket is an operation; a digit behind a Latin letter, as in "x2", is a name.
 */
const written = new RegExp(
  String.raw`(?<![A-Za-z_\d.]|\d\/)(?<sign>(?<![\w)\]}])[-+])?${currency}(?<inner>-)?(?:${tenTo}|` +
    String.raw`(?<mantissa>${digits})(?:e(?<exponent>[-+]?\d{1,4})(?!\w)| ?[x×*] ?${tenTo.replace("power", "times")})?` +
    String.raw`(?:(?: (?<above>\d{1,9}))?\/(?<below>\d{1,9})(?![\d/]))?)`,
  "giu",
);

/** A number that a text holds. */
export interface WrittenNumber {
  readonly value: number;
  /** Whether a percent sign follows it. */
  readonly isPercent: boolean;
}

/**
 * The numbers of a text in their order: with separators of thousands, signs, currencies, exponents, fractions, mixed
 * numbers and percent signs, in plain words and in TeX. What is no finite number (3/0) is left out.
 */
export function writtenNumbers(text: string): readonly WrittenNumber[] {
  const plain = plainDigits(text);
  const found: WrittenNumber[] = [];
  for (const match of plain.matchAll(written)) {
    const value = valueOf(match.groups ?? {});
    if (!Number.isFinite(value)) continue;
    found.push({ value, isPercent: /^ ?%/.test(plain.slice(match.index + match[0].length).slice(0, 2)) });
  }
  return found;
}

function valueOf(parts: Readonly<Record<string, string | undefined>>): number {
  const { sign, inner, mantissa, exponent, power, times, above, below } = parts;
  const factor = sign === "-" || inner === "-" ? -1 : 1;
  if (mantissa === undefined) return factor * Number(`1e${power}`);
  const plain = mantissa.replaceAll(/[^\d.]/g, "");
  const whole = Number(`${plain}e${exponent ?? times ?? 0}`);
  if (below === undefined) return factor * whole;
  // "1 3/4" is a whole number and a fraction, "3/4" a fraction alone.
  return factor * (above === undefined ? whole / Number(below) : whole + Number(above) / Number(below));
}

const superscripts = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

/** A text in which numbers are written in one way: ASCII digits, "-" as minus, "a/b" as fraction, "10^3" as power. */
function plainDigits(text: string): string {
  return text
    .replaceAll(/[\uff10-\uff19]/g, (digit) => String.fromCodePoint(digit.charCodeAt(0) - 0xfee0))
    .replaceAll("\u2212", "-")
    .replaceAll(/10([\u207a\u207b]?)([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,4})/g, (_all, sign, power) => {
      const plain = String(power).replaceAll(/./g, (digit) => String(superscripts.indexOf(digit)));
      return `10^${sign === "\u207b" ? "-" : ""}${plain}`;
    })
    .replaceAll(/(\d?)([\u00bc-\u00be\u2150-\u215e])/g, (_all, digit, fraction) => {
      const plain = String(fraction).normalize("NFKC").replace("\u2044", "/");
      return `${digit}${digit === "" ? "" : " "}${plain}`;
    })
    .replaceAll(/\\[dt]?frac\{(-?\d{1,9})\}\{(\d{1,9})\}/g, "$1/$2")
    .replaceAll("\\times", "x")
    .replaceAll("\\cdot", "x")
    .replaceAll("{,}", ",")
    .replaceAll(/\\([$%,!])/g, (_all, mark) => (mark === "$" || mark === "%" ? String(mark) : ""));
}
