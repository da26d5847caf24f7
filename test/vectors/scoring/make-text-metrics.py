"""Writes text-metrics.json: what sacreBLEU 2.6.0, rouge-score 0.1.2 and NLTK 3.10.4 give for pairs of texts.

    pip install sacrebleu==2.6.0 rouge-score==0.1.2 nltk==3.10.4
    python make-text-metrics.py > text-metrics.json
"""

import json
import random

from nltk import edit_distance
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF

PAIRS = [
    # The example of sacreBLEU's README.
    ("The dog bit the man.", ["The dog bit the man.", "The dog had bit the man."]),
    ("It wasn't surprising.", ["It was not unexpected.", "No one was surprised."]),
    ("The man had just bitten him.", ["The man bit him first.", "The man had bitten the dog."]),
    ("", ["The cat sat on the mat."]),
    ("The cat sat on the mat.", [""]),
    ("", [""]),
    (" \t\n ", ["word"]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("cat", ["cat"]),
    ("cat", ["dog"]),
    ("a b", ["a b"]),
    ("a b c", ["a b c d e f"]),
    ("a b c d e f g h", ["a b c"]),
    ("a b c d", ["d c b a"]),
    ("the cat the cat on the mat", ["the cat is on the mat"]),
    ("It costs $1,234.56, i.e. 10% more -- \"really\"?!", ["It costs $1,234.56 (10 % more), really!"]),
    ("well-known 3-4 x-ray 1990-91", ["well known 3 - 4 x ray 1990 - 91"]),
    ("A&amp;B &lt;tag&gt; &quot;q&quot; <skipped>end", ["A&B <tag> \"q\" end"]),
    ("line one\nline two-\nsplit\nline three", ["line one line twosplit line three"]),
    ("line one\n\nline two\nline three", ["line three\nline one\nline four"]),
    ("Über die Brücke gehen wir heute früh.", ["Heute früh gehen wir über die Brücke."]),
    ("El niño comió una manzana más.", ["El niño se comió otra manzana."]),
    ("Он читает книгу в саду.", ["Она читает книгу в саду."]),
    ("私は学生です。", ["私は先生です。"]),
    ("我喜欢吃苹果", ["我喜欢吃香蕉"]),
    ("나는 학교에 갑니다", ["나는 집에 갑니다"]),
    ("مرحبا بالعالم", ["مرحبا يا عالم"]),
    ("नमस्ते दुनिया", ["नमस्ते संसार"]),
    ("emoji 😀😀🎉 here", ["emoji 😀🎉 there"]),
    ("👩‍👩‍👧 family", ["👨‍👩‍👧 family"]),
    ("cafe\u0301", ["café"]),
    ("ＦＵＬＬ width １２", ["FULL width 12"]),
    ("non\u00a0breaking\u2009thin\u3000wide", ["non breaking thin wide"]),
    ("unit\u001fseparator\u0085next", ["unit separator next"]),
    ("ΣΊΣΥΦΟΣ", ["Σίσυφος"]),
    ("İstanbul", ["istanbul"]),
    ("ALL CAPS TEXT HERE NOW", ["all caps text here now"]),
    ("(hi) 'there', [you]!", ["hi there you"]),
    ("...", ["..."]),
    ("!", ["!"]),
    ("a.", ["a"]),
    ("3.14 .5 5. 1,000 ,5 5,", ["3.14 .5 5. 1,000 ,5 5,"]),
    ("x" * 300, ["x" * 200]),
    ("ab" * 100, ["ba" * 100]),
    ("word " * 120, ["word " * 80]),
    ("one two three four five six seven eight nine ten", ["one two three four five six seven eight nine ten", "ten nine eight"]),
    ("The quick brown fox jumps over the lazy dog", ["The fast brown fox leaps over the sleepy dog", "A quick brown fox jumped over lazy dogs", "the dog"]),
    ("police killed the gunman", ["police kill the gunman"]),
    ("the gunman kill police", ["police kill the gunman"]),
    ("w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", ["w1 w2 w3 w4 w5"]),
    ("def f(x):\n    return x + 1\n", ["def g(x):\n  return x+1\n"]),
    ('{"name": "Ann", "age": 30}', ['{"age": 30, "name": "Ann"}']),
    ("https://example.org/a?b=c&d=e", ["https://example.org/a?b=c"]),
    ("  leading and trailing  ", ["leading and trailing"]),
    ("tab\tseparated\tvalues", ["tab separated values"]),
    ("It's John's dog; isn't it?", ["It is the dog of John, is it not?"]),
    ("naïve façade — “quoted” … end", ["naive facade - \"quoted\" ... end"]),
    ("under_score and hyphen-ated", ["under score and hyphen ated"]),
    ("0 1 2 3 4 5 6 7 8 9", ["9 8 7 6 5 4 3 2 1 0"]),
    ("same length here", ["same length", "same length here too"]),
]

chance = random.Random(20261127)
WORDS = "the of and to in is that it was for on are as with his they at be this have from or one had by word but not what all were we when your can said there Zürich naïve 42 3.14 co-op can't, end. (x) π Δ".split()
for length in [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 80, 120, 200, 400] * 2:
    reference = [chance.choice(WORDS) for _ in range(length)]
    answer = []
    for word in reference:
        fate = chance.random()
        if fate < 0.15:
            continue
        answer.append(chance.choice(WORDS) if fate < 0.3 else word)
        if fate > 0.92:
            answer.append(chance.choice(WORDS))
    joint = chance.choice([" ", " ", "\n"])
    references = [" ".join(reference)]
    if chance.random() < 0.4:
        references.append(" ".join(chance.choice(WORDS) for _ in range(length + 1)))
    PAIRS.append((joint.join(answer), references))

BLEUS = {
    "exp": ({}, BLEU(effective_order=True)),
    "none": ({"smoothing": "none"}, BLEU(effective_order=True, smooth_method="none")),
    "floor": ({"smoothing": "floor"}, BLEU(effective_order=True, smooth_method="floor")),
    "floor-0.5": ({"smoothing": "floor", "smoothing_value": 0.5}, BLEU(effective_order=True, smooth_method="floor", smooth_value=0.5)),
    "add-k": ({"smoothing": "add_k"}, BLEU(effective_order=True, smooth_method="add-k")),
    "char": ({"tokens": "char"}, BLEU(effective_order=True, tokenize="char")),
    "spaces-lower": ({"tokens": "none", "ignore_case": True}, BLEU(effective_order=True, tokenize="none", lowercase=True)),
}
CHRFS = {
    "chrF": ({}, CHRF()),
    "chrF++": ({"words": 2}, CHRF(word_order=2)),
    "chrF3-4-lower": ({"beta": 3, "characters": 4, "ignore_case": True}, CHRF(beta=3, char_order=4, lowercase=True)),
}
ROUGES = {"1": "rouge1", "2": "rouge2", "3": "rouge3", "l": "rougeL", "l_sum": "rougeLsum"}
rouge = rouge_scorer.RougeScorer(list(ROUGES.values()), use_stemmer=False)


def case(answer, references):
    first = rouge.score(references[0], answer)
    best = rouge.score_multi(references, answer)
    longest = max(len(answer), len(references[0]))
    return {
        "answer": answer,
        "references": references,
        "bleu": {name: metric.sentence_score(answer, references).score for name, (_, metric) in BLEUS.items()},
        "chrf": {name: metric.sentence_score(answer, references).score for name, (_, metric) in CHRFS.items()},
        "rouge": {n: [float(v) for v in first[kind]] for n, kind in ROUGES.items()},
        "bestRouge": {n: float(best[kind].fmeasure) for n, kind in ROUGES.items()},
        "levenshtein": 1 - edit_distance(answer, references[0]) / longest if longest else 1,
    }


def corpus(metrics, pairs, **options):
    answers = [answer for answer, _ in pairs]
    streams = [[references[i] for _, references in pairs] for i in range(len(pairs[0][1]))]
    return {name: type(metric)(**{**changed(metric), **options}).corpus_score(answers, streams).score for name, (_, metric) in metrics.items()}


def changed(metric):
    if isinstance(metric, CHRF):
        return {"word_order": metric.word_order, "beta": metric.beta, "char_order": metric.char_order, "lowercase": metric.lowercase}
    return {"smooth_method": metric.smooth_method, "smooth_value": metric.smooth_value, "lowercase": metric.lowercase, "tokenize": metric.tokenizer.signature()}


single = [(answer, references[:1]) for answer, references in PAIRS]
corpora = {
    "readme": (0, 3, PAIRS[:3]),
    "all, first reference": (0, len(PAIRS), single),
    "first ten, first reference": (0, 10, single[:10]),
    "two short ones": (8, 10, single[8:10]),
}
print(
    json.dumps(
        {
            "origin": "sacreBLEU 2.6.0 (Apache-2.0), rouge-score 0.1.2 (Apache-2.0), NLTK 3.10.4 (Apache-2.0), run by make-text-metrics.py: numbers only; BLEU and chrF from 0 to 100",
            "configurations": {name: options for name, (options, _) in {**BLEUS, **CHRFS}.items()},
            "cases": [case(*pair) for pair in PAIRS],
            "corpora": [
                {
                    "name": name,
                    "from": start,
                    "to": end,
                    "references": len(pairs[0][1]),
                    "bleu": corpus(BLEUS, pairs),
                    "chrf": corpus(CHRFS, pairs),
                }
                for name, (start, end, pairs) in corpora.items()
            ],
        },
        ensure_ascii=False,
        indent=1,
    )
)
