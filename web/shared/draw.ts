import { html } from "lit";
import type { TemplateResult } from "lit";
import { bidiRuns } from "./bidi";
import { addresses } from "./links";

/** Text from outside: always text, never HTML; left-to-right islands isolated. */
export const isolatedText = (text: string): (TemplateResult | string)[] =>
  bidiRuns(text).map((run) => (run.isolated ? html`<bdi dir="ltr">${run.text}</bdi>` : run.text));

/** The same for what the shop's side says: web addresses in it can be tapped. */
export const linkedText = (text: string): (TemplateResult | string)[] =>
  addresses(text).flatMap((piece) =>
    piece.link
      ? html`<a dir="ltr" href=${piece.text} target="_blank" rel="noopener noreferrer"
          >${piece.text}</a
        >`
      : isolatedText(piece.text),
  );
