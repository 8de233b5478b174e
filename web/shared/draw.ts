import { html } from "lit";
import type { TemplateResult } from "lit";
import { bidiRuns } from "./bidi";

/** Text from outside: always text, never HTML; left-to-right islands isolated. */
export const isolatedText = (text: string): (TemplateResult | string)[] =>
  bidiRuns(text).map((run) => (run.isolated ? html`<bdi dir="ltr">${run.text}</bdi>` : run.text));
