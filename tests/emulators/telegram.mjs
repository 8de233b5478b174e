/**
 * Telegram's side of a bot, for tests without the internet: the Bot API methods a bot calls, and the
 * webhook calls Telegram makes.
 *
 * It is as strict as Telegram about what it is sent (a wrong call is answered 400 with a description)
 * and behaves like it: one update of a chat at a time, the next only after a 2xx; anything else is
 * tried again.  No dependency but Node 18.
 */
import { createServer, request as httpRequest } from "node:http";

const kTextUnitsMax = 4096;
const kCallbackBytesMax = 64;
const kBodyBytesMax = 1024 * 1024;

/**
 * @param {{token: string, secret?: string, webhookUrl?: string, retryMs?: number, port?: number}} options
 *   `webhookUrl` may be set later (or by the bot's setWebhook): `telegram.webhookUrl = …`
 */
export async function startTelegram({ token, secret = "", webhookUrl = "", retryMs = 50, port = 0 }) {
  const telegram = new Telegram(token, secret, webhookUrl, retryMs);
  await telegram.listen(port);
  return telegram;
}

class BadCall extends Error {}

class Telegram {
  /** Every call that was accepted, in order: `{method, body, at}`. */
  sent = [];
  /** Every call, also refused ones: `{method, body, status, at}`. */
  calls = [];
  /** Every webhook request made: `{update_id, chat, status, at}`; status 0: no answer. */
  deliveries = [];

  #token;
  #server;
  #failures = [];
  #queues = new Map(); // chat → promise of its last update
  #nextUpdate = 1000;
  #nextMessage = 1;
  #nextCallback = 1;
  #callbacks = new Map(); // id → answered
  #keyboards = new Map(); // chat → the last message with one
  #closed = false;
  #open = new Set();

  constructor(token, secret, webhookUrl, retryMs) {
    this.#token = token;
    this.secret = secret;
    this.webhookUrl = webhookUrl;
    this.retryMs = retryMs;
  }

  listen(port) {
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on("connection", (socket) => {
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
    });
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.url = `http://127.0.0.1:${this.#server.address().port}`;
        resolve();
      });
    });
  }

  close() {
    this.#closed = true;
    for (const socket of this.#open) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /**
   * The next `n` calls of the bot fail with `status`; with 429 after `retryAfter` seconds they may
   * be tried again.  Status 0 drops the connection without an answer.
   */
  failNext(n, status, retryAfter) {
    for (let i = 0; i < n; ++i) this.#failures.push({ status, retryAfter });
  }

  /** What was said to a chat, in order. */
  textsTo(chat) {
    return this.sent
      .filter(({ method, body }) => method === "sendMessage" && String(body.chat_id) === String(chat))
      .map(({ body }) => body.text);
  }

  /** Ids of taps the bot has not answered with answerCallbackQuery. */
  unansweredCallbacks() {
    return [...this.#callbacks].filter(([, answered]) => !answered).map(([id]) => id);
  }

  // ---- Updates: what customers do

  #from(chat) {
    return { id: chat, is_bot: false, first_name: `Customer${chat}`, language_code: "ar" };
  }
  #message(chat, content) {
    return {
      message_id: this.#nextMessage++,
      date: Math.floor(Date.now() / 1000),
      chat: { id: chat, type: "private", first_name: `Customer${chat}` },
      from: this.#from(chat),
      ...content,
    };
  }

  textUpdate(chat, text) {
    return { update_id: this.#nextUpdate++, message: this.#message(chat, { text }) };
  }

  /** Any other kind of message: `contentUpdate(7, {photo: [...]})`. */
  contentUpdate(chat, content) {
    return { update_id: this.#nextUpdate++, message: this.#message(chat, content) };
  }

  /** A tap.  The message it belongs to is the last one with a keyboard in that chat. */
  callbackUpdate(chat, data) {
    if (Buffer.byteLength(data) > kCallbackBytesMax) throw new Error("callback data over 64 bytes");
    const id = `cb${this.#nextCallback++}`;
    this.#callbacks.set(id, false);
    const message = this.#keyboards.get(String(chat)) ?? this.#message(chat, { text: "…" });
    return {
      update_id: this.#nextUpdate++,
      callback_query: { id, from: this.#from(chat), message, chat_instance: "1", data },
    };
  }

  /**
   * Queues an update for the webhook.  Resolves with the number of tries once it got a 2xx; rejects
   * when the emulator is closed first.
   */
  push(update) {
    const holder = update.message ?? update.edited_message ?? update.callback_query?.message;
    const chat = String(holder?.chat?.id ?? "none");
    const before = this.#queues.get(chat) ?? Promise.resolve();
    const delivered = before.catch(() => {}).then(() => this.#deliver(update, chat));
    this.#queues.set(chat, delivered);
    delivered.catch(() => {}); // whoever awaits it hears of it
    return delivered;
  }

  async #deliver(update, chat) {
    for (let tries = 1; !this.#closed; ++tries) {
      const status = this.webhookUrl ? await this.#post(update) : 0;
      this.deliveries.push({ update_id: update.update_id, chat, status, at: Date.now() });
      if (status >= 200 && status < 300) return tries;
      await new Promise((resolve) => setTimeout(resolve, this.retryMs * Math.min(tries, 10)));
    }
    throw new Error(`update ${update.update_id} was never accepted`);
  }

  #post(update) {
    const body = Buffer.from(JSON.stringify(update));
    const headers = { "Content-Type": "application/json", "Content-Length": body.length };
    if (this.secret) headers["X-Telegram-Bot-Api-Secret-Token"] = this.secret;
    return new Promise((resolve) => {
      const call = httpRequest(this.webhookUrl, { method: "POST", headers, timeout: 10_000 });
      call.on("response", (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
        response.on("error", () => resolve(0));
      });
      call.on("timeout", () => call.destroy(new Error("timeout")));
      call.on("error", () => resolve(0));
      call.end(body);
    });
  }

  // ---- The Bot API: what the bot says

  async #serve(request, response) {
    let answer;
    let method = "";
    let body = {};
    try {
      const raw = await readBody(request);
      const failure = this.#failures.shift();
      method = this.#method(request.url);
      body = parseBody(request, raw);
      if (failure?.status === 0) {
        this.calls.push({ method, body, status: 0, at: Date.now() });
        request.socket.destroy();
        return;
      }
      answer = failure ? refusal(failure) : accepted(this.#call(method, body));
    } catch (error) {
      answer = error instanceof Answer ? error : refusal({ status: 400, why: `Bad Request: ${error.message}` });
      if (!(error instanceof Answer) && !(error instanceof BadCall)) throw error;
    }
    this.calls.push({ method, body, status: answer.status, at: Date.now() });
    if (answer.status === 200) this.sent.push({ method, body, at: Date.now() });
    const text = JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(text),
    });
    response.end(text);
  }

  #method(url) {
    const match = /^\/bot([^/]+)\/([A-Za-z]+)(\?.*)?$/.exec(url);
    if (!match) throw refusal({ status: 404, why: "Not Found" });
    if (match[1] !== this.#token) throw refusal({ status: 401, why: "Unauthorized" });
    return match[2];
  }

  #call(method, body) {
    switch (method.toLowerCase()) {
      case "getme":
        return { id: 1, is_bot: true, first_name: "Wasl", username: "wasl_bot" };
      case "sendmessage":
        return this.#sendMessage(body);
      case "answercallbackquery":
        return this.#answerCallbackQuery(body);
      case "sendchataction":
        need(typeof body.action === "string" && body.action, "wrong parameter action in request");
        chatOf(body);
        return true;
      case "setwebhook":
        need(typeof body.url === "string", "bad webhook: URL is missing");
        need(/^[A-Za-z0-9_-]{0,256}$/.test(body.secret_token ?? ""), "secret token contains unallowed characters");
        this.webhookUrl = body.url;
        this.secret = body.secret_token ?? "";
        return true;
      case "deletewebhook":
        this.webhookUrl = "";
        return true;
      default:
        throw refusal({ status: 404, why: "Not Found: method not found" });
    }
  }

  #sendMessage(body) {
    const chat = chatOf(body);
    need(typeof body.text === "string" && body.text.trim() !== "", "message text is empty");
    need(body.text.length <= kTextUnitsMax, "message is too long");
    const markup = body.reply_markup === undefined ? undefined : checkMarkup(body.reply_markup);
    const message = {
      message_id: this.#nextMessage++,
      date: Math.floor(Date.now() / 1000),
      chat: { id: chat, type: "private" },
      from: { id: 1, is_bot: true, first_name: "Wasl" },
      text: body.text,
      ...(markup ? { reply_markup: markup } : {}),
    };
    if (markup?.inline_keyboard) this.#keyboards.set(String(chat), message);
    return message;
  }

  #answerCallbackQuery({ callback_query_id: id }) {
    const known = typeof id === "string" && this.#callbacks.has(id);
    need(known, "query is too old and response timeout expired or query ID is invalid");
    this.#callbacks.set(id, true);
    return true;
  }
}

// ---- Checks and answers

class Answer extends Error {
  constructor(status, body) {
    super(body.description ?? "");
    this.status = status;
    this.body = body;
  }
}

const accepted = (result) => new Answer(200, { ok: true, result });

const kReasons = { 403: "Forbidden: bot was blocked by the user", 500: "Internal Server Error", 502: "Bad Gateway" };

function refusal({ status, retryAfter, why }) {
  const body = { ok: false, error_code: status, description: why ?? kReasons[status] ?? "Error" };
  if (status === 429) {
    body.description = `Too Many Requests: retry after ${retryAfter ?? 1}`;
    body.parameters = { retry_after: retryAfter ?? 1 };
  }
  return new Answer(status, body);
}

function need(holds, why) {
  if (!holds) throw new BadCall(why);
}

function chatOf({ chat_id: chat }) {
  need(chat !== undefined && chat !== null && chat !== "", "chat_id is empty");
  const number = typeof chat === "number" && Number.isSafeInteger(chat);
  need(number || (typeof chat === "string" && /^(-?\d+|@\w+)$/.test(chat)), "chat not found");
  return number || chat.startsWith("@") ? chat : Number(chat);
}

function checkMarkup(given) {
  const markup = typeof given === "string" ? parseJson(given) : given;
  need(isObject(markup), "object expected as reply markup");
  if (markup.inline_keyboard !== undefined) checkRows(markup.inline_keyboard, checkInlineButton);
  else if (markup.keyboard !== undefined) checkRows(markup.keyboard, checkPlainButton);
  else need(markup.remove_keyboard === true || markup.force_reply === true, "unknown reply markup");
  return markup;
}

function checkRows(rows, checkButton) {
  need(Array.isArray(rows) && rows.every(Array.isArray), "field of the keyboard must be an Array of Arrays");
  need(rows.flat().length <= 100, "reply markup is too long");
  rows.flat().forEach(checkButton);
}

function checkInlineButton(button) {
  need(isObject(button), "inline keyboard button must be an Object");
  need(typeof button.text === "string" && button.text.trim() !== "", "text buttons are not allowed in the inline keyboard");
  const { callback_data: data, url } = button;
  need((data === undefined) !== (url === undefined), "exactly one of callback_data and url is needed");
  if (data === undefined) return;
  const bytes = typeof data === "string" ? Buffer.byteLength(data) : 0;
  need(bytes >= 1 && bytes <= kCallbackBytesMax, "BUTTON_DATA_INVALID");
}

function checkPlainButton(button) {
  const text = typeof button === "string" ? button : button?.text;
  need(typeof text === "string" && text.trim() !== "", "keyboard button text must be non-empty");
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadCall("can't parse JSON object");
  }
}

function parseBody(request, raw) {
  const type = request.headers["content-type"] ?? "";
  const query = new URL(request.url, "http://x").searchParams;
  if (raw.length === 0) return Object.fromEntries(query);
  if (type.startsWith("application/json")) {
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
    } catch {
      throw new BadCall("strings must be encoded in UTF-8");
    }
    const body = parseJson(text);
    need(isObject(body), "object expected");
    return body;
  }
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(raw.toString("utf8")));
  }
  throw new BadCall("unsupported content type");
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > kBodyBytesMax) throw refusal({ status: 413, why: "Request Entity Too Large" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
