import { css } from "lit";

/** Sites set the `--wasl-…` properties; names starting with `_` are ours. */
export const styles = css`
  :host {
    --_accent: var(--wasl-accent, #0b6b60);
    --_on-accent: var(--wasl-on-accent, #fff);
    --_paper: var(--wasl-surface, #fff);
    --_ground: var(--wasl-ground, #f4f6f5);
    --_ink: var(--wasl-ink, #17211f);
    --_soft: var(--wasl-ink-soft, #566461);
    --_line: var(--wasl-line, #dde4e2);
    --_mine: var(--wasl-visitor, #d8efe9);
    --_alarm: #b3261e;
    --_notice: #fdf3d8;
    --_radius: var(--wasl-radius, 16px);
    color-scheme: light dark;
    /* The place belongs to the page, the direction inside to the conversation. */
    position: fixed;
    inset-block-end: calc(var(--wasl-offset-block, 20px) + 72px);
    inset-inline-end: var(--wasl-offset-inline, 20px);
    inline-size: min(var(--wasl-width, 384px), calc(100vw - 24px));
    block-size: min(var(--wasl-height, 640px), calc(100dvh - 116px));
  }
  :host(:not([open])) {
    display: none;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --_accent: var(--wasl-accent-dark, var(--wasl-accent, #0d7d70));
      --_paper: var(--wasl-surface-dark, #1b2322);
      --_ground: var(--wasl-ground-dark, #131918);
      --_ink: var(--wasl-ink-dark, #e8efed);
      --_soft: var(--wasl-ink-soft-dark, #a3b2ae);
      --_line: var(--wasl-line-dark, #303c39);
      --_mine: var(--wasl-visitor-dark, #134a42);
      --_alarm: #ffb4ab;
      --_notice: #3b3115;
    }
  }
  * {
    box-sizing: border-box;
  }
  .panel {
    block-size: 100%;
    display: flex;
    flex-direction: column;
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_ground);
    color: var(--_ink);
    box-shadow:
      0 0 0 1px #0000000f,
      0 4px 12px #0000001a,
      0 18px 48px #0000002e;
    font: 400 15px/1.55
      var(
        --wasl-font,
        system-ui,
        "Segoe UI",
        Roboto,
        "Noto Sans",
        "Noto Sans Arabic",
        Tahoma,
        sans-serif
      );
    text-align: start;
    animation: rise 0.18s ease-out;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(10px);
    }
  }
  .header {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 14px 16px;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .header > div {
    flex: 1;
    min-inline-size: 0;
  }
  h2 {
    margin: 0;
    font-size: 16px;
    font-weight: 650;
    line-height: 1.35;
  }
  .status {
    margin: 0;
    font-size: 13px;
    opacity: 0.92;
  }
  .status bdi {
    font-weight: 650;
  }
  button,
  textarea,
  input {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
  }
  button:focus-visible,
  textarea:focus-visible,
  input:focus-visible,
  .log:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .header button:focus-visible {
    outline-color: currentColor;
  }
  .icon {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: transparent;
  }
  .icon:hover {
    background: #ffffff24;
  }
  svg {
    inline-size: 22px;
    block-size: 22px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.9;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .banner {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 16px;
    background: var(--_notice);
    font-size: 13px;
    line-height: 1.45;
  }
  .banner span {
    flex: 1;
  }
  .banner .icon {
    inline-size: 26px;
    block-size: 26px;
  }
  .log {
    flex: 1;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 16px;
    display: flex;
    flex-direction: column;
    gap: 3px;
    scrollbar-width: thin;
  }
  .row {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    max-inline-size: 86%;
  }
  .row.visitor {
    align-self: flex-end;
    align-items: flex-end;
  }
  .row.head {
    margin-block-start: 12px;
  }
  .row:first-child,
  .row.head:first-child {
    margin-block-start: 0;
  }
  .who {
    margin: 0 4px 2px;
    font-size: 12px;
    color: var(--_soft);
  }
  .bubble {
    margin: 0;
    padding: 8px 13px;
    border-radius: 16px;
    border-end-start-radius: 5px;
    background: var(--_paper);
    box-shadow: 0 1px 1px #0000000d;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    text-align: start;
  }
  /* Order numbers and phones stay whole; long addresses may still break. */
  .bubble bdi {
    display: inline-block;
    max-inline-size: 100%;
  }
  .bubble a {
    color: inherit;
    unicode-bidi: isolate;
  }
  .bubble[lang="ar"] {
    line-height: 1.7;
  }
  .visitor .bubble {
    background: var(--_mine);
    border-end-start-radius: 16px;
    border-end-end-radius: 5px;
  }
  .past {
    opacity: 0.75;
  }
  .meta {
    display: flex;
    gap: 5px;
    align-items: center;
    margin: 3px 5px 0;
    font-size: 11.5px;
    color: var(--_soft);
  }
  .ticks {
    inline-size: 16px;
    block-size: 16px;
    stroke-width: 2;
  }
  .ticks.read {
    color: var(--_accent);
  }
  .retry {
    border: 0;
    padding: 2px 6px;
    background: none;
    color: var(--_alarm);
    text-decoration: underline;
    text-underline-offset: 3px;
    font-size: 12.5px;
  }
  .between {
    align-self: center;
    margin: 14px 0 6px;
    font-size: 12.5px;
    color: var(--_soft);
    text-align: center;
  }
  .between bdi {
    font-weight: 650;
    color: var(--_ink);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 10px;
  }
  .choice {
    padding: 7px 14px;
    min-block-size: 36px;
    border: 1px solid var(--_accent);
    border-radius: 18px;
    background: var(--_paper);
    color: var(--_ink);
    font-size: 14px;
    line-height: 1.4;
    text-align: start;
  }
  .choice:hover {
    background: var(--_mine);
  }
  .choice.main {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .card {
    margin: 0 12px 10px;
    padding: 12px 14px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_paper);
    font-size: 14px;
  }
  .card h3 {
    margin: 0;
    font-size: 14px;
    font-weight: 650;
  }
  .card p {
    margin: 2px 0 0;
  }
  .card input {
    inline-size: 100%;
    margin-block-start: 8px;
    padding: 8px 10px;
    border: 1px solid var(--_line);
    border-radius: 8px;
    background: var(--_ground);
  }
  .scale {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-block-start: 8px;
  }
  .scale button {
    min-inline-size: 40px;
    block-size: 40px;
    border: 1px solid var(--_line);
    border-radius: 10px;
    background: var(--_ground);
  }
  .scale button:hover {
    border-color: var(--_accent);
  }
  .dots {
    display: inline-flex;
    gap: 4px;
    padding-block: 14px;
  }
  .dots i {
    inline-size: 6px;
    block-size: 6px;
    border-radius: 50%;
    background: var(--_soft);
    animation: blink 1.2s infinite;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.2s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.4s;
  }
  @keyframes blink {
    0%,
    70%,
    100% {
      opacity: 0.25;
    }
    35% {
      opacity: 1;
    }
  }
  .footer {
    border-block-start: 1px solid var(--_line);
    background: var(--_paper);
    padding: 8px 10px 10px;
  }
  .composer {
    display: flex;
    align-items: flex-end;
    gap: 6px;
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    max-block-size: 132px;
    min-block-size: 42px;
    field-sizing: content;
    resize: none;
    padding: 9px 12px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_ground);
    line-height: 1.5;
  }
  /* An empty field has no direction of its own. */
  [dir="rtl"] textarea:placeholder-shown {
    direction: rtl;
  }
  textarea::placeholder {
    color: var(--_soft);
    opacity: 1;
  }
  .send {
    inline-size: 42px;
    block-size: 42px;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .send:hover {
    background: var(--_accent);
    filter: brightness(1.1);
  }
  .send:disabled {
    background: var(--_line);
    color: var(--_soft);
    cursor: default;
    filter: none;
  }
  [dir="rtl"] .mirror {
    transform: scaleX(-1);
  }
  .person {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    margin-block-end: 6px;
    padding: 4px 8px;
    border: 0;
    border-radius: 8px;
    background: none;
    font-size: 13px;
    color: var(--_soft);
  }
  .person:hover {
    background: var(--_ground);
    color: var(--_ink);
  }
  .person svg {
    inline-size: 17px;
    block-size: 17px;
  }
  .count {
    margin: 4px 6px 0;
    font-size: 12px;
    color: var(--_alarm);
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (max-width: 480px) {
    :host {
      inset: 0;
      inline-size: 100%;
      block-size: 100dvh;
    }
    .panel {
      border-radius: 0;
    }
    .header {
      padding-block-start: calc(14px + env(safe-area-inset-top));
      padding-inline: calc(16px + env(safe-area-inset-left)) calc(16px + env(safe-area-inset-right));
    }
    .footer {
      padding-block-end: calc(10px + env(safe-area-inset-bottom));
    }
    textarea,
    .card input {
      font-size: 16px; /* smaller, and phones zoom in */
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
