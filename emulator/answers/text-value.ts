import type { JsonObject } from "../json.ts";
import type { Random } from "../random.ts";
import { patternText } from "./pattern-text.ts";
import { prose } from "./prose.ts";

const names = ["Ada Park", "Noor Haddad", "Jonas Weber", "Mei Tanaka", "Lucia Ferri"];
const cities = ["Lisbon", "Oslo", "Nairobi", "Kyoto", "Montreal"];
const countries = ["Portugal", "Norway", "Kenya", "Japan", "Canada"];
const words = [
  "amber",
  "harbour",
  "lantern",
  "meadow",
  "signal",
  "copper",
  "willow",
  "summit",
  "velvet",
  "orchard",
];

const charactersMax = 100_000; // of one text, whatever minLength asks for

/** A text for a JSON-schema string without enum or const: format, pattern and length are kept where given. */
export function textValue(schema: JsonObject, key: string, hints: string[], random: Random): string {
  const pattern = compiled(schema["pattern"]);
  const format = typeof schema["format"] === "string" ? formattedText(schema["format"], random) : undefined;
  if (format !== undefined && (pattern === undefined || pattern.test(format))) return format;
  const lengthMin = Math.min(charactersMax, numberOf(schema["minLength"]) ?? 0);
  const lengthMax = numberOf(schema["maxLength"]) ?? Number.POSITIVE_INFINITY;
  if (pattern !== undefined) return matchingText(pattern, { lengthMin, lengthMax }, random);
  return fittedText(hints.shift() ?? textForKey(key, random), { lengthMin, lengthMax }, random);
}

/** A pattern as an expression; undefined when there is none, or none that JavaScript reads (the API ignores those). */
function compiled(pattern: unknown): RegExp | undefined {
  if (typeof pattern !== "string") return undefined;
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Tried again without the stricter Unicode syntax.
    }
  }
  return undefined;
}

/** A schema number, also when the API carries it as a string (int64 fields such as minItems). */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

interface Lengths {
  readonly lengthMin: number;
  readonly lengthMax: number;
}

const attemptsMax = 60;

/** Tries longer and longer texts until one matches pattern and lengths; the best effort is returned if none does. */
function matchingText(pattern: RegExp, lengths: Lengths, random: Random): string {
  let text = "";
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stretch = attempt % 3 === 2 ? lengths.lengthMin + attempt : Math.min(attempt, 12);
    text = patternText(pattern.source, random, stretch);
    const length = Array.from(text).length;
    if (pattern.test(text) && length >= lengths.lengthMin && length <= lengths.lengthMax) return text;
  }
  return text;
}

function fittedText(text: string, { lengthMin, lengthMax }: Lengths, random: Random): string {
  const points = Array.from(text);
  if (points.length > lengthMax) return points.slice(0, lengthMax).join("");
  if (points.length >= lengthMin) return text;
  const filler = prose(random, [], Math.ceil((lengthMin - points.length) / 4) + 1);
  return `${text} ${filler}`.slice(0, Math.max(lengthMin, Math.min(lengthMax, lengthMin)));
}

function textForKey(key: string, random: Random): string {
  const name = key.toLowerCase();
  if (/city|town|location|place/.test(name)) return random.pick(cities);
  if (/country|nation/.test(name)) return random.pick(countries);
  if (/^(full_?|first_?|last_?|user_?|author_?)?name$|author|person/.test(name)) return random.pick(names);
  if (/email/.test(name)) return formattedText("email", random) ?? "";
  if (/url|uri|link/.test(name)) return formattedText("uri", random) ?? "";
  if (/date/.test(name)) return formattedText("date", random) ?? "";
  if (/(^|_)id$/.test(name)) return `${random.pick(words)}-${random.integer(100, 999)}`;
  if (/summary|description|reason|explanation|answer|text|content|body|thought|comment|message/.test(name)) {
    return prose(random, [], random.integer(8, 24));
  }
  return `${random.pick(words)} ${random.pick(words)}`;
}

/** A text of a JSON-schema format; undefined for formats that restrict nothing here. */
function formattedText(format: string, random: Random): string | undefined {
  const two = (min: number, max: number): string => String(random.integer(min, max)).padStart(2, "0");
  const date = (): string => `20${two(20, 26)}-${two(1, 12)}-${two(1, 28)}`;
  const time = (): string => `${two(0, 23)}:${two(0, 59)}:${two(0, 59)}`;
  const hex = (length: number): string =>
    Array.from({ length }, () => random.integer(0, 15).toString(16)).join("");
  switch (format) {
    case "date-time":
      return `${date()}T${time()}Z`;
    case "date":
      return date();
    case "time":
      return `${time()}Z`;
    case "duration":
      return `PT${random.integer(1, 59)}M`;
    case "email":
      return `${random.pick(words)}.${random.pick(words)}@example.com`;
    case "uri":
    case "url":
    case "uri-reference":
      return `https://example.com/${random.pick(words)}/${random.integer(1, 999)}`;
    case "hostname":
      return `${random.pick(words)}.example.com`;
    case "uuid":
      return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
    case "ipv4":
      return `192.0.2.${random.integer(1, 254)}`;
    case "ipv6":
      return `2001:db8::${random.integer(1, 9999)}`;
    default:
      return undefined;
  }
}
