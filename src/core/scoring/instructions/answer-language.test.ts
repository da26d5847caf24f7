import { expect, test } from "vitest";
import { answerLanguage } from "./answer-language.ts";

/** The first article of the Universal Declaration of Human Rights (United Nations, 1948; free to use), and a plain sentence. */
const samples: Readonly<Record<string, readonly string[]>> = {
  en: [
    "All human beings are born free and equal in dignity and rights.",
    "I would like a cup of tea, please.",
  ],
  es: [
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
    "Me gusta leer libros por la noche.",
  ],
  pt: [
    "Todos os seres humanos nascem livres e iguais em dignidade e em direitos.",
    "Eu não sei o que fazer hoje.",
  ],
  fr: [
    "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "Je ne sais pas où est la gare.",
  ],
  de: [
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "Ich weiß nicht, wo der Bahnhof ist.",
  ],
  it: [
    "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.",
    "Non so dove sia la stazione.",
  ],
  pl: [
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "Nie wiem, gdzie jest dworzec.",
  ],
  fi: [
    "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan.",
    "Hän ei ole vielä kotona, mutta tulee pian.",
  ],
  vi: [
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.",
    "Tôi không biết nhà ga ở đâu.",
  ],
  sw: [
    "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa.",
    "Kitabu hiki ni kizuri sana kwa watoto wa shule na walimu wao.",
  ],
  ru: [
    "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "Я не знаю, где находится вокзал, но он большой.",
  ],
  bg: [
    "Всички хора се раждат свободни и равни по достойнство и права.",
    "Аз не знам къде се намира гарата, но ще попитам.",
  ],
  uk: [
    "Всі люди народжуються вільними і рівними у своїй гідності та правах.",
    "Я не знаю, де знаходиться вокзал.",
  ],
  ar: ["يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.", "لا أعرف أين تقع المحطة."],
  fa: [
    "تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت و حقوق با هم برابرند.",
    "من نمی‌دانم ایستگاه کجاست.",
  ],
  ur: [
    "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔",
    "مجھے نہیں معلوم کہ اسٹیشن کہاں ہے۔",
  ],
  hi: [
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतंत्रता और समानता प्राप्त है।",
    "मुझे नहीं पता कि स्टेशन कहाँ है।",
  ],
  mr: [
    "सर्व मानवी व्यक्ती जन्मतः स्वतंत्र आहेत व त्यांना समान प्रतिष्ठा व समान अधिकार आहेत.",
    "मला माहीत नाही की स्टेशन कुठे आहे आणि ते किती दूर आहे.",
  ],
  ne: [
    "सबै व्यक्तिहरू जन्मजात स्वतन्त्र हुन् र ती सबैको समान अधिकार र महत्त्व छ।",
    "मलाई थाहा छैन स्टेशन कहाँ छ, तर यो ठूलो छ।",
  ],
  bn: ["সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে।"],
  pa: ["ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਆਪਣੀ ਮਹਿਮਾ, ਸ਼ਾਨ ਅਤੇ ਹੱਕਾਂ ਦੇ ਪੱਖੋਂ ਜਨਮ ਤੋਂ ਹੀ ਆਜ਼ਾਦ ਹੈ।"],
  gu: ["પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર અને સમાન હોય છે."],
  ta: ["மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்."],
  te: ["ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును జన్మతః స్వతంత్రులును సమానులును."],
  kn: ["ಎಲ್ಲಾ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಜನಿಸಿದ್ದಾರೆ."],
  ml: ["മനുഷ്യരെല്ലാവരും തുല്യാവകാശങ്ങളോടും അന്തസ്സോടും സ്വാതന്ത്ര്യത്തോടുംകൂടി ജനിച്ചിട്ടുള്ളവരാണ്."],
  th: ["มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ"],
  ko: ["모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."],
  ja: ["すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。"],
  he: ["כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם."],
};

test.each(Object.entries(samples))("%s is told from the other languages of IFEval", (language, texts) => {
  for (const text of texts) expect(answerLanguage(text), text).toBe(language);
});

test("letters without words tell nothing", () => {
  expect(answerLanguage("xyz qqq")).toBeUndefined();
  expect(answerLanguage("12 + 3")).toBeUndefined();
});
