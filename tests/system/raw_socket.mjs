// A WebSocket client that frames by hand (RFC 6455), so that it can also frame wrongly.  It checks
// what a server must never do: mask, set reserved bits, fragment a control frame.
import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { within } from "./harness.mjs";

export const kText = 1;
export const kBinary = 2;
export const kClose = 8;
export const kPing = 9;
export const kPong = 10;

/**
 * The bytes of one frame.  `length` is what the header claims; `form` the bytes it is written with
 * (1, 2 or 8; the shortest unless given).
 */
export function frame(opcode, payload = "", { fin = true, rsv = 0, mask = true, length, form } = {}) {
  const body = Buffer.from(payload);
  const claimed = BigInt(length ?? body.length);
  const bytes = form ?? (claimed < 126n ? 1 : claimed < 65536n ? 2 : 8);
  const head = Buffer.alloc(1 + (bytes === 1 ? 1 : 1 + bytes));
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = bytes === 1 ? Number(claimed) : bytes === 2 ? 126 : 127;
  if (bytes === 2) head.writeUInt16BE(Number(claimed), 2);
  if (bytes === 8) head.writeBigUInt64BE(claimed, 2);
  if (!mask) return Buffer.concat([head, body]);
  head[1] |= 0x80;
  const key = randomBytes(4);
  for (let i = 0; i < body.length; ++i) body[i] ^= key[i % 4];
  return Buffer.concat([head, key, body]);
}

export function closeFrame(code, reason = "", options) {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  Buffer.from(reason).copy(payload, 2);
  return frame(kClose, payload, options);
}

/** The head of an upgrade request; a header whose value is undefined is left out. */
export function upgradeHead(server, path = "/chat", headers = {}, first = `GET ${path} HTTP/1.1`) {
  const all = {
    Host: `127.0.0.1:${server.port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    "Sec-WebSocket-Version": "13",
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`);
  return [first, ...lines, "", ""].join("\r\n");
}

export class RawSocket {
  frames = []; // {opcode, payload: Buffer} as the server sent them
  broken = []; // what it did wrong
  #in = Buffer.alloc(0);
  #watchers = new Set();

  static async open(server, path, headers) {
    const socket = new RawSocket(server);
    const head = upgradeHead(server, path, headers);
    socket.bytes(head);
    const answer = await socket.until(() => socket.head, "the answer to the upgrade");
    if (!answer.startsWith("HTTP/1.1 101 ")) throw new Error(`refused: ${answer.split("\r\n")[0]}`);
    const key = /Sec-WebSocket-Key: (\S+)/.exec(head)[1];
    const right = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    if (!answer.includes(`Sec-WebSocket-Accept: ${right}`)) throw new Error(`a wrong accept: ${answer}`);
    return socket;
  }

  constructor(server) {
    this.socket = connect(server.port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (data) => this.#take(data));
    this.socket.on("error", (error) => (this.error = error));
    for (const event of ["end", "close"]) {
      this.socket.on(event, () => {
        this.over = true;
        this.#tell();
      });
    }
  }

  bytes(data) {
    if (!this.socket.destroyed) this.socket.write(data);
  }
  send(...frames) {
    this.bytes(Buffer.concat(frames));
  }
  texts() {
    return this.of(kText).map(({ payload }) => String(payload));
  }
  of(opcode) {
    return this.frames.filter((one) => one.opcode === opcode);
  }
  /** The code of the server's close frame, 1005 when it carried none; nothing: it sent none. */
  get closeCode() {
    const [close] = this.of(kClose);
    return close && (close.payload.length >= 2 ? close.payload.readUInt16BE() : 1005);
  }

  until(ask, what, ms = 10_000) {
    let watcher;
    const found = new Promise((done, fail) => {
      watcher = () => {
        const answer = ask();
        if (answer) return done(answer);
        if (this.over) fail(new Error(`the connection ended while waiting for ${what}; close code ${this.closeCode}`));
      };
      this.#watchers.add(watcher);
      watcher();
    });
    return within(found, () => what, ms).finally(() => this.#watchers.delete(watcher));
  }
  /** Resolves with the server's close code once it has closed, answering its close as one should. */
  async ended(ms = 10_000) {
    await this.until(() => this.over || this.closeCode !== undefined, "the end", ms).catch((error) => {
      if (!this.over) throw error;
    });
    const code = this.closeCode;
    if (!this.over) {
      this.send(closeFrame(1000));
      await this.until(() => this.over, "the connection to end", ms).catch((error) => {
        if (!this.over) throw error;
      });
    }
    this.socket.destroy();
    return code;
  }
  /** Answers the program's own ping with a pong: the socket is served. */
  async served() {
    const before = this.texts().length;
    this.send(frame(kText, '{"type":"ping"}'));
    await this.until(() => this.texts().length > before, "a pong");
  }
  close() {
    this.socket.destroy();
  }

  #tell() {
    for (const watcher of this.#watchers) watcher();
  }

  #take(data) {
    this.#in = Buffer.concat([this.#in, data]);
    if (this.head === undefined) {
      const end = this.#in.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.head = String(this.#in.subarray(0, end + 4));
      this.#in = this.#in.subarray(end + 4);
    }
    while (this.#one());
    this.#tell();
  }
  #one() {
    const bytes = this.#in;
    if (bytes.length < 2) return false;
    let length = bytes[1] & 0x7f;
    let at = 2;
    if (length === 126 && bytes.length >= 4) [length, at] = [bytes.readUInt16BE(2), 4];
    else if (length === 127 && bytes.length >= 10) [length, at] = [Number(bytes.readBigUInt64BE(2)), 10];
    else if (length >= 126) return false;
    if (bytes.length < at + length) return false;
    const opcode = bytes[0] & 0x0f;
    if (bytes[0] & 0x70) this.broken.push("reserved bits");
    if (bytes[1] & 0x80) this.broken.push("masked");
    if (opcode >= 8 && (length > 125 || !(bytes[0] & 0x80))) this.broken.push("a bad control frame");
    if (this.closeCode !== undefined) this.broken.push("a frame after close");
    this.frames.push({ opcode, payload: Buffer.from(bytes.subarray(at, at + length)) });
    this.#in = bytes.subarray(at + length);
    return true;
  }
}
