/** Words that are frequent in one language, most of them in it alone. Function words: they are in every text, whatever it is about. */
const frequent: Readonly<Record<string, string>> = {
  en: "the of and to is that it for was with as his they this have from not are but what all were when we there can an your which their said if will each about how up out them then she many some so these would other into has more her like him see could my than been its who now did get may do you be by i am where why please write",
  de: "der die das und ist nicht ein eine einen dem den des zu mit sich auf für von im auch es an werden aus er hat dass sie nach wird bei einer um noch wie einem über so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir ihr kann wenn was meine mein bitte warum mir",
  fr: "le la les de des du un une et est que qui dans en pour pas au sur ne se ce il sont plus par avec tout faire son mais comme nous vous ou leur elle être avoir cette ces aux était été même sans je mon ma mes comment pourquoi quel quelle sa deux doivent",
  es: "el la los las de del y que en un una es se no por con para su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos mi cómo qué puedo los seres y deben",
  it: "il lo la i gli le di del della dei che e è un una in per non con da al sono si come più ma anche alla questo nel ha o se ci mi io mio gli ed essi verso agli nella delle dal cosa perché quando dove molto tutti altri",
  pt: "o a os as de do da dos das e que em um uma é não por com para se no na mais como mas ao ele sua seu ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse eles você são minha meu uns outros devem todos",
  nl: "de het een en van is dat die in te niet zijn op met voor er aan als maar om ook bij uit door over naar dan nog wel heeft hij ik je wij ze hun werd meer kan worden deze wat hoe mijn waarom alle elkaar",
  sv: "och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när skall eller hon under där vid mot också efter hur mig min alla bör varandra i",
  da: "og at det som en på er af for med til den har de ikke om et han men var jeg sig fra vi så kan når eller hun under hvor ved mod også efter hvordan mig min alle bør hverandre i",
  pl: "i w na z do się nie to jest że o jak po za ale co od dla tak przez są tego ten oraz może przed czy tylko być już jego które który są wszyscy swej wobec powinni ludzie mnie moja dlaczego",
  tr: "ve bir bu da de için ile çok olarak daha olan ne gibi kadar sonra ama ben o mi en ya her var değil mı nasıl neden benim bütün insanlar karşı ki",
  id: "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada mereka lebih kata bisa oleh sudah kita atau dia bagaimana apa semua orang mereka satu sama lain",
  vi: "và của là có không các được cho người một những trong này với để đã khi cũng tôi về như từ mọi ra đều nhau",
  cs: "a se v na je že to s z do o i jako za by ale jsou pro tak po co už jeho který nebo jak když byl jsem má lidé sobě mají všichni rodí",
  fi: "ja on ei se että hän oli mutta ovat kun niin kuin myös joka tai mitä minun miten kaikki heidän he toisiaan",
  ro: "și de la a în cu pe nu că este o un mai din sau pentru care se sunt fi prin după toate ce cum față altele trebuie ele",
  hu: "a az és hogy nem is egy ez meg de van csak mint volt vagy ha már minden kell lehet emberi hogyan miért",
};

/** For each word the languages that it is frequent in. */
const languagesOf: ReadonlyMap<string, readonly string[]> = indexed();

/** Letters of one language or group, and what they tell when they are most of a text. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\u3040-\u30ff]/g, "ja"],
  [/[\uac00-\ud7af\u1100-\u11ff]/g, "ko"],
  [/[\u4e00-\u9fff\u3400-\u4dbf]/g, "zh"],
  [/[\u0590-\u05ff]/g, "he"],
  [/[\u0900-\u097f]/g, "hi"],
  [/[\u0980-\u09ff]/g, "bn"],
  [/[\u0b80-\u0bff]/g, "ta"],
  [/[\u0e00-\u0e7f]/g, "th"],
  [/[\u0370-\u03ff]/g, "el"],
  [/[\u0600-\u06ff]/g, "ar"],
  [/[\u0400-\u04ff]/g, "ru"],
];

/** The share of a text's letters from which on a script decides; kana decide from less, since Japanese is mixed. */
const scriptShare = 0.3;
const kanaShare = 0.1;
/** Words of its own that a guess needs, and how many times as many as the next language has. */
const wordsMin = 0.8;
const leadMin = 1.2;
/** What a word of one letter counts. */
const letterWeight = 0.2;

/** The language of a text in lower case, ISO 639-1; undefined where too little of it is known. */
export function languageOf(text: string, words: readonly string[]): string | undefined {
  return byScript(text) ?? byWords(words);
}

function byScript(text: string): string | undefined {
  // As a rule nothing is there beyond Latin letters: one look instead of eleven.
  if (!/[\u0370-\u11ff\u3040-\ud7af]/.test(text)) return undefined;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  for (const [pattern, language] of scripts) {
    const count = text.match(pattern)?.length ?? 0;
    if (count < letters * (language === "ja" ? kanaShare : scriptShare) || count === 0) continue;
    if (language === "ru") return /[іїєґ]/.test(text) ? "uk" : "ru";
    return language === "ar" && /[پچژگ]/.test(text) ? "fa" : language;
  }
  return undefined;
}

function byWords(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) {
    const known = languagesOf.get(word);
    if (!known) continue;
    // A word of several languages tells less, and so does a letter: formulas are full of them.
    const weight = (word.length === 1 ? letterWeight : 1) / known.length;
    for (const language of known) counts.set(language, (counts.get(language) ?? 0) + weight);
  }
  let best: string | undefined;
  let [most, next] = [0, 0];
  for (const [language, count] of counts) {
    if (count > most) [best, most, next] = [language, count, most];
    else if (count > next) next = count;
  }
  return most >= wordsMin && most >= next * leadMin ? best : undefined;
}

function indexed(): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const [language, words] of Object.entries(frequent)) {
    for (const word of new Set(words.split(" "))) {
      const known = index.get(word);
      if (known) known.push(language);
      else index.set(word, [language]);
    }
  }
  return index;
}
