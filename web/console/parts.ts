/** Small drawings used by several components. */
import { html, nothing, svg } from "lit";
import type { TemplateResult } from "lit";
import { isolatedText } from "../shared/draw";
import type { Evidence, Language } from "../shared/protocol";
import { wordFor } from "./texts";

const kIcons = {
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`,
  web: svg`<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>`,
  chat: svg`<path d="M20 11.5c0 4-3.6 7-8 7-1 0-2-.1-2.9-.5L4.5 19.500l1.2-3.600A6.6 6.6 0 0 1 4 11.500c0-4 3.6-7 8-7s8 3 8 7z"/>`,
  alert: svg`<path d="M12 4l9 16H3zM12 10v4M12 17h.01"/>`,
  bell: svg`<path d="M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4"/>`,
  mute: svg`<path d="M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM3 3l18 18"/>`,
  back: svg`<path d="M15 5l-7 7 7 7"/>`,
  down: svg`<path d="M6 9l6 6 6-6"/>`,
  cross: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>`,
} as const;

export type IconName = keyof typeof kIcons;

export const icon = (name: IconName, classes = ""): TemplateResult =>
  html`<svg class="icon ${classes}" viewBox="0 0 24 24" aria-hidden="true">${kIcons[name]}</svg>`;

export const channelIcon = (channel: string | undefined): TemplateResult =>
  icon(channel === undefined || channel === "web" ? "web" : "chat");

/** Characters that reorder what follows them: an agent must see that they are there. */
const kReordering: Readonly<Record<string, string>> = {
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
};

/** Text from outside, as text; bidi controls become visible marks without effect. */
export const outsideText = (text: string): string =>
  text.replace(/[\u202a-\u202e\u2066-\u2069]/g, (mark) => `⟦${kReordering[mark] ?? "?"}⟧`);

export const summaryLines = (summary: readonly string[] | string | undefined): readonly string[] =>
  summary === undefined ? [] : typeof summary === "string" ? [summary] : summary;

/** Which signals fired, on which words, how heavily. */
export function evidenceList(
  evidence: readonly Evidence[] | undefined,
  language: Language,
  show?: (seq: number) => void,
) {
  if (!evidence?.length) return nothing;
  return html`<ul class="evidence">
    ${evidence.map(({ signal, weight, seq, text }) => {
      const words = html`<span
        ><b>${wordFor(signal, language)}</b>
        ${text ? html`<q dir="auto">${isolatedText(outsideText(text))}</q>` : nothing}
        ${weight !== undefined ? html`<bdi class="weight">+${weight.toFixed(2)}</bdi>` : nothing}</span
      >`;
      return html`<li data-testid="evidence-item">
        ${
          show && seq !== undefined
            ? html`<button class="jump" @click=${() => show(seq)}>${words}</button>`
            : words
        }
      </li>`;
    })}
  </ul>`;
}
