// SIGTERM in the middle of turns: what was acknowledged is kept, what was not is taken once when it
// is sent again; sockets hear 1012, the program ends by itself with 0.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { randomInt } from "node:crypto";
import { after, test } from "node:test";
import { botFolder, cleanUp, Server, sleep, until, Visitor, within } from "./harness.mjs";
import { RawSocket } from "./raw_socket.mjs";
import { kUnlimited, Story } from "./story.mjs";

const kStops = 8;
const kVisitors = 3;
const kEndMs = 10_000; // interfaces: exit 0 within 10 s
const started = [];
after(() => cleanUp([...started].reverse()));

test(`${kStops} times SIGTERM under load: nothing lost, nothing doubled, 1012 and exit 0`, { timeout: 180_000 }, async (t) => {
  const bot = botFolder({ "wasl.yml": kUnlimited });
  let server = await Server.start(bot);
  started.push({ close: () => cleanUp(server) });
  const stories = await Promise.all(Array.from({ length: kVisitors }, () => Story.begin(server)));
  let open = 0;
  for (let stop = 0; stop < kStops; ++stop) {
    const lines = await Promise.all(stories.map((story) => story.whole(server)));
    for (const [i, line] of lines.entries()) stories[i].check(line.messages);
    const end = Date.now() + randomInt(20, 120);
    const pours = lines.map((line, i) => stories[i].pour(line, () => Date.now() < end + 3000)); // on while it drains
    await sleep(Math.max(0, end - Date.now()));
    const { code, ms } = await server.stop();
    assert.equal(code, 0, server.log.slice(-500));
    assert.ok(ms < kEndMs, `took ${ms} ms`);
    for (const line of lines) assert.equal((await line.closed).code, 1012);
    await Promise.all(pours);
    open += stories.reduce((sum, { unacknowledged }) => sum + unacknowledged.length, 0);
    server = await Server.start(bot);
  }
  let stored = 0;
  for (const story of stories) stored += await story.finish(server);
  t.diagnostic(`${stored} messages, ${open} unacknowledged at the stops`);
  assert.ok(open > 0, "something was in flight");
});

test("SIGTERM while a business call hangs, half-open sockets and a dead reader: it ends all the same", { timeout: 60_000 }, async () => {
  const shop = createServer(() => {}); // never answers
  await new Promise((done) => shop.listen(0, "127.0.0.1", done));
  started.push({ close: () => (shop.closeAllConnections?.(), shop.close()) });
  const host = `127.0.0.1:${shop.address().port}`;
  const bot = botFolder({
    "calls/orders.yml": (text) => text.replace("self:/demo/api/orders", `http://${host}/orders`).replace("timeout: 3s", "timeout: 20s"),
    "wasl.yml": (text) => `${text}\ncalls: {hosts: ["${host}"]}\n`,
  });
  const server = await Server.start(bot);
  started.push(server);
  const one = await Visitor.open(server, { locale: "en" });
  const asked = new Promise((done) => shop.once("request", done));
  const { seq } = await one.say("where is my order A-1032");
  await within(asked, () => "the shop to be asked");
  const dead = await RawSocket.open(server);
  dead.socket.pause();
  const half = await RawSocket.open(server, "/desk");
  await sleep(100);
  const { code, ms } = await server.stop();
  assert.equal(code, 0, server.log.slice(-500));
  assert.ok(ms < kEndMs, `took ${ms} ms`);
  assert.equal((await one.closed).code, 1012);
  dead.close();
  half.close();
  // The question is not forgotten: after the restart the call is made again.
  const again = new Promise((done) => shop.once("request", (_, response) => done(response)));
  const next = await Server.start(bot);
  started.push(next);
  const response = await within(again, () => "the shop to be asked again");
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ status: "shipped", eta: "2099-12-01", total: 10 }));
  const back = await Visitor.open(next, { visitor_token: one.token, last_seq: seq });
  started.push(back);
  assert.equal((await back.answer(seq)).answer, "track_order.shipped");
});

test("a second SIGTERM while it drains changes nothing", { timeout: 30_000 }, async () => {
  const server = await Server.start(botFolder());
  started.push(server);
  const one = await Visitor.open(server, { locale: "en" });
  await one.say("hello");
  server.process.kill("SIGTERM");
  server.process.kill("SIGTERM");
  server.process.kill("SIGINT");
  const { code, signal } = await within(server.ended, () => "the end", kEndMs + 5000);
  assert.ok(code === 0, `ended with ${code ?? signal}`);
  await until(() => one.over, "the socket ends");
});
