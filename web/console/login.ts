import { LitElement, css, html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Language } from "../shared/protocol";
import { durationText } from "../shared/times";
import { signIn } from "./api";
import { base } from "./styles";
import { kTexts } from "./texts";

export class Login extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        place-items: center;
        min-block-size: 100%;
        padding: 24px;
      }
      main {
        inline-size: min(380px, 100%);
      }
      form {
        display: grid;
        gap: 16px;
        padding: 32px;
        border: 1px solid var(--line);
        border-radius: 18px;
        background: var(--paper);
        box-shadow: 0 12px 40px #0000000f;
      }
      h1 {
        font-size: 26px;
        font-weight: 700;
        line-height: 1.3;
      }
      h1 + p {
        margin-block-start: -14px;
      }
      label {
        display: grid;
        gap: 4px;
        font-size: 14px;
      }
      input {
        padding: 10px 12px;
        border: 1px solid var(--line);
        border-radius: 9px;
        background: var(--ground);
        font-size: 16px;
      }
      .button {
        min-block-size: 42px;
      }
      .wrong {
        padding: 8px 12px;
        border-radius: 9px;
        background: var(--alarm-tint);
        color: var(--alarm);
        font-size: 14px;
      }
    `,
  ];

  @property({ attribute: false }) language: Language = "en";
  @property({ attribute: false }) switchLanguage = (): void => {};
  @state() private busy = false;
  @state() private problem = "";

  protected override render() {
    const texts = kTexts[this.language];
    return html`<main>
      <form @submit=${this.submit}>
        <h1>${texts.product}</h1>
        <p class="soft">${texts.desk}</p>
        <label
          >${texts.email}
          <input
            name="email"
            type="email"
            dir="ltr"
            autocomplete="username"
            required
            autofocus
            data-testid="login-email"
          />
        </label>
        <label
          >${texts.password}
          <input
            name="password"
            type="password"
            dir="ltr"
            autocomplete="current-password"
            required
            data-testid="login-password"
          />
        </label>
        ${
          this.problem
            ? html`<p class="wrong" role="alert" data-testid="login-error">${this.problem}</p>`
            : nothing
        }
        <button class="button main" ?disabled=${this.busy} data-testid="login-submit">
          ${texts.sign_in}
        </button>
        <button class="button plain" type="button" @click=${() => this.switchLanguage()}>
          ${texts.other_language}
        </button>
      </form>
    </main>`;
  }

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.problem = "";
    const answer = await signIn(String(form.get("email")), String(form.get("password")));
    this.busy = false;
    if (answer.ok) {
      this.dispatchEvent(new CustomEvent("signed-in"));
      return;
    }
    const texts = kTexts[this.language];
    const known = texts[answer.code as keyof typeof texts] as string | undefined;
    const wait = answer.retryAfterSeconds;
    this.problem = wait
      ? `${known ?? texts.wrong} ${texts.try_again_in} ${durationText(wait * 1000, this.language, "long")}.`
      : (known ?? texts.wrong);
  };
}
customElements.define("wasl-login", Login);
