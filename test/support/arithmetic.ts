/**
 * The value of written arithmetic: whole numbers, `+ - * /`, brackets, and `ceil( )` for rounding up. Exact: a fraction
 * of two integers is carried through, and a value that is no whole number at the end is an error.
 */
export function evaluated(text: string): bigint {
  const tokens = text.match(/\d+|ceil|[-+*/()]/g) ?? [];
  if (tokens.join("") !== text.replaceAll(/\s/g, "")) throw new Error(`"${text}" is no arithmetic`);
  const reader = { tokens, at: 0 };
  const { top, bottom } = sum(reader);
  if (reader.at < tokens.length || top % bottom !== 0n) throw new Error(`"${text}" has no whole value`);
  return top / bottom;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

function sum(reader: Reader): Fraction {
  let value = product(reader);
  for (let sign = next(reader, "+", "-"); sign !== undefined; sign = next(reader, "+", "-")) {
    const other = product(reader);
    const top = sign === "+" ? other.top : -other.top;
    value = { top: value.top * other.bottom + top * value.bottom, bottom: value.bottom * other.bottom };
  }
  return value;
}

function product(reader: Reader): Fraction {
  let value = factor(reader);
  for (let sign = next(reader, "*", "/"); sign !== undefined; sign = next(reader, "*", "/")) {
    const other = factor(reader);
    const turned = sign === "*" ? other : { top: other.bottom, bottom: other.top };
    value = { top: value.top * turned.top, bottom: value.bottom * turned.bottom };
  }
  return value;
}

function factor(reader: Reader): Fraction {
  const rounds = next(reader, "ceil") !== undefined;
  if (next(reader, "(") !== undefined) {
    const value = sum(reader);
    if (next(reader, ")") === undefined) throw new Error("A closing bracket is missing");
    return rounds ? { top: (value.top + value.bottom - 1n) / value.bottom, bottom: 1n } : value;
  }
  const number = reader.tokens[reader.at++];
  if (number === undefined || !/^\d+$/.test(number)) throw new Error("A number is missing");
  return { top: BigInt(number), bottom: 1n };
}

function next(reader: Reader, ...wanted: readonly string[]): string | undefined {
  const token = reader.tokens[reader.at];
  if (token === undefined || !wanted.includes(token)) return undefined;
  reader.at++;
  return token;
}
