import type { Random } from "../random.ts";
import { characterCountOf } from "../tokens.ts";

const subjects = [
  "the first step",
  "a careful reading",
  "the usual approach",
  "this question",
  "a small example",
  "the main trade-off",
  "most of the work",
  "the result",
  "a second look",
  "the simplest answer",
  "the evidence so far",
  "each part",
];
const verbs = [
  "depends on",
  "starts from",
  "leads back to",
  "is easier to see with",
  "should be weighed against",
  "rests on",
  "explains",
  "goes together with",
  "changes with",
  "points towards",
];
const objects = [
  "what was asked",
  "the details given above",
  "a clear goal",
  "the people who use it",
  "the time available",
  "a few good measurements",
  "what is already known",
  "the order of the steps",
  "plain words",
  "its context",
  "the limits that matter",
  "an honest comparison",
];
const openers = [
  "In short,",
  "Also,",
  "In practice,",
  "For example,",
  "On the other hand,",
  "Finally,",
  "Note that",
  "Here",
];

const commonWords = new Set(
  (
    "about above after again against answer before being below between could doing during every explain first following " +
    "further given having itself least other please provide question should since still their there these thing things " +
    "think those three through under until using wants where which while whose within without would write writes yours"
  ).split(" "),
);

/** Words of a prompt worth repeating in an answer: longer than four letters, not common, no duplicates, in order. */
export function topicWords(text: string): readonly string[] {
  const words = text.slice(0, 4000).match(/\p{L}{5,24}/gu) ?? [];
  const telling = words.filter((word) => !commonWords.has(word.toLowerCase()));
  return [...new Set(telling)].slice(0, 24);
}

/**
 * Readable English of exactly `tokens` tokens (ASCII, so 4 characters each), about the topic where there is one.
 * It ends with a full stop.
 */
export function prose(random: Random, topic: readonly string[], tokens: number): string {
  const length = characterCountOf(tokens);
  if (length === 0) return "";
  const plainTopic = topic.filter((word) => /^[\x20-\x7e]+$/.test(word));
  const sentences: string[] = [];
  let written = 0;
  while (written < length) {
    const sentence = nextSentence(random, plainTopic, sentences.length);
    sentences.push(sentence);
    written += sentence.length;
  }
  return `${sentences
    .join("")
    .slice(0, length - 1)
    .replace(/\W$/, "s")}.`;
}

function nextSentence(random: Random, topic: readonly string[], index: number): string {
  const opener = index === 0 ? "" : random.next() < 0.4 ? `${random.pick(openers)} ` : "";
  const about = topic.length > 0 && random.next() < 0.5 ? `"${random.pick(topic)}"` : random.pick(objects);
  const body = `${opener}${random.pick(subjects)} ${random.pick(verbs)} ${about}`;
  const end = index % 5 === 4 ? ".\n\n" : ". ";
  return `${body.charAt(0).toUpperCase()}${body.slice(1)}${end}`;
}
