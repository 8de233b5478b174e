/**
 * Left-to-right islands in Arabic text: order numbers, phones, addresses.  Unisolated, «طلب #A-1032 (x2)» shows its `#` on
 * the wrong side and phone numbers fall apart.
 */

export interface Run {
  readonly text: string;
  readonly isolated: boolean;
}

const kRightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** Addresses; phone numbers and other long digit groups; words that hold a digit or start with `#`, with a count. */
const kIsland =
  /(?:https?:\/\/[^\s\u0590-\u08ff]+|[\w.+-]+@[\w-]+\.[\w.-]*\w|\+?\d[\d \-]{5,}\d|#?[A-Za-z]+[-_/]?\d[\w-]*|#\w[\w-]*)(?: ?\(x?\d+\))?/g;

/** `text` cut into runs, in order and complete; runs with `isolated` belong into a `<bdi dir="ltr">`. */
export function bidiRuns(text: string): readonly Run[] {
  if (!kRightToLeft.test(text)) return [{ text, isolated: false }];
  const runs: Run[] = [];
  let end = 0;
  for (const island of text.matchAll(kIsland)) {
    if (island.index > end) runs.push({ text: text.slice(end, island.index), isolated: false });
    runs.push({ text: island[0], isolated: true });
    end = island.index + island[0].length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), isolated: false });
  return runs;
}
