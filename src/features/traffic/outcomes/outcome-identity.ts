import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { FeedbackDraft } from "#features/traffic/feedback/service.ts";

/**
 * An outcome with the name by which it is known when it comes again: its own `id`, which is one among outcomes of its name, so
 * that a purchase and its refund may both bear the order's; else all that it says, where that includes a time. One without either
 * has none: that somebody says again today what was replaced yesterday must count.
 * @param hidden a name for a text that tells nothing of it: what it says has names of people
 */
export function identified(draft: FeedbackDraft, hidden: (text: string) => string): FeedbackDraft {
  const { target, name, source, values, atMs, clientId } = draft;
  if (clientId !== undefined) return { ...draft, clientId: `outcome ${name} ${clientId}` };
  if (atMs === undefined) return draft;
  return { ...draft, clientId: `row ${hidden(canonicalJson({ target, name, source, values, atMs }))}` };
}
