import { languageOf } from "#core/routing/characteristics/language.ts";
import { countIn, wordsOf } from "#core/routing/characteristics/words.ts";

/** Scripts of which one language counts. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Bengali}/gu, "bn"],
  [/\p{Script=Gurmukhi}/gu, "pa"],
  [/\p{Script=Gujarati}/gu, "gu"],
  [/\p{Script=Tamil}/gu, "ta"],
  [/\p{Script=Telugu}/gu, "te"],
  [/\p{Script=Kannada}/gu, "kn"],
  [/\p{Script=Malayalam}/gu, "ml"],
  [/\p{Script=Thai}/gu, "th"],
  [/\p{Script=Devanagari}/gu, "hi"],
  [/\p{Script=Arabic}/gu, "ar"],
  [/\p{Script=Cyrillic}/gu, "ru"],
];

/** The share of the letters from which on a script decides. */
const scriptShare = 0.3;

/**
 * The language of an answer, ISO 639-1, among those of IFEval and those that routing knows: by script, by letters that one
 * language has, and by its most frequent words. Undefined where too little is known. IFEval's own tool, langdetect, has
 * profiles of 55 languages, and on short texts a different opinion on each run.
 */
export function answerLanguage(answer: string): string | undefined {
  const text = answer.toLowerCase().replaceAll(/https?:\/\/\S+/gu, " ");
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const words = wordsOf(text);
  for (const [pattern, language] of scripts) {
    const count = text.match(pattern)?.length ?? 0;
    if (count > 0 && count >= letters * scriptShare) return withinScript(language, text, words);
  }
  const isSwahili = countIn(words, swahili) > words.length * swahiliShare;
  return isSwahili ? "sw" : languageOf(text, words);
}

function withinScript(language: string, text: string, words: readonly string[]): string {
  if (language === "hi") return mostFrequent(words, devanagari);
  if (language === "ar") {
    // Letters of Urdu alone, then those that Persian adds to the Arabic ones or writes otherwise.
    if (share(text, /[ٹڈڑںےہھ]/gu) > 0.02) return "ur";
    return share(text, /[پچژگیک]/gu) > 0.02 ? "fa" : "ar";
  }
  if (language === "ru") {
    if (/[іїєґ]/u.test(text)) return "uk";
    return /[ыэё]/u.test(text) ? "ru" : mostFrequent(words, cyrillic);
  }
  return language;
}

function share(text: string, pattern: RegExp): number {
  return (text.match(pattern)?.length ?? 0) / Math.max(1, text.match(/\p{L}/gu)?.length ?? 0);
}

/** The language whose words are most frequent, the first where none are. */
function mostFrequent(
  words: readonly string[],
  known: Readonly<Record<string, ReadonlySet<string>>>,
): string {
  const counts = Object.entries(known).map(([language, set]) => ({ language, count: countIn(words, set) }));
  return counts.reduce((best, other) => (other.count > best.count ? other : best)).language;
}

const swahiliShare = 0.1;
const swahili = wordSet(
  "ya wa kwa katika hii kama au kuwa hivyo lakini pia sana watu wote yake wake hiyo mimi sisi yetu kila ili cha ambayo ambao hizi huu hilo",
);

const devanagari: Readonly<Record<string, ReadonlySet<string>>> = {
  hi: wordSet("है हैं का की के में और से पर यह नहीं था थे लिए कि ने भी हो तो एक कर रहा रहे सभी उन्हें आप मैं हम अपने क्या"),
  mr: wordSet(
    "आहे आहेत आणि मध्ये हे ती ते या असे होते नाही केले साठी मी आम्ही तुम्ही काय व ही हा त्या किंवा च्या सर्व त्यांना एक आपल्या असतो असते",
  ),
  ne: wordSet(
    "छ छन् र यो हो गर्न गर्ने थियो मा पनि गरेको हुन्छ भएको तपाईं लागि छैन सबै हामी म तिनीहरू आफ्नो एक गर्नुहोस् वा",
  ),
};

const cyrillic: Readonly<Record<string, ReadonlySet<string>>> = {
  ru: wordSet("и в не на что с как это по но из у за от так для мы вы он она они был все его"),
  uk: wordSet("що та як це він вона воно вони де але є до ще у чи цей ця про буде був була знаходиться"),
  bg: wordSet(
    "и на да се за от са че не по ще във със това как като те той тя ние бъде към при всички един трябва съм е",
  ),
};

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
