/**
 * A WebSocket that comes back: exponential back-off with full jitter, application pings (browsers cannot send
 * protocol pings), and an immediate try when the network or the page returns.  It leaves out what frames mean
 * and what must be sent again: its owner says hello, reads frames and resends.
 */

export type LinkStatus = "connecting" | "open" | "closed" | "refused";

export interface LinkOwner {
  /** The first frame, made anew for every connection: it carries how far we have read. */
  hello(): object;
  frame(text: string): void;
  /** `refused` (close 1008) is final until `start` is called again. */
  status(status: LinkStatus, closeCode?: number): void;
}

const kPolicy = 1008;
const kTryLater = 1013;
const kFirstDelayMs = 500;
const kDelayMsMax = 20_000;
const kTryLaterMs = 10_000;
const kPingMs = 20_000;
const kPongMs = 10_000;
const kSettleMs = 15_000;

/**
 * How long to wait before try number `attempt` (from 0) after a close with `code`.
 * `random` is uniform in [0, 1).  At least a quarter of the step, so that a crowd spreads and nobody spins.
 */
export function retryDelayMs(code: number, attempt: number, random: number): number {
  const step = Math.min(kDelayMsMax, kFirstDelayMs * 2 ** Math.min(attempt, 10));
  const spread = step * (0.25 + 0.75 * random);
  return Math.round(code === kTryLater ? kTryLaterMs + spread : spread);
}

export class Connection {
  private socket: WebSocket | undefined;
  private attempt = 0;
  private stopped = true;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private pongTimer: ReturnType<typeof setTimeout> | undefined;
  private serverAnswersPings = false;

  constructor(
    private readonly url: string,
    private readonly owner: LinkOwner,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.clearTimers();
    const socket = this.socket;
    this.socket = undefined;
    socket?.close(1000);
  }

  /** True when the frame was handed to an open socket; that it arrived only an ack can say. */
  send(frame: object): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The server has welcomed us: the next failure starts with a short delay again. */
  settled(): void {
    this.attempt = 0;
  }

  private readonly hurry = (): void => {
    if (this.stopped || document.visibilityState === "hidden") return;
    if (this.socket) this.ping();
    else this.connect();
  };

  private connect(): void {
    this.clearTimers();
    this.owner.status("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.serverAnswersPings = false;
    // A network that swallows the handshake must not hold us for minutes.
    const settle = setTimeout(() => this.lost(socket, 1006), kSettleMs);
    socket.onopen = () => {
      clearTimeout(settle);
      if (this.socket !== socket) return;
      socket.send(JSON.stringify(this.owner.hello()));
      this.pingTimer = setInterval(() => this.ping(), kPingMs);
      this.owner.status("open");
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket || typeof data !== "string") return;
      if (/"type"\s*:\s*"pong"/.test(data)) this.serverAnswersPings = true;
      clearTimeout(this.pongTimer);
      this.pongTimer = undefined;
      this.owner.frame(data);
    };
    socket.onclose = ({ code }) => {
      clearTimeout(settle);
      this.lost(socket, code);
    };
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    socket.close();
    this.clearTimers();
    if (this.stopped) return;
    if (code === kPolicy) {
      this.stop();
      this.owner.status("refused", code);
      return;
    }
    this.owner.status("closed", code);
    this.retryTimer = setTimeout(
      () => this.connect(),
      retryDelayMs(code, this.attempt++, Math.random()),
    );
  }

  private ping(): void {
    const socket = this.socket;
    if (!socket || !this.send({ type: "ping" }) || this.pongTimer) return;
    this.pongTimer = setTimeout(() => {
      this.pongTimer = undefined;
      // A server that never answered a ping may simply not know it; silence then proves nothing.
      if (this.serverAnswersPings) this.lost(socket, 1006);
    }, kPongMs);
  }

  private clearTimers(): void {
    clearTimeout(this.retryTimer);
    clearInterval(this.pingTimer);
    clearTimeout(this.pongTimer);
    this.pongTimer = undefined;
  }
}

/** `ws(s)://…` for `path` on the server at `base` (http or https). */
export function socketUrl(base: string, path: string): string {
  const url = new URL(path, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
