// What the system tests share: a bot folder of their own, the server, visitors and agents.
//
// Every wait is bounded.  Nothing here knows how the server is made: only its command line and its
// sockets.
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";

export const kRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const kWasl = resolve(kRoot, process.env.WASL ?? "build/dev/bot/wasl");
export const kWait = 15_000;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Rejects with `what` when the promise takes too long. */
export function within(promise, what, ms = kWait) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what()}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again until the answer is truthy. */
export async function until(ask, what, ms = kWait) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${ms} ms until ${what}`);
    await sleep(20);
  }
}

// ---- The command line

/** Runs `wasl …` to its end: `{code, stdout, stderr}`. */
export function wasl(args, { input = "", cwd = kRoot, ms = 120_000, env = {} } = {}) {
  const run = spawnSync(kWasl, args, {
    input,
    cwd,
    timeout: ms,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 16 * 1024 * 1024,
  });
  if (run.error) throw run.error;
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** The same without blocking this process, which the command may have to talk to. */
export function waslAsync(args, { input = "", ms = 60_000 } = {}) {
  const child = spawn(kWasl, args, { cwd: kRoot, stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
  return within(ended, () => `wasl ${args.join(" ")}`, ms).finally(() => child.kill("SIGKILL"));
}

// ---- Bot folders

const folders = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function tempFolder() {
  const folder = mkdtempSync(join(tmpdir(), "wasl-"));
  folders.push(folder);
  return folder;
}

let trained = false;

/**
 * A copy of the starter bot with trained models and no store.
 * `edits`: `{"handoff.yml": (text) => text, …}`.
 */
export function botFolder(edits = {}) {
  const starter = join(kRoot, "starter");
  if (!trained) {
    const run = wasl(["train", "--bot", starter, "--if-needed"], { ms: 900_000 });
    if (run.code !== 0) throw new Error(`training failed: ${run.stderr}`);
    trained = true;
  }
  const bot = join(tempFolder(), "bot");
  cpSync(starter, bot, {
    recursive: true,
    filter: (from) => from !== join(starter, "data"),
  });
  edit(bot, edits);
  return bot;
}

export function edit(bot, edits) {
  for (const [file, change] of Object.entries(edits)) {
    const path = join(bot, file);
    const before = existsSync(path) ? readFileSync(path, "utf8") : "";
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changes nothing`);
    writeFileSync(path, after);
  }
}

// ---- The server

export class Server {
  /** Starts `wasl serve`; resolves once it listens. */
  static async start(bot, { args = [], env = {}, port = 0 } = {}) {
    const server = new Server(bot, ["--listen", `127.0.0.1:${port}`, ...args], env);
    await server.#listening();
    return server;
  }

  log = "";

  constructor(bot, args, env) {
    this.bot = bot;
    this.process = spawn(kWasl, ["serve", "--bot", bot, ...args], {
      cwd: kRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.ended = new Promise((done, fail) => {
      this.process.on("error", fail);
      this.process.on("exit", (code, signal) => done({ code, signal }));
    });
    this.ended.then(
      () => (this.over = true),
      () => (this.over = true),
    );
    this.process.stderr.setEncoding("utf8").on("data", (text) => {
      this.log = (this.log + text).slice(-200_000);
    });
    process.once("exit", () => this.process.kill("SIGKILL"));
    process.setMaxListeners(0);
  }

  async #listening() {
    let out = "";
    const line = new Promise((done) => {
      this.process.stdout.setEncoding("utf8").on("data", (text) => {
        out += text;
        const found = /^listening on (http:\/\/\S+)\n/.exec(out);
        if (found) done(found[1]);
      });
    });
    const failed = this.ended.then(({ code, signal }) => {
      throw new Error(`the server ended with ${code ?? signal}: ${this.log}`);
    });
    failed.catch(() => {});
    this.url = await within(Promise.race([line, failed]), () => "the server to listen", 30_000);
    this.port = Number(new URL(this.url).port);
  }

  /** SIGTERM; resolves with `{code, ms}`. */
  async stop() {
    const began = Date.now();
    this.process.kill("SIGTERM");
    const { code } = await within(this.ended, () => "the server to end", 20_000);
    return { code, ms: Date.now() - began };
  }

  /** kill -9. */
  async kill() {
    this.process.kill("SIGKILL");
    await within(this.ended, () => "the killed server to end");
  }

  get(path, options = {}) {
    return fetch(this.url + path, { ...options, signal: AbortSignal.timeout(kWait) });
  }

  /** The value of a metric without labels. */
  async metric(name) {
    const text = await (await this.get("/metrics")).text();
    const line = text.split("\n").find((one) => one.startsWith(`${name} `));
    if (!line) throw new Error(`no metric ${name}`);
    return Number(line.split(" ")[1]);
  }
}

/** What a test started, ended after it whatever happened: `after(() => cleanUp(server, visitor))`. */
export async function cleanUp(...things) {
  for (const thing of things.flat()) {
    if (!thing) continue;
    if (thing instanceof Server) {
      if (!thing.over) await thing.kill();
    } else {
      await thing.close();
    }
  }
}

// ---- One WebSocket with what came in

export class Line {
  frames = [];
  #watchers = new Set();

  constructor(url, options = {}) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    this.opened = new Promise((done, fail) => {
      this.socket.on("open", done);
      this.socket.on("error", fail);
      this.socket.on("unexpected-response", (_, response) => {
        response.resume();
        const error = new Error(`refused with ${response.statusCode}`);
        error.status = response.statusCode;
        fail(error);
      });
    });
    this.opened.catch(() => {});
    this.closed = new Promise((done) => {
      this.socket.on("close", (code, reason) => done({ code, reason: String(reason) }));
    });
    this.closed.then((how) => {
      this.over = how;
      this.#tell();
    });
    this.socket.on("message", (data) => {
      const frame = JSON.parse(String(data));
      this.frames.push(frame);
      this.on(frame);
      this.#tell();
    });
  }

  on(_frame) {}

  #tell() {
    for (const watcher of this.#watchers) watcher();
  }

  send(frame) {
    this.raw(JSON.stringify(frame));
  }
  raw(data, options) {
    this.socket.send(data, options);
  }

  /** The first frame, of those that came from number `from` on, that `wanted` likes. */
  waitFor(wanted, { from = 0, ms = kWait, what = wanted.toString() } = {}) {
    let at = from;
    let watcher;
    const found = new Promise((done, fail) => {
      watcher = () => {
        for (; at < this.frames.length; ++at) {
          if (wanted(this.frames[at])) return done(this.frames[at]);
        }
        if (!this.over) return;
        const last = JSON.stringify(this.frames.slice(-3));
        fail(new Error(`closed with ${this.over.code} while waiting for ${what}; the last frames: ${last}`));
      };
      this.#watchers.add(watcher);
      watcher();
    });
    const last = () => `${what}; the last frames: ${JSON.stringify(this.frames.slice(-6))}`;
    return within(found, last, ms).finally(() => this.#watchers.delete(watcher));
  }

  /** Nothing that `unwanted` describes comes within `ms`. */
  async nothing(unwanted, { from = this.frames.length, ms = 700 } = {}) {
    await sleep(ms);
    const came = this.frames.slice(from).find(unwanted);
    if (came) throw new Error(`came, but should not: ${JSON.stringify(came)}`);
  }

  async close() {
    if (!this.over) this.socket.close();
    const ended = await Promise.race([this.closed, sleep(1000)]);
    if (!ended) this.socket.terminate();
  }
  /** The network is gone: no closing handshake. */
  drop() {
    this.socket.terminate();
    return this.closed;
  }
}

/** An `error` frame as an exception, so that a refused command rejects. */
class Refused extends Error {
  constructor(frame) {
    super(`${frame.code}: ${frame.text}`);
    this.code = frame.code;
    this.frame = frame;
  }
}

// ---- A visitor

export class Visitor extends Line {
  /** Opens the chat and says hello; resolves at the welcome. */
  static async open(server, hello = {}, options = {}) {
    const visitor = new Visitor(server, options);
    await within(visitor.opened, () => "the chat to open");
    visitor.send({ type: "hello", locale: "ar", ...hello });
    visitor.welcome = await visitor.waitFor((frame) => frame.type === "welcome");
    visitor.token = visitor.welcome.visitor_token;
    visitor.conversation = visitor.welcome.conversation;
    return visitor;
  }

  #waiting = new Map();

  constructor(server, options) {
    super(`ws://127.0.0.1:${server.port}/chat`, options);
    this.closed.then(({ code }) => {
      for (const { fail } of this.#waiting.values()) fail(new Error(`closed with ${code}`));
      this.#waiting.clear();
    });
  }

  on(frame) {
    const waiting = this.#waiting.get(frame.client_id);
    if (!waiting || (frame.type !== "ack" && frame.type !== "error")) return;
    this.#waiting.delete(frame.client_id);
    if (frame.type === "ack") waiting.done(frame);
    else waiting.fail(new Refused(frame));
  }

  /** Sends a frame that is acknowledged; resolves with the ack, rejects with the error. */
  command(frame, { clientId = randomUUID(), ms = kWait } = {}) {
    const answered = new Promise((done, fail) => this.#waiting.set(clientId, { done, fail }));
    this.send({ client_id: clientId, ...frame });
    const answer = within(answered, () => `the ack of ${JSON.stringify(frame)}`, ms);
    answer.catch(() => {}); // a test may look at it later, or never
    return answer;
  }
  say(text, options) {
    return this.command({ type: "message", text }, options);
  }
  tap(button, options) {
    return this.command({ type: "message", button }, options);
  }

  /** Says it and resolves with the first answer to it. */
  async ask(text, wanted = () => true) {
    const { seq } = await this.say(text);
    return this.answer(seq, wanted);
  }
  async press(button, wanted = () => true) {
    const { seq } = await this.tap(button);
    return this.answer(seq, wanted);
  }
  answer(after, wanted = () => true) {
    return this.waitFor(
      (frame) =>
        frame.type === "message" && frame.seq > after && frame.from !== "visitor" && wanted(frame),
      { what: `an answer after ${after} (${wanted})` },
    );
  }

  /** The state the frames so far tell. */
  waitForState(state) {
    return this.waitFor((frame) => frame.type === "state" && frame.state === state, {
      what: `state ${state}`,
    });
  }

  get messages() {
    return this.frames.filter(({ type }) => type === "message");
  }
  get lastSeq() {
    return Math.max(0, ...this.frames.map(({ type, seq }) => (type === "welcome" ? 0 : (seq ?? 0))));
  }

  /** The whole conversation as the server tells it to a new tab. */
  async transcript(server) {
    const tab = await Visitor.open(server, { visitor_token: this.token, last_seq: 0 });
    const { last_seq: last } = tab.welcome;
    // Private events leave gaps, so completeness shows in a ping's answer after them all.
    tab.send({ type: "ping" });
    await tab.waitFor((frame) => frame.type === "pong");
    await until(() => tab.lastSeq >= last || quiet(tab), `the transcript up to ${last}`);
    const { messages } = tab;
    await tab.close();
    return messages;
  }
}

async function quiet(line) {
  const before = line.frames.length;
  await sleep(200);
  return line.frames.length === before;
}

// ---- An agent

/** Makes accounts; each is `{email, name, role?, skills?, languages?, capacity?}`. */
export async function addAgents(bot, ...agents) {
  for (const agent of agents) {
    const args = ["agents", "add", "--bot", bot, "--email", agent.email, "--name", agent.name];
    args.push("--role", agent.role ?? "agent", "--password-stdin");
    args.push("--skills", agent.skills ?? "orders", "--languages", agent.languages ?? "ar,en");
    args.push("--capacity", String(agent.capacity ?? 4));
    const run = await waslAsync(args, { input: `${agent.password ?? kPassword}\n` });
    if (run.code !== 0) throw new Error(`agents add failed with ${run.code}: ${run.stderr}`);
  }
}

export const kPassword = "correct horse 9";

export function signIn(server, email, password = kPassword) {
  return server.get("/api/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
}

export class Agent extends Line {
  /** Signs in, opens the desk, and is online unless told otherwise. */
  static async open(server, email, { online = true, password = kPassword } = {}) {
    const answer = await signIn(server, email, password);
    if (answer.status !== 200) throw new Error(`sign-in of ${email} failed: ${answer.status}`);
    const { token, agent: who } = await answer.json();
    const agent = new Agent(server);
    agent.token = token;
    agent.who = who;
    await within(agent.opened, () => "the desk to open");
    agent.send({ type: "hello", token });
    agent.snapshot = await agent.waitFor((frame) => frame.type === "snapshot");
    if (online) await agent.presence("online");
    return agent;
  }

  cards = new Map();
  #waiting = new Map();

  constructor(server) {
    super(`ws://127.0.0.1:${server.port}/desk`);
  }

  on(frame) {
    if (frame.type === "snapshot") {
      for (const card of frame.conversations) this.cards.set(card.conversation, card);
    }
    if (frame.type === "conversation") this.cards.set(frame.conversation, frame);
    const waiting = this.#waiting.get(frame.client_id);
    if (!waiting || (frame.type !== "ack" && frame.type !== "error")) return;
    this.#waiting.delete(frame.client_id);
    if (frame.type === "ack") waiting.done(frame);
    else waiting.fail(new Refused(frame));
  }

  /** Resolves with the ack; rejects with the error. */
  command(type, fields = {}, clientId = randomUUID()) {
    const answered = new Promise((done, fail) => this.#waiting.set(clientId, { done, fail }));
    this.send({ type, client_id: clientId, ...fields });
    const answer = within(answered, () => `the ack of ${type} ${JSON.stringify(fields)}`);
    answer.catch(() => {});
    return answer;
  }
  presence(state) {
    return this.command("presence", { state });
  }
  /** A command about a conversation at the epoch last heard of. */
  act(type, conversation, fields = {}) {
    const { epoch } = this.cards.get(conversation);
    return this.command(type, { conversation, epoch, ...fields });
  }

  offerOf(conversation, { from = 0, ms = kWait } = {}) {
    return this.waitFor((frame) => frame.type === "offer" && frame.conversation === conversation, {
      from,
      ms,
      what: `an offer of ${conversation}`,
    });
  }
  /** Waits for the offer and accepts it. */
  async accept(conversation, options) {
    const offer = await this.offerOf(conversation, options);
    await this.command("accept", { conversation, epoch: offer.epoch });
    await this.cardIn(conversation, "human");
    return offer;
  }
  /** The card of a conversation once it is in that state. */
  cardIn(conversation, state) {
    const right = (card) => card?.state === state && card;
    if (right(this.cards.get(conversation))) return Promise.resolve(this.cards.get(conversation));
    return this.waitFor(
      (frame) =>
        frame.type === "conversation" && frame.conversation === conversation && right(frame),
      { from: this.frames.length, what: `${conversation} in state ${state}` },
    );
  }
  eventOf(conversation, wanted, what = wanted.toString()) {
    return this.waitFor(
      (frame) => frame.type === "event" && frame.conversation === conversation && wanted(frame),
      { what },
    );
  }
}

/** A visitor who asked for a person and waits. */
export async function waitingVisitor(server, text = "أريد التحدث مع موظف من فضلك", hello = {}) {
  const visitor = await Visitor.open(server, hello);
  await visitor.say(text);
  await visitor.waitForState("waiting");
  return visitor;
}
