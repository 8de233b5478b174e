/** "Will you take it?": why, about what, waiting since when, and how long the question stands. */
import { LitElement, css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Language, Offer } from "../shared/protocol";
import { isolatedText } from "../shared/draw";
import { durationText, secondsLeft } from "../shared/times";
import type { Desk } from "./desk";
import { evidenceList, icon, summaryLines } from "./parts";
import { evidenceStyles } from "./packet";
import { base } from "./styles";
import { kTexts, wordFor } from "./texts";

export class OfferCard extends LitElement {
  static override styles = [
    base,
    evidenceStyles,
    css`
      :host {
        display: block;
      }
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 12px 24px;
        padding: 14px 20px;
        border: 1px solid var(--accent);
        border-inline-start-width: 5px;
        border-radius: 14px;
        background: var(--tint);
        animation: drop 0.2s ease-out;
      }
      @keyframes drop {
        from {
          opacity: 0;
          transform: translateY(-8px);
        }
      }
      .what {
        flex: 1 1 340px;
        min-inline-size: 0;
      }
      h2 {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        font-size: 16px;
      }
      .summary {
        margin-block-start: 4px;
      }
      /* Behind the first: what it is about in a line, so that several leave room for the work. */
      section.brief {
        gap: 4px 24px;
        padding: 6px 20px;
      }
      .brief h2 {
        font-size: 14px;
      }
      .brief .summary {
        margin-block-start: 0;
      }
      .brief .summary p {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        text-align: match-parent; /* cut where its language ends, but beside the title */
      }
      .brief .left {
        font-size: 16px;
      }
      .brief .button {
        min-block-size: 32px;
        padding-block: 2px;
      }
      .act {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .left {
        min-inline-size: 3.2em;
        font-size: 22px;
        font-weight: 650;
        font-variant-numeric: tabular-nums;
        text-align: center;
      }
      .left.soon {
        color: var(--alarm);
      }
      .button {
        min-block-size: 40px;
      }
    `,
  ];

  @property({ attribute: false }) offer!: Offer;
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) language: Language = "en";
  @property({ attribute: false }) now = 0;
  @property({ attribute: false }) enabled = true;
  /** Of several, the first is shown whole; it is the one the keyboard accepts. */
  @property({ attribute: false }) first = true;

  protected override render() {
    const { offer, language } = this;
    const texts = kTexts[language];
    const left = secondsLeft(offer.deadline_at, this.now);
    const lines = summaryLines(offer.summary);
    return html`<section class=${this.first ? "" : "brief"} aria-label=${texts.offer_title} data-testid="offer">
      <div class="what">
        <h2>
          ${icon("bell")} ${texts.offer_title}
          ${
            offer.reason
              ? html`<span class="chip warm" data-testid="offer-reason"
                  >${wordFor(offer.reason, language)}</span
                >`
              : nothing
          }
          ${
            offer.language
              ? html`<span class="chip">${wordFor(offer.language, language)}</span>`
              : nothing
          }
          ${
            offer.waited_ms !== undefined
              ? html`<span class="chip"
                  >${icon("clock")} ${texts.waited} ${durationText(offer.waited_ms, language)}</span
                >`
              : nothing
          }
        </h2>
        <div class="summary">
          ${
            this.first
              ? lines.map((line) => html`<p><bdi>${isolatedText(line)}</bdi></p>`)
              : html`<p dir="auto">${isolatedText(lines[0] ?? "")}</p>`
          }
        </div>
        ${
          this.first
            ? html`<div data-testid="offer-evidence">${evidenceList(offer.evidence, language)}</div>`
            : nothing
        }
      </div>
      <div class="act">
        <span
          class="left ${left <= 10 ? "soon" : ""}"
          role="timer"
          aria-live="off"
          data-testid="offer-countdown"
          >${left}<small> ${texts.seconds}</small></span
        >
        <button
          class="button main"
          data-testid="offer-accept"
          ?disabled=${!this.enabled}
          @click=${() => this.desk.order(offer.conversation, { type: "accept" }, offer.epoch)}
        >
          ${texts.accept} ${this.first ? html`<kbd class="hint">A</kbd>` : nothing}
        </button>
        <button
          class="button"
          data-testid="offer-decline"
          ?disabled=${!this.enabled}
          @click=${() =>
            this.desk.order(
              offer.conversation,
              { type: "decline", reason: "declined" },
              offer.epoch,
            )}
        >
          ${texts.decline}
        </button>
      </div>
    </section>`;
  }
}
customElements.define("wasl-offer", OfferCard);
