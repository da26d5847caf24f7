/**
 * Words that end with a point without ending a sentence, in small letters and without the point: titles, firms, months, days,
 * states. As in the newspapers that Punkt learned from, and for its sake without "e.g" and "etc", which it did not learn.
 */
export const abbreviations: ReadonlySet<string> = new Set(
  (
    "mr mrs ms dr prof gen col lt maj sen rep reps messrs jr sr st ft ave inc ltd co cos corp bros vs nov dec jan feb aug sep sept oct " +
    "wed fri tues a.m p.m u.s u.s.a u.s.s.r u.k u.n d.c l.a n.y n.j n.c ph.d m.b.a s.a ala ariz calif colo conn fla ga ill kan mich minn " +
    "okla ore pa tenn va wash wis ok mg yr"
  ).split(" "),
);

/** Words that often begin a sentence and are small within one. */
export const openers: ReadonlySet<string> = new Set(
  (
    "the a an this that these those it he she they we you his her its their our my i in on at by for from with without of to as " +
    "if when while where after before since because although though but and or so yet however also then there here what who how why " +
    "which not no yes some many most all each every one two another other such more thus therefore hence now first second third next finally " +
    "last let find is are was were does do did can could would should will both only once during under between among over even just " +
    "according instead similarly meanwhile moreover overall please given add take use make write total we're it's i'm they're let's"
  ).split(" "),
);

/** Letters that are never taken for the last word of a sentence. */
export const initials: ReadonlySet<string> = new Set("cdefghklmnprstvw");
