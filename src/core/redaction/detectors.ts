/** What Signalbox finds by itself in captured content. */
export const detectorNames = ["email", "card", "iban", "phone", "ip", "secret"] as const;

/** One of them. */
export type DetectorName = (typeof detectorNames)[number];

/** Something that must not be stored: a pattern, and a further check where the pattern alone says too little. */
export interface Detector {
  /** Stands in brackets where the find was. */
  readonly name: string;
  /** With the flag `g`. */
  readonly pattern: RegExp;
  readonly isMeant?: (found: string) => boolean;
}

/**
 * The built-in detectors. They find what has a form; names, addresses and the like have none and need a hook.
 * Every pattern is linear: no part of it can match the same text in two ways.
 */
export const detectors: Readonly<Record<DetectorName, Detector>> = {
  email: { name: "email", pattern: /[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi },
  card: { name: "card", pattern: /(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])/g, isMeant: passesLuhn },
  iban: {
    name: "iban",
    pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
    isMeant: passesMod97,
  },
  phone: {
    name: "phone",
    pattern: /(?<![\w+])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){5,12}(?!\d)/g,
  },
  ip: { name: "ip", pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g, isMeant: isIpAddress },
  secret: {
    name: "secret",
    // Keys of OpenAI and Anthropic, of Signalbox, Google, GitHub, AWS and Slack; JSON web tokens; PEM private keys.
    pattern:
      /\b(?:sk-[\w-]{20,200}|sbx_[\w-]{20,200}|AIza[\w-]{35}|gh[pousr]_\w{36,255}|A[KS]IA[A-Z0-9]{16}|xox[abprs]-[\w-]{10,200}|eyJ[\w-]{10,2000}\.[\w-]{10,4000}\.[\w-]{10,2000})|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]{0,8000}-----END [A-Z ]{0,20}PRIVATE KEY-----/g,
  },
};

/** The check digit of payment cards (ISO/IEC 7812-1, annex B). */
function passesLuhn(found: string): boolean {
  const digits = found.replaceAll(/\D/g, "");
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The check digits of bank accounts (ISO 13616, by ISO/IEC 7064 MOD 97-10). */
function passesMod97(found: string): boolean {
  const account = found.replaceAll(" ", "");
  let rest = 0;
  for (const letter of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function isIpAddress(found: string): boolean {
  return found.split(".").every((number) => Number(number) <= 255);
}
