/** What of a text does not count when it is compared. */
export interface TextNorm {
  /** Large and small letters are the same. */
  readonly case: boolean;
  /** Punctuation, and what ASCII has of symbols, is left out. */
  readonly punctuation: boolean;
  /** The English articles a, an and the are left out. */
  readonly articles: boolean;
  /** White space at the ends is left out, and is one space elsewhere. */
  readonly spaces: boolean;
  /** Forms of a character that mean the same are the same: full width, ligatures (Unicode's NFKC). */
  readonly compatibility: boolean;
}

/** As SQuAD compares answers, with Unicode's punctuation beside ASCII's (Rajpurkar et al. 2016, arXiv:1606.05250). */
export const squadNorm: TextNorm = {
  case: true,
  punctuation: true,
  articles: true,
  spaces: true,
  compatibility: true,
};

/** A text without what does not count. */
export function normalText(text: string, norm: TextNorm): string {
  let normal = norm.compatibility ? text.normalize("NFKC") : text;
  if (norm.case) normal = normal.toLowerCase();
  if (norm.punctuation) normal = normal.replaceAll(/[\p{P}$+<=>^`|~]/gu, "");
  if (norm.articles) normal = normal.replaceAll(/\b(?:a|an|the)\b/giu, " ");
  return norm.spaces ? normal.split(/\s+/u).filter(Boolean).join(" ") : normal;
}
