// Whatever a stranger sends gets a code or is cut off; everybody else is served.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { botFolder, cleanUp, Line, Server, Visitor, within } from "./harness.mjs";

let server;
const open = [];
before(async () => {
  server = await Server.start(
    botFolder({
      "wasl.yml": (text) =>
        text
          .replace("origins: []", 'origins: ["https://shop.example"]')
          .replace("connections_per_address: 50", "connections_per_address: 500"),
    }),
  );
});
after(() => cleanUp(open, server));

async function line(options) {
  const one = new Line(`ws://127.0.0.1:${server.port}/chat`, options);
  open.push(one);
  await within(one.opened, () => "the chat to open");
  return one;
}
async function visitor(hello = { locale: "en" }) {
  const one = await Visitor.open(server, hello);
  open.push(one);
  return one;
}
const errorOf = (one, from) => one.waitFor(({ type }) => type === "error", { from });

/** Still served: a socket that got an error goes on. */
async function serves(one) {
  const from = one.frames.length;
  one.send({ type: "ping" });
  await one.waitFor(({ type }) => type === "pong", { from });
}

test("frames that cannot be read: a code each, and the socket lives", async () => {
  const one = await visitor();
  const bad = {
    "": "bad_json",
    "{": "bad_json",
    "null": "bad_json",
    "[]": "bad_json",
    '"hello"': "bad_json",
    "42": "bad_json",
    '{"type":"message"} trailing': "bad_json",
    [`${'{"a":'.repeat(100)}1${"}".repeat(100)}`]: "bad_json",
    [`${"[".repeat(5000)}`]: "bad_json",
    '{"type":"message","client_id":"a","text":"\\ud800"}': "bad_json",
    "{}": "unknown_type",
    '{"type":"teleport"}': "unknown_type",
    '{"type":17}': "unknown_type",
    '{"type":"message","text":"no id"}': "bad_message",
    '{"type":"message","client_id":"","text":"x"}': "bad_message",
    '{"type":"message","client_id":7,"text":"x"}': "bad_message",
    '{"type":"message","client_id":"b"}': "bad_message",
    '{"type":"message","client_id":"c","text":""}': "bad_message",
    '{"type":"message","client_id":"d","text":"  \\n "}': "bad_message",
    '{"type":"message","client_id":"e","text":{"a":1}}': "bad_message",
    '{"type":"choose","client_id":"f"}': "bad_message",
    '{"type":"choose","client_id":"g","option":"no-such"}': "bad_message",
    '{"type":"hello"}': "already_hello",
  };
  for (const [frame, code] of Object.entries(bad)) {
    const from = one.frames.length;
    one.raw(frame);
    const error = await errorOf(one, from);
    assert.equal(error.code, code, `for ${frame.slice(0, 80)}`);
    assert.ok(error.text.length > 0);
    const id = /"client_id":"(\w+)"/.exec(frame)?.[1];
    if (id && code === "bad_message") assert.equal(error.client_id, id);
  }
  await serves(one);
  assert.equal((await one.ask("hello")).answer, "greet.hello");
});

test("texts of every kind are taken or refused, never mangled", async () => {
  const one = await visitor();
  await assert.rejects(one.say("ا".repeat(4001)), ({ code, frame }) => code === "too_long" && frame.client_id !== undefined);
  await assert.rejects(one.say("x".repeat(5000)), ({ code }) => code === "too_long");
  const texts = [
    "ا".repeat(4000),
    "😀".repeat(1000),
    "<script>alert(1)</script>",
    "'; DROP TABLE events; --",
    "\u202Eevil\u202C \u0000 \u0007 \uFFFF",
    "{name} ${HOME} {{x}} {0, number}",
    "ـ".repeat(500) + "\u064B".repeat(500),
    "a\nb\r\nc\td",
  ];
  for (const text of texts) await one.say(text);
  const own = (await one.transcript(server)).filter(({ from }) => from === "visitor");
  assert.deepEqual(own.map(({ text }) => text), texts);
});

test("a message before hello: hello_first and 1008", async () => {
  const one = await line();
  one.send({ type: "message", client_id: "a", text: "hi" });
  const error = await errorOf(one);
  assert.equal(error.code, "hello_first");
  assert.equal(error.client_id, "a");
  assert.equal((await within(one.closed, () => "the close")).code, 1008);
});

test("a wrong token: bad_token and 1008", async () => {
  const one = await line();
  one.send({ type: "hello", visitor_token: "f".repeat(64) });
  assert.equal((await errorOf(one)).code, "bad_token");
  assert.equal((await within(one.closed, () => "the close")).code, 1008);
});

test("a client that never says hello is let go", { timeout: 40_000 }, async () => {
  const one = await line();
  const how = await within(one.closed, () => "the silent client to be closed", 20_000);
  assert.equal(how.code, 1008);
});

test("a binary frame: 1003; an oversized one: 1009", async () => {
  const one = await visitor();
  one.raw(Buffer.from([1, 2, 3]), { binary: true });
  assert.equal((await within(one.closed, () => "the close")).code, 1003);

  const two = await visitor();
  two.send({ type: "message", client_id: "a", text: "x".repeat(17_000) });
  assert.equal((await within(two.closed, () => "the close")).code, 1009);

  const three = await visitor(); // in small pieces
  for (let i = 0; i < 40 && !three.over; ++i) three.raw("x".repeat(1000), { fin: false });
  assert.equal((await within(three.closed, () => "the close")).code, 1009);
});

test("text that is not UTF-8 is refused", async () => {
  const one = await visitor();
  one.raw(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
  const ended = await within(Promise.race([one.closed, errorOf(one)]), () => "the refusal");
  assert.ok(ended.code === 1007 || ended.code === "bad_json", JSON.stringify(ended));
});

test("too fast: a code with the time to wait, and nothing of it stored", async () => {
  const one = await visitor();
  const answers = await Promise.allSettled(Array.from({ length: 70 }, () => one.say("thank you so much")));
  const refused = answers.filter(({ status }) => status === "rejected").map(({ reason }) => reason);
  assert.ok(refused.length >= 5, `${refused.length} refused`);
  for (const { code, frame } of refused) {
    assert.ok(code === "too_fast" || code === "busy", code);
    assert.ok(frame.retry_after_ms > 0);
  }
  assert.ok(refused.some(({ code }) => code === "too_fast"));
  const other = await visitor();
  assert.equal((await other.ask("hello")).answer, "greet.hello");
  const own = (await one.transcript(server)).filter(({ from }) => from === "visitor");
  assert.equal(own.length, answers.length - refused.length);
});

test("origins: a wrong one 403, ours, an allowed one and none are served", async () => {
  const url = `ws://127.0.0.1:${server.port}/chat`;
  for (const origin of ["https://evil.example", "https://shop.example.evil.example", "null"]) {
    const one = new Line(url, { origin });
    await assert.rejects(within(one.opened, () => "an answer"), ({ status }) => status === 403);
  }
  for (const origin of ["https://shop.example", server.url, undefined]) {
    const one = await line(origin ? { origin } : {});
    one.send({ type: "hello" });
    await one.waitFor(({ type }) => type === "welcome");
  }
  const desk = new Line(`ws://127.0.0.1:${server.port}/desk`, { origin: "https://shop.example" });
  await assert.rejects(within(desk.opened, () => "an answer"), ({ status }) => status === 403);
});

test("the desk without a session: bad_token and 1008; without hello: hello_first", async () => {
  for (const [frame, code] of [[{ type: "hello", token: "f".repeat(64) }, "bad_token"], [{ type: "hello" }, "bad_token"], [{ type: "take" }, "hello_first"]]) {
    const one = new Line(`ws://127.0.0.1:${server.port}/desk`);
    open.push(one);
    await within(one.opened, () => "the desk to open");
    one.send(frame);
    assert.equal((await errorOf(one)).code, code);
    assert.equal((await within(one.closed, () => "the close")).code, 1008);
    assert.ok(!one.frames.some(({ type }) => type === "snapshot"));
  }
});

test("HTTP: what is not there is 404, what is not allowed 405, and no path leads out of demo/", async () => {
  assert.equal((await server.get("/no-such")).status, 404);
  assert.equal((await server.get("/", { method: "POST" })).status, 405);
  assert.equal((await server.get("/demo/api/orders/A-1032")).status, 200);
  for (const path of ["orders/A-9", "../wasl", "%2e%2e/wasl", "..%2fwasl.yml", "orders/%00", "/etc/passwd", ""]) {
    const answer = await raw(`GET /demo/api/${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 (404|400) /, path);
  }
  const error = await (await server.get("/no-such")).json();
  assert.equal(error.error.code, "not_found");
});

/** Bytes as they are, and all that comes back. */
async function raw(bytes) {
  const socket = connect(server.port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => (answer += text));
  socket.on("error", () => {});
  socket.end(bytes);
  await within(once(socket, "close"), () => `an answer to ${bytes.slice(0, 40)}`, 20_000);
  return answer;
}

test("HTTP: garbage and giants are refused and cost nothing", async () => {
  assert.match(await raw("NONSENSE\r\n\r\n"), /^(HTTP\/1\.1 400 |$)/);
  assert.match(await raw(`GET / HTTP/1.1\r\nX: ${"y".repeat(64 * 1024)}\r\n\r\n`), /^(HTTP\/1\.1 4\d\d |$)/);
  const giant = await raw("POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n{}");
  assert.match(giant, /^(HTTP\/1\.1 4\d\d |$)/);
  const body = JSON.stringify({ email: "x".repeat(20_000), password: "y" });
  const long = await server.get("/api/session", { method: "POST", body });
  assert.equal(long.status, 400);
  for (const text of ["", "[]", "{", '{"email":5,"password":true}', '{"email":"a@b"}']) {
    assert.equal((await server.get("/api/session", { method: "POST", body: text })).status, 400);
  }
});

test("a reader that never reads is cut off while others are served", { timeout: 120_000 }, async () => {
  const slow = await visitor();
  const chatty = await visitor({ locale: "en", visitor_token: slow.token });
  const closed = slow.closed;
  slow.socket.pause();
  // Pongs are answers nobody counts: a flood of pings fills the outbox of whoever does not read.
  const ping = JSON.stringify({ type: "ping" });
  let cut = false;
  slow.socket.on("error", () => {});
  const end = Date.now() + 60_000;
  while (!cut && Date.now() < end) {
    for (let i = 0; i < 2000; ++i) {
      if (slow.socket.readyState === WebSocket.OPEN) slow.socket.send(ping, () => {});
    }
    await new Promise((done) => setTimeout(done, 5));
    // Meanwhile the others are served.
    const began = Date.now();
    await serves(chatty);
    assert.ok(Date.now() - began < 5000);
    cut = slow.socket.readyState !== WebSocket.OPEN || slow.socket.bufferedAmount > 8 * 1024 * 1024;
  }
  slow.socket.resume();
  const how = await within(closed, () => "the slow reader to be cut off", 30_000);
  assert.ok([1013, 1006].includes(how.code), `closed with ${how.code}`);
  const fresh = await visitor();
  assert.equal((await fresh.ask("hello")).answer, "greet.hello");
});

test("after all this the server is well", async () => {
  const ready = await server.get("/health/ready");
  assert.equal(ready.status, 200);
  assert.equal((await ready.json()).store, "ok");
  assert.equal((await server.get("/health/live")).status, 200);
  const text = await (await server.get("/metrics")).text();
  for (const row of text.trim().split("\n")) {
    assert.match(row, /^(# (HELP|TYPE) \w+ .*|\w+(\{[^}]*\})? -?[0-9.e+-]+)$/);
  }
  assert.ok((await server.metric("wasl_messages_in_total")) > 10);
  // Logs carry no texts of customers.
  for (const text of ["DROP TABLE", "<script>", "thank you so much"]) assert.ok(!server.log.includes(text));
  const { code } = await server.stop();
  assert.equal(code, 0);
});
