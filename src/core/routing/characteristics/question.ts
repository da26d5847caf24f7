/** What a message wants, by the words that it asks with. */
export type QuestionType =
  | "classify"
  | "extract"
  | "summarise"
  | "translate"
  | "rewrite"
  | "create"
  | "compare"
  | "how-to"
  | "why"
  | "fact"
  | "yes-no"
  | "instruction"
  | "statement";

/** First come the tasks that name themselves; then the kinds of questions. The first that fits is taken. */
const rules: readonly (readonly [QuestionType, RegExp])[] = [
  ["translate", /\b(?:translate|translation|übersetze?|traduis|traduce|tradu[cz]a)\b/],
  [
    "summarise",
    /\b(?:summari[sz]e|summary|tl;?dr|key points|fasse .{0,80}zusammen|zusammenfassung|résume|resume[nr]?)\b/,
  ],
  [
    "classify",
    /\b(?:classify|categori[sz]e|sentiment|label (?:the|this|each)|which (?:category|class)|klassifiziere|clasifica)\b/,
  ],
  ["extract", /\b(?:extract|identify|list all|find all|pull out|extrahiere|extrae|extrais)\b/],
  [
    "rewrite",
    /\b(?:rewrite|rephrase|paraphrase|proofread|correct the|edit the|improve the|schreibe .{0,40}um|reformule)\b/,
  ],
  [
    "compare",
    /\b(?:compare|contrast|difference between|differences between|versus|vs\.?|pros and cons|vergleiche|unterschied)\b/,
  ],
  [
    "create",
    /\b(?:compose|draft|craft|brainstorm|imagine|pretend|role ?play|write (?:a|an|the|me|about|two|three)|create (?:a|an)|schreibe (?:ein|mir)|escribe un|écris un)/,
  ],
  ["why", /(?:^|[.!?\n]\s*)(?:why|warum|weshalb|pourquoi|por qué)\b/],
  [
    "how-to",
    /\bhow (?:do|can|could|would|should|to|does|did|is|are)\b|\bwie (?:kann|mache|geht|funktioniert)\b|\bcómo\b|\bcomment\b/,
  ],
  [
    "fact",
    /(?:^|[.!?,\n]\s*)(?:who|what|when|where|which|how (?:many|much|long|far|old|tall|often)|wer|was|wann|wo|welche[rs]?|wie ?viele?|quién|qué|cuándo|dónde|qui|quel(?:le)?|quand|où)\b/,
  ],
  [
    "yes-no",
    /(?:^|[.!?,\n]\s*)(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|may|ist|sind|kann|können|es|est-ce)\b[^.!\n]{0,300}\?/,
  ],
];

/** Verbs that begin an instruction. */
const orders: ReadonlySet<string> = new Set(
  (
    "write give tell show explain describe list make create implement find solve calculate compute determine provide " +
    "generate analyze analyse discuss evaluate outline suggest recommend design develop complete answer consider embody " +
    "please act read help start return prove define draw plan erkläre nenne beschreibe schreibe gib zeige explica describe dis"
  ).split(" "),
);

/** What a message wants. */
export function questionOf(text: string, words: readonly string[]): QuestionType {
  for (const [type, pattern] of rules) if (pattern.test(text)) return type;
  if (text.trimEnd().endsWith("?")) return "fact";
  return orders.has(words[0] ?? "") ? "instruction" : "statement";
}
