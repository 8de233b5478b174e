import { css } from "lit";

/** What every component of the console shares. */
export const base = css`
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  [hidden] {
    display: none !important;
  }
  button,
  input,
  textarea,
  summary {
    font: inherit;
    color: inherit;
  }
  button,
  summary {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .button,
  .menu > summary {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-block-size: 34px;
    padding: 4px 14px;
    border: 1px solid var(--line);
    border-radius: 9px;
    background: var(--raised);
    font-size: 14px;
    white-space: nowrap;
  }
  .button:hover:not(:disabled),
  .menu > summary:hover {
    border-color: var(--accent);
  }
  .button.main {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  .button.main:hover:not(:disabled) {
    background: var(--accent-strong);
  }
  .button:disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .button.plain {
    border-color: transparent;
    background: transparent;
    padding-inline: 9px;
  }
  kbd {
    padding: 0 5px;
    border: 1px solid currentColor;
    border-radius: 4px;
    font:
      11px/16px ui-monospace,
      monospace;
    opacity: 0.85;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 0 8px;
    border-radius: 20px;
    background: var(--bot);
    color: var(--soft);
    font-size: 12px;
    line-height: 20px;
    white-space: nowrap;
  }
  .chip.warm {
    background: var(--warm-tint);
    color: var(--warm);
  }
  .chip.alarm {
    background: var(--alarm-tint);
    color: var(--alarm);
  }
  .soft {
    color: var(--soft);
  }
  svg.icon {
    flex: none;
    inline-size: 1.15em;
    block-size: 1.15em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .mirror:dir(rtl) {
    transform: scaleX(-1);
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .menu {
    position: relative;
  }
  .menu > summary {
    list-style: none;
  }
  .menu > summary::-webkit-details-marker {
    display: none;
  }
  .menu > div {
    position: absolute;
    z-index: 5;
    inset-inline-end: 0;
    margin-block-start: 6px;
    min-inline-size: 170px;
    padding: 6px;
    display: grid;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--raised);
    box-shadow: 0 10px 30px #0003;
  }
  .menu > div button {
    padding: 8px 12px;
    border: 0;
    border-radius: 8px;
    background: none;
    text-align: start;
  }
  .menu > div button:hover {
    background: var(--tint);
  }
  @media (max-width: 760px), (hover: none) {
    kbd.hint {
      display: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
