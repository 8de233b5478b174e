/** What an agent is given at a handoff: pinned above the thread (why, in two lines), and in full beside it. */
import { LitElement, css, html, nothing, svg } from "lit";
import { property } from "lit/decorators.js";
import type { Language, Mood, Packet } from "../shared/protocol";
import { isolatedText } from "../shared/draw";
import { durationText } from "../shared/times";
import { channelIcon, evidenceList, icon, outsideText, summaryLines } from "./parts";
import { base } from "./styles";
import { kTexts, plain, stateText, wordFor } from "./texts";
import { customerName, kEmptyView } from "./view";
import type { View } from "./view";

export const evidenceStyles = css`
  .evidence {
    display: grid;
    gap: 2px;
    margin-block-start: 6px;
    font-size: 13.5px;
  }
  .evidence li {
    display: flex;
    gap: 7px;
  }
  .evidence li::before {
    content: "•";
    color: var(--soft);
  }
  .evidence b {
    font-weight: 600;
  }
  .evidence q {
    unicode-bidi: isolate;
    quotes: "«" "»";
    color: var(--soft);
  }
  .evidence .weight {
    color: var(--soft);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .evidence .jump {
    padding: 0;
    border: 0;
    background: none;
    text-align: start;
  }
  .evidence .jump:hover b {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
`;

/** On phones the thread needs the room; the card starts folded there. */
const kRoomy = matchMedia("(min-width: 761px)");

/** The folding card on top of the thread. */
export class PacketCard extends LitElement {
  static override styles = [
    base,
    evidenceStyles,
    css`
      details {
        padding: 10px 18px;
        border-block-end: 1px solid var(--line);
        background: var(--warm-tint);
      }
      summary {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        list-style: none;
        font-weight: 600;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary .fold {
        margin-inline-start: auto;
        transition: transform 0.15s;
      }
      details[open] .fold {
        transform: rotate(180deg);
      }
      .chip,
      .chip.warm {
        background: var(--paper);
      }
      .lines {
        margin-block-start: 4px;
      }
      .scroll {
        max-block-size: 28vh;
        overflow-y: auto;
        scrollbar-width: thin;
      }
    `,
  ];

  @property({ attribute: false }) packet!: Packet;
  @property({ attribute: false }) language: Language = "en";
  @property({ attribute: false }) show = (_seq: number): void => {};

  protected override render() {
    const { packet, language } = this;
    const texts = kTexts[language];
    return html`<details ?open=${kRoomy.matches} data-testid="packet">
      <summary>
        ${icon("info")} ${texts.packet}
        ${
          packet.reason
            ? html`<span class="chip warm" data-testid="packet-reason"
                >${wordFor(packet.reason, language)}</span
              >`
            : nothing
        }
        ${
          packet.waited_ms
            ? html`<span class="chip"
                >${icon("clock")} ${texts.waited} ${durationText(packet.waited_ms, language)}</span
              >`
            : nothing
        }
        ${icon("down", "fold")}
      </summary>
      <div class="scroll">
        <div class="lines" data-testid="packet-summary">
          ${summaryLines(packet.summary).map((line) => html`<p><bdi>${isolatedText(line)}</bdi></p>`)}
        </div>
        <div data-testid="evidence" aria-label=${texts.evidence}>
          ${evidenceList(packet.evidence, language, this.show)}
        </div>
      </div>
    </details>`;
  }
}
customElements.define("wasl-packet", PacketCard);

/** The right pane. */
export class Context extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        overflow-y: auto;
        padding: 16px 18px 32px;
        background: var(--paper);
        scrollbar-width: thin;
      }
      h2 {
        font-size: 15px;
        margin-block-end: 6px;
      }
      section {
        padding-block: 14px;
        border-block-start: 1px solid var(--line);
      }
      h3 {
        margin-block-end: 6px;
        font-size: 12.5px;
        font-weight: 600;
        color: var(--soft);
      }
      dl {
        display: grid;
        grid-template-columns: minmax(80px, auto) 1fr;
        gap: 4px 14px;
        font-size: 14px;
      }
      dt {
        color: var(--soft);
      }
      dd {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      li {
        display: flex;
        gap: 8px;
        align-items: baseline;
        padding-block: 2px;
        font-size: 14px;
        overflow-wrap: anywhere;
      }
      li bdi {
        flex: 1;
      }
      svg.mood {
        display: block;
        inline-size: 100%;
        block-size: 64px;
        border-radius: 8px;
        background: var(--ground);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
        margin-block-start: 6px;
        font-size: 12.5px;
      }
      .legend span::before {
        content: "";
        display: inline-block;
        inline-size: 14px;
        block-size: 3px;
        margin-inline-end: 5px;
        vertical-align: middle;
        border-radius: 2px;
        background: var(--tone);
      }
    `,
  ];

  @property({ attribute: false }) view: View = kEmptyView;
  @property({ attribute: false }) language: Language = "en";

  protected override render() {
    const { view, language } = this;
    const texts = kTexts[language];
    const id = view.selected;
    const conversation = id ? view.conversations[id] : undefined;
    if (!id || !conversation) return nothing;
    const packet = view.threads[id]?.packet;
    const customer = packet?.customer ?? conversation.customer;
    return html`<h2>${texts.context}</h2>
      <section data-testid="context-customer">
        <h3>${texts.customer}</h3>
        <dl>
          ${this.pair(texts.customer, customerName(customer) ?? texts.visitor)}
          ${
            typeof customer === "object"
              ? Object.entries(customer)
                  .filter(([key, value]) => key !== "name" && value !== null && value !== "")
                  .map(([key, value]) => this.pair(wordFor(key, language), plain(value)))
              : nothing
          }
          <dt>${texts.channel}</dt>
          <dd>
            ${channelIcon(conversation.channel)} ${wordFor(conversation.channel ?? "web", language)}
          </dd>
          ${this.pair(texts.language, wordFor(packet?.language ?? conversation.language, language))}
          ${this.pair(texts.owner, this.owner(conversation.owner))}
          ${this.pair(texts.event_state, stateText(conversation.state, texts))}
          ${packet?.page ? this.pair(texts.page, packet.page) : nothing}
        </dl>
      </section>
      ${packet ? this.packet(packet) : html`<p class="soft">${texts.nothing_yet}</p>`}`;
  }

  private packet(packet: Packet) {
    const { language } = this;
    const texts = kTexts[language];
    const slots = Object.entries(packet.slots ?? {});
    const history = Array.isArray(packet.history)
      ? packet.history
      : packet.history
        ? [packet.history]
        : [];
    return html`${
      packet.mood?.length
        ? html`<section data-testid="mood">
            <h3>${texts.mood}</h3>
            ${this.mood(packet.mood)}
          </section>`
        : nothing
    }
    ${
      slots.length
        ? html`<section data-testid="slots">
            <h3>${texts.slots}</h3>
            <dl>
              ${slots.map(([name, value]) => this.pair(name.replaceAll("_", " "), plain(value)))}
            </dl>
          </section>`
        : nothing
    }
    ${this.section(texts.intents, packet.intents?.map(intentText))}
    ${this.section(
      texts.tried,
      packet.tried?.map((each) => plain(each.answer)),
    )}
    ${this.section(
      texts.calls,
      packet.calls?.map(
        (each) => `${each.name} → ${plain(each.outcome)}${each.why ? ` (${each.why})` : ""}`,
      ),
    )}
    ${this.section(texts.history, history.map(plain))}`;
  }

  private section(title: string, lines: readonly string[] | undefined) {
    if (!lines?.length) return nothing;
    return html`<section>
      <h3>${title}</h3>
      <ul>
        ${lines.map((line) => html`<li><bdi>${outsideText(line)}</bdi></li>`)}
      </ul>
    </section>`;
  }

  private pair(name: string, value: string) {
    return value
      ? html`<dt><bdi>${name}</bdi></dt>
          <dd><bdi>${outsideText(value)}</bdi></dd>`
      : nothing;
  }

  private owner(owner: { kind: string; name?: string; id?: string } | undefined): string {
    const texts = kTexts[this.language];
    if (!owner) return "";
    if (owner.name) return owner.name;
    const known = texts[owner.kind as "bot" | "queue" | "agent" | "system"] as string | undefined;
    return known ?? owner.id ?? owner.kind;
  }

  /** Three lines over the customer's messages; time runs with the reading direction. */
  private mood(mood: readonly Mood[]) {
    const texts = kTexts[this.language];
    const kTones = ["anger", "frustration", "lost"] as const;
    const step = 100 / Math.max(1, mood.length - 1);
    const mirror = this.language === "ar";
    const points = (tone: (typeof kTones)[number]) =>
      mood
        .map((each, i) => {
          const x = mood.length === 1 ? 50 : i * step;
          const value = Math.min(1, Math.max(0, each[tone] ?? 0));
          return `${mirror ? 100 - x : x},${36 - value * 32}`;
        })
        .join(" ");
    return html`<svg
        class="mood"
        viewBox="-3 0 106 40"
        preserveAspectRatio="none"
        role="img"
        aria-label=${texts.mood}
      >
        ${kTones.map(
          (tone) => svg`<polyline points=${points(tone)} fill="none" stroke="var(--${tone})"
            stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
            vector-effect="non-scaling-stroke"/>`,
        )}
      </svg>
      <p class="legend">
        ${kTones.map(
          (tone) =>
            html`<span style="--tone: var(--${tone})"
              >${texts[tone]} <bdi>${(mood.at(-1)?.[tone] ?? 0).toFixed(1)}</bdi></span
            >`,
        )}
      </p>`;
  }
}
customElements.define("wasl-context", Context);

/** An intent comes as a name or with its confidence. */
function intentText(intent: unknown): string {
  if (typeof intent !== "object" || intent === null) return plain(intent).replaceAll("_", " ");
  const { intent: name, confidence } = intent as { intent?: unknown; confidence?: unknown };
  if (typeof name !== "string") return plain(intent);
  const percent = typeof confidence === "number" ? ` · ${Math.round(confidence * 100)} %` : "";
  return name.replaceAll("_", " ") + percent;
}
