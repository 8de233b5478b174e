/** The left pane: which conversations there are, and who waits longest. */
import { LitElement, css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation, Language } from "../shared/protocol";
import { isolatedText } from "../shared/draw";
import { durationText, elapsedMs } from "../shared/times";
import type { Desk } from "./desk";
import { channelIcon, icon, outsideText } from "./parts";
import { base } from "./styles";
import { kTexts, stateText, wordFor } from "./texts";
import { countOf, customerName, kEmptyView, kLists, owns, rowsOf, waitsSince } from "./view";
import type { View } from "./view";

/** From here a wait is shown amber, then red; always with icon and words. */
const kWarmMs = 90_000;
const kAlarmMs = 180_000;

export class List extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
        background: var(--paper);
      }
      nav {
        display: flex;
        padding: 10px 6px 8px;
        border-block-end: 1px solid var(--line);
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav button {
        flex: 1 0 auto;
        padding: 5px 7px;
        border: 0;
        border-radius: 8px;
        background: none;
        color: var(--soft);
        font-size: 13px;
        white-space: nowrap;
      }
      nav button:hover {
        background: var(--ground);
      }
      nav [aria-current] {
        background: var(--tint);
        color: var(--ink);
        font-weight: 600;
      }
      nav b {
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      .rows {
        flex: 1;
        min-block-size: 0;
        overflow-y: auto;
        padding: 6px;
        scrollbar-width: thin;
      }
      .row {
        display: grid;
        gap: 3px;
        inline-size: 100%;
        padding: 10px 12px;
        border: 0;
        border-radius: 11px;
        background: none;
        text-align: start;
        content-visibility: auto;
        contain-intrinsic-size: auto 88px;
      }
      .row:hover {
        background: var(--ground);
      }
      .row[aria-current] {
        background: var(--tint);
      }
      .row.at {
        box-shadow: inset 0 0 0 2px var(--accent);
      }
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .name {
        flex: 1;
        min-inline-size: 0;
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .last {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--soft);
        font-size: 14px;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        font-size: 12.5px;
        color: var(--soft);
      }
      .chips span {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
      .unread {
        min-inline-size: 20px;
        padding-inline: 6px;
        border-radius: 10px;
        background: var(--accent);
        color: var(--on-accent);
        font-size: 12px;
        font-weight: 600;
        line-height: 20px;
        text-align: center;
      }
      .empty {
        padding: 40px 20px;
        color: var(--soft);
        text-align: center;
      }
    `,
  ];

  @property({ attribute: false }) view: View = kEmptyView;
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) language: Language = "en";
  @property({ attribute: false }) now = 0;
  /** The row the keyboard stands on. */
  @property({ attribute: false }) at: string | undefined;

  protected override render() {
    const { view } = this;
    const texts = kTexts[this.language];
    const rows = rowsOf(view, view.list);
    return html`<nav aria-label=${texts.lists}>
        ${kLists.map(
          (list) =>
            html`<button
              aria-current=${view.list === list ? "true" : nothing}
              data-testid="list-${list}"
              @click=${() => this.desk.show(list)}
            >
              ${texts[`list_${list}`]}
              <b data-testid="count-${list}">${countOf(view, list) || ""}</b>
            </button>`,
        )}
      </nav>
      <ul class="rows">
        ${
          rows.length
            ? repeat(
                rows,
                (each) => each.conversation,
                (each) => html`<li>${this.row(each)}</li>`,
              )
            : html`<li class="empty">${texts[`empty_${view.list}`]}</li>`
        }
      </ul>`;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("at"))
      this.renderRoot.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  private row(each: Conversation) {
    const { language, view } = this;
    const texts = kTexts[language];
    const isOpen = each.conversation === view.selected;
    const unread = isOpen ? 0 : (each.unread ?? 0);
    const owner =
      each.owner?.kind === "agent" && !owns(each, view.agent) ? (each.owner.name ?? "") : "";
    return html`<button
      class="row ${each.conversation === this.at && !isOpen ? "at" : ""}"
      aria-current=${isOpen ? "true" : nothing}
      data-testid="row"
      data-conversation=${each.conversation}
      @click=${() => this.desk.select(each.conversation)}
    >
      <span class="top">
        <span class="name"><bdi>${customerName(each.customer) ?? texts.visitor}</bdi></span>
        ${this.wait(each)}
        ${
          unread
            ? html`<span class="unread" aria-label="${unread} ${texts.unread}">${unread}</span>`
            : nothing
        }
      </span>
      ${
        each.last_line
          ? html`<span class="last"><bdi>${isolatedText(outsideText(each.last_line))}</bdi></span>`
          : nothing
      }
      <span class="chips">
        <span>${channelIcon(each.channel)} ${wordFor(each.channel ?? "web", language)}</span>
        ${each.language ? html`<span>${wordFor(each.language, language)}</span>` : nothing}
        <span>${stateText(each.state, texts)}</span>
        ${owner ? html`<span><bdi>${owner}</bdi></span>` : nothing}
        ${
          each.reason
            ? html`<span>${icon("info")} ${wordFor(each.reason, language)}</span>`
            : nothing
        }
      </span>
    </button>`;
  }

  private wait(each: Conversation) {
    const since = waitsSince(each);
    if (!since || each.state === "resolved" || each.state === "closed") return nothing;
    const ms = elapsedMs(since, this.now);
    const level = ms >= kAlarmMs ? "alarm" : ms >= kWarmMs ? "warm" : "";
    return html`<span class="chip ${level}" data-testid="row-wait">
      ${icon(level === "alarm" ? "alert" : "clock")}
      <span class="hidden">${kTexts[this.language].waits}</span>
      ${durationText(ms, this.language)}
    </span>`;
  }
}
customElements.define("wasl-list", List);
