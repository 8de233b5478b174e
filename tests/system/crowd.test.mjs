// Too many and too fast: a ten-fold burst is shed with the time to wait and what was accepted stays
// right; a thousand connections that say nothing, or a letter now and then, keep nobody out for long.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { botFolder, cleanUp, Server, sleep, until, Visitor } from "./harness.mjs";
import { frame, kPing, kText, RawSocket, upgradeHead } from "./raw_socket.mjs";
import { kUnlimited, Story } from "./story.mjs";

const started = [];
after(() => cleanUp([...started].reverse()));

async function serve(edit, env) {
  const server = await Server.start(botFolder({ "wasl.yml": edit }), { env });
  started.push(server);
  return server;
}
async function isServed(server) {
  const one = await Visitor.open(server, { locale: "en" });
  assert.equal((await one.ask("hello")).answer, "greet.hello");
  await one.close();
}

test("ten times the rate a visitor may write: shed with the time to wait, exactly the accepted is stored", { timeout: 90_000 }, async (t) => {
  const kClients = 10;
  const kPerMinute = 30;
  const server = await serve((text) => text.replace(/messages_per_minute: \d+/, `messages_per_minute: ${kPerMinute}`));
  const stories = await Promise.all(Array.from({ length: kClients }, () => Story.begin(server)));
  const lines = await Promise.all(stories.map((story) => story.open(server)));
  started.push(...lines);
  await Promise.all(stories.flatMap((story, i) => Array.from({ length: 10 * kPerMinute }, () => story.say(lines[i]))));
  let accepted = 0;
  for (const [i, story] of stories.entries()) {
    const taken = story.said.size - story.unacknowledged.length;
    accepted += taken;
    assert.ok(taken >= kPerMinute && taken < 2 * kPerMinute, `${taken} taken`);
    assert.equal(story.refused.length, story.unacknowledged.length, "each one is answered");
    for (const { code, retry_after_ms: wait, client_id: id } of story.refused) {
      assert.ok(code === "too_fast" || code === "busy", code);
      assert.ok(wait > 0 && wait <= 60_000 && story.said.has(id));
    }
    assert.equal(lines[i].over, undefined, "nobody is thrown out");
    // Who waits as told is taken.
    const [first] = story.unacknowledged;
    await sleep(i === 0 ? story.refused.at(-1).retry_after_ms : 0);
    const ack = await lines[i].say(first.text, { clientId: first.clientId });
    first.seq = ack.seq;
  }
  for (const story of stories) {
    const whole = await story.whole(server);
    const own = story.check(whole.messages);
    assert.equal(own, story.said.size - story.unacknowledged.length, "what was refused is not there");
    await whole.close();
  }
  t.diagnostic(`${accepted} of ${kClients * 10 * kPerMinute} taken`);
  await isServed(server);
});

test("more at once than a conversation's inbox holds: busy, and sent again until all is stored once", { timeout: 120_000 }, async (t) => {
  const server = await serve(kUnlimited);
  const stories = await Promise.all(Array.from({ length: 6 }, () => Story.begin(server)));
  const lines = await Promise.all(stories.map((story) => story.open(server)));
  started.push(...lines);
  const burst = Promise.all(stories.flatMap((story, i) => Array.from({ length: 150 }, () => story.say(lines[i]))));
  await isServed(server); // others meanwhile
  await burst;
  const refused = stories.reduce((sum, story) => sum + story.refused.length, 0);
  assert.ok(refused > 0, "something was shed");
  for (const { refused: list } of stories) assert.ok(list.every(({ code, retry_after_ms: wait }) => code === "busy" && wait > 0));
  for (const [i, story] of stories.entries()) {
    await story.settle(lines[i], 60_000);
    await story.finish(server);
  }
  t.diagnostic(`${refused} refusals, 900 stored`);
});

/** Opens `count` connections and hands each to `talk(socket, i)`; `{open: number}` counts them. */
async function slowOnes(server, count, talk) {
  const state = { open: 0, sockets: [], answers: [] };
  for (let i = 0; i < count; ++i) {
    const socket = connect(server.port, "127.0.0.1");
    state.sockets.push(socket);
    state.answers[i] = "";
    socket.setEncoding("latin1").on("data", (text) => (state.answers[i] += text));
    socket.on("connect", () => {
      ++state.open;
      talk(socket, i);
    });
    let once = false;
    const gone = () => {
      if (once) return;
      once = true;
      --state.open;
      socket.destroy();
    };
    socket.on("end", gone);
    socket.on("close", gone);
    socket.on("error", () => {});
    if (i % 50 === 49) await sleep(5);
  }
  state.close = () => state.sockets.forEach((socket) => socket.destroy());
  started.push({ close: state.close });
  return state;
}

const kinds = {
  "say nothing": () => {},
  "send a header a letter at a time": (socket) => drip(socket, `GET /health/live HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(10_000)}`),
  "send headers without an end": (socket, i) => drip(socket, Array.from({ length: 500 }, (_, n) => `X-${i}-${n}: z\r\n`), "GET / HTTP/1.1\r\nHost: x\r\n"),
  "stop in the middle of an upgrade": (socket) => socket.write("GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgr"),
  "speak TLS": (socket) => socket.write(Buffer.from("1603010200010001fc0303", "hex")),
};
/** A piece now and then, for as long as the other side listens. */
function drip(socket, pieces, first = "") {
  socket.write(first);
  let i = 0;
  const timer = setInterval(() => (socket.destroyed || i >= pieces.length ? clearInterval(timer) : socket.write(pieces[i++])), 250);
  socket.on("close", () => clearInterval(timer));
}

test("1,000 connections that never finish a request: let go, others served meanwhile", { timeout: 120_000 }, async (t) => {
  const server = await serve((text) => text.replace("limits:", "limits:\n  handshake: 3s"));
  for (const [kind, talk] of Object.entries(kinds)) {
    const slow = await slowOnes(server, 200, talk);
    started.push(slow);
    t.diagnostic(`${kind}: ${slow.open} open`);
  }
  await isServed(server);
  const all = started.filter(({ answers }) => answers);
  await until(() => all.every(({ open }) => open === 0), "all are let go", 30_000);
  for (const { answers } of all) {
    for (const answer of answers) assert.match(answer, /^($|HTTP\/1\.1 (400|408|503) )/);
  }
  await isServed(server);
});

test("1,000 WebSockets that never say hello: let go with 1008, others served meanwhile", { timeout: 120_000 }, async () => {
  const server = await serve((text) => text.replace("connections_per_address: 50", "connections_per_address: 2000"));
  const slow = await slowOnes(server, 1000, (socket) => socket.write(upgradeHead(server)));
  await until(() => slow.answers.every((answer) => answer.startsWith("HTTP/1.1 101 ")), "all are upgraded");
  await isServed(server);
  await until(() => slow.open === 0, "all are let go", 40_000);
  for (const answer of slow.answers) assert.ok(answer.includes("\x03\xf0hello_first"), "close 1008");
  await isServed(server);
});

test("one address has its share: the next ones are told to come later, a freed place is given on", { timeout: 60_000 }, async () => {
  // Without a trusted proxy each connection counts.
  const server = await serve((text) => text.replace("trusted_proxies: [127.0.0.1]", "trusted_proxies: []").replace("connections_per_address: 50", "connections_per_address: 20"));
  const full = await slowOnes(server, 40, (socket) => socket.write(upgradeHead(server)));
  await until(() => full.answers.filter((answer) => answer !== "").length === 40, "all are answered");
  assert.equal(full.answers.filter((answer) => answer.startsWith("HTTP/1.1 101 ")).length, 20);
  const refused = full.answers.filter((answer) => answer.startsWith("HTTP/1.1 503 "));
  assert.equal(refused.length, 20);
  for (const answer of refused) assert.match(answer, /Retry-After: \d+/);
  full.close();
  await until(() => isServed(server).then(() => true, () => false), "a place is free");
});

test("floods of pings, pongs and empty fragments: the flooder alone pays", { timeout: 90_000 }, async () => {
  const server = await serve(kUnlimited);
  const floods = {
    pings: Buffer.concat(Array.from({ length: 2000 }, () => frame(kPing, "x".repeat(125)))),
    pongs: Buffer.concat(Array.from({ length: 2000 }, () => frame(10, "x".repeat(125)))),
    fragments: Buffer.concat([...Array.from({ length: 2000 }, () => frame(0, "", { fin: false }))]),
    nonsense: Buffer.concat(Array.from({ length: 2000 }, () => frame(kText, "{"))),
  };
  for (const [name, bytes] of Object.entries(floods)) {
    const one = await RawSocket.open(server);
    if (name !== "pongs") one.socket.pause(); // it asks much and reads nothing
    if (name === "fragments") one.send(frame(kText, "", { fin: false }));
    for (let i = 0; i < 50 && !one.socket.destroyed; ++i) {
      one.bytes(bytes);
      if (i % 10 === 0) await isServed(server);
    }
    await isServed(server);
    one.close();
  }
  const ready = await server.get("/health/ready");
  assert.equal(ready.status, 200);
});
