/**
 * What a website embeds: `<script src="https://…/widget.js" async></script>` and `<wasl-chat>`.  It draws the launcher and
 * nothing else; the chat itself is loaded when a visitor is about to want it, or still has a conversation going.
 */
import { pickLanguage } from "../shared/language";
import type { Panel } from "./panel";

const own = document.currentScript as HTMLScriptElement | null;
const kOrigin = new URL(own?.src || location.href).origin;

const kLabels = {
  en: ["Chat with us", "Close the chat", "new messages"],
  ar: ["تحدث معنا", "إغلاق المحادثة", "رسائل جديدة"],
} as const;

const kStyle = `
:host{--_a:var(--wasl-accent,#0b6b60);position:fixed;z-index:var(--wasl-z-index,2147483000);inset-block-end:calc(var(--wasl-offset-block,20px) + env(safe-area-inset-bottom));inset-inline-end:var(--wasl-offset-inline,20px);font:500 16px/1.4 var(--wasl-font,system-ui,"Segoe UI","Noto Sans Arabic",Tahoma,sans-serif)}
:host([hidden]){display:none}
button{all:unset;box-sizing:border-box;position:relative;display:grid;place-items:center;inline-size:58px;block-size:58px;border-radius:50%;background:var(--_a);color:var(--wasl-on-accent,#fff);cursor:pointer;box-shadow:0 1px 2px #0003,0 8px 24px #0003;transition:transform .15s}
button:hover{transform:translateY(-2px)}
button:focus-visible{outline:3px solid var(--_a);outline-offset:3px}
svg{inline-size:27px;block-size:27px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;inset-block-start:-3px;inset-inline-end:-3px;min-inline-size:22px;block-size:22px;box-sizing:border-box;padding-inline:6px;border-radius:11px;background:#b3261e;color:#fff;font-size:13px;line-height:22px;text-align:center}
b:empty{display:none}
@media (max-width:480px){.open{visibility:hidden}}
@media (prefers-reduced-motion:reduce){button{transition:none}}`;

const kBubble = `<path d="M20 11.5c0 4-3.6 7-8 7-1 0-2-.1-2.9-.5L4.5 19.5l1.2-3.6A6.6 6.6 0 0 1 4 11.5c0-4 3.6-7 8-7s8 3 8 7z"/><path d="M8.5 11.5h.01M12 11.5h.01M15.5 11.5h.01"/>`;
const kCross = `<path d="M7 7l10 10M17 7L7 17"/>`;

class WaslChat extends HTMLElement {
  static readonly observedAttributes = ["lang", "title"];
  private readonly root = this.attachShadow({ mode: "open" });
  private readonly launcher = document.createElement("button");
  private panel: Panel | undefined;
  private loading: Promise<void> | undefined;
  private isOpen = false;
  private unread = 0;

  connectedCallback(): void {
    if (!this.launcher.isConnected) this.furnish();
    this.label();
    // A conversation is going on: be there for its answers, once the page has settled.
    const idle = window.requestIdleCallback ?? ((action: () => void) => setTimeout(action, 1500));
    if (this.knownVisitor()) idle(() => void this.load());
  }

  attributeChangedCallback(): void {
    this.label();
    if (!this.panel) return;
    this.panel.heading = this.title;
    this.panel.pageLanguage = this.language;
  }

  open(): void {
    this.show(true);
  }

  close(): void {
    this.show(false);
  }

  private get server(): string {
    return new URL(this.getAttribute("server") || "/", kOrigin).origin;
  }

  private get language(): "ar" | "en" {
    return pickLanguage(this.lang, document.documentElement.lang, navigator.language);
  }

  private furnish(): void {
    const style = new CSSStyleSheet();
    style.replaceSync(kStyle);
    this.root.adoptedStyleSheets = [style];
    this.launcher.type = "button";
    this.launcher.part.add("launcher");
    this.launcher.dataset.testid = "launcher";
    this.launcher.title = "";
    this.launcher.onclick = () => this.show(!this.isOpen);
    for (const intent of ["pointerenter", "focus"]) {
      this.launcher.addEventListener(intent, () => void this.load(), { once: true });
    }
    this.root.append(this.launcher);
  }

  private knownVisitor(): boolean {
    try {
      return localStorage.getItem(`wasl:${this.server}:visit`) !== null;
    } catch {
      return false;
    }
  }

  private load(): Promise<void> {
    this.loading ??= new Promise((resolve, reject) => {
      if (customElements.get("wasl-chat-panel")) return resolve();
      const script = document.createElement("script");
      script.src = `${kOrigin}/assets/widget-app.js`;
      script.async = true;
      script.nonce = own?.nonce ?? "";
      script.onload = () => resolve();
      script.onerror = () => reject(new Error("widget-app.js did not load"));
      document.head.append(script);
    });
    return this.loading.then(
      () => this.mount(),
      () => {
        this.loading = undefined; // the next click tries again
      },
    );
  }

  private mount(): void {
    if (this.panel) return;
    const panel = document.createElement("wasl-chat-panel") as Panel;
    panel.server = this.server;
    panel.pageLanguage = this.language;
    panel.locale = this.lang || document.documentElement.lang || navigator.language;
    panel.heading = this.title;
    panel.open = this.isOpen;
    panel.setAttribute("exportparts", "panel,header,log,bubble,composer");
    panel.addEventListener("wasl-close", () => this.show(false));
    panel.addEventListener("wasl-unread", (event) => {
      this.unread = (event as CustomEvent<number>).detail;
      this.label();
    });
    this.panel = panel;
    this.root.append(panel);
  }

  private show(open: boolean): void {
    const was = this.isOpen;
    this.isOpen = open;
    this.label();
    if (open) void this.load();
    if (this.panel) this.panel.open = open;
    if (was && !open) this.launcher.focus();
  }

  private label(): void {
    const [chat, close, fresh] = kLabels[this.language];
    const badge =
      this.isOpen || !this.unread ? "" : `<b>${this.unread > 9 ? "9+" : this.unread}</b>`;
    this.launcher.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true">${this.isOpen ? kCross : kBubble}</svg>${badge}`;
    this.launcher.className = this.isOpen ? "open" : "";
    this.launcher.setAttribute("aria-expanded", String(this.isOpen));
    this.launcher.setAttribute("aria-haspopup", "dialog");
    this.launcher.setAttribute(
      "aria-label",
      this.isOpen ? close : badge ? `${chat} (${this.unread} ${fresh})` : chat,
    );
  }
}

if (!customElements.get("wasl-chat")) customElements.define("wasl-chat", WaslChat);
