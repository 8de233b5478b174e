// Files of `label<TAB>text`: read, split, joined; and figures of what a bot said to such rows.
import { readFile, writeFile } from "node:fs/promises";

/** Rows {label, text} of one or several files, in order; a line without a tab is an error. */
export async function readRows(...files) {
  const rows = [];
  for (const file of files) {
    const lines = (await readFile(file, "utf8")).replace(/^\ufeff/, "").split("\n");
    lines.forEach((line, i) => {
      const text = line.replace(/\r$/, "");
      if (text === "") return;
      const tab = text.indexOf("\t");
      if (tab < 1) throw new Error(`${file}:${i + 1}: no label and tab`);
      rows.push({ label: text.slice(0, tab), text: text.slice(tab + 1) });
    });
  }
  return rows;
}

export const writeRows = (file, rows) =>
  writeFile(file, rows.map(({ label, text }) => `${label}\t${text}\n`).join(""));

/** The rows whose index, counted from 0, leaves `rest` when divided by `by`, and all others. */
export function splitByIndex(rows, by, rest) {
  return {
    test: rows.filter((_, i) => i % by === rest),
    train: rows.filter((_, i) => i % by !== rest),
  };
}

export const isArabicScript = (text) =>
  (text.match(/\p{Script=Arabic}/gu) ?? []).length > (text.match(/\p{Script=Latin}/gu) ?? []).length;

const percent = (part, all) => (all === 0 ? NaN : (100 * part) / all);

/**
 * Of rows and what `wasl understand` said to each: percent of in-scope rows with the right intent on
 * top (the decision ignored), of these also not judged out of scope, and of out-of-scope rows found.
 */
export function score(rows, said) {
  if (rows.length !== said.length) throw new Error(`${rows.length} rows, ${said.length} answers`);
  const count = { rows: 0, top1: 0, joint: 0, oos: 0, found: 0 };
  rows.forEach(({ label }, i) => {
    const { intents, out_of_scope: refused } = said[i];
    if (label === "oos") {
      ++count.oos;
      if (refused) ++count.found;
      return;
    }
    ++count.rows;
    if (intents[0]?.intent !== label) return;
    ++count.top1;
    if (!refused) ++count.joint;
  });
  return {
    rows: count.rows,
    top1: percent(count.top1, count.rows),
    joint: percent(count.joint, count.rows),
    oosRows: count.oos,
    oosFound: percent(count.found, count.oos),
  };
}
