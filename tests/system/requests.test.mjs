// HTTP from strangers: upgrades that are none, requests meant to be read differently by a proxy,
// giants, paths that climb.  A refusal is a 4xx and the end of the connection; what cannot be told
// apart is never answered as if it could.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { botFolder, cleanUp, Server, within } from "./harness.mjs";
import { RawSocket, upgradeHead } from "./raw_socket.mjs";

let server;
before(async () => {
  server = await Server.start(botFolder());
});
after(() => cleanUp(server));

/** Sends bytes, in pieces when it is a list, and resolves with all that came until the end. */
async function talk(bytes, { end = false, ms = 15_000 } = {}) {
  const socket = connect(server.port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => (answer += text));
  socket.on("error", () => {});
  const closed = new Promise((done) => socket.on("close", done));
  for (const piece of [bytes].flat()) socket.write(piece);
  if (end) socket.end();
  await within(closed, () => `the end after ${String(bytes).slice(0, 60)}; so far ${answer.slice(0, 200)}`, ms).finally(() => socket.destroy());
  return answer;
}
const statuses = (answer) => [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
const refused = (answer, what) => {
  const [first, ...rest] = statuses(answer);
  assert.ok(answer === "" || (first >= 400 && first < 500), `${what}: ${answer.slice(0, 100)}`);
  assert.deepEqual(rest, [], `${what}: one answer`);
  assert.doesNotMatch(answer, /wasl\.yml|\/(home|tmp|usr|etc)\//, what);
};
/** The connection stays open for others: the server is well. */
const well = async () => assert.equal((await server.get("/health/ready")).status, 200);

test("upgrades that are none: 4xx, never 101", async () => {
  const bad = {
    "no key": [{ "Sec-WebSocket-Key": undefined }],
    "a short key": [{ "Sec-WebSocket-Key": "abc" }],
    "a long key": [{ "Sec-WebSocket-Key": "a".repeat(400) }],
    "a key that is no base64": [{ "Sec-WebSocket-Key": "abcdefghijklmnopqrstu!==" }],
    "two keys": [{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" }],
    "no version": [{ "Sec-WebSocket-Version": undefined }],
    "version 8": [{ "Sec-WebSocket-Version": "8" }],
    "version 14": [{ "Sec-WebSocket-Version": "14" }],
    "another protocol": [{ Upgrade: "h2c" }],
    "no Connection: Upgrade": [{ Connection: "keep-alive" }],
    "POST": [{}, "POST /chat HTTP/1.1"],
    "HTTP/1.0": [{}, "GET /chat HTTP/1.0"],
    "no Host": [{ Host: undefined }],
    "another path": [{}, "GET /nothing HTTP/1.1"],
    "a climbing path": [{}, "GET /chat/../desk HTTP/1.1"],
  };
  for (const [name, [headers, first]] of Object.entries(bad)) {
    const answer = await talk(upgradeHead(server, "/chat", { ...headers }, first), { end: true });
    assert.ok(statuses(answer).length <= 1, name);
    assert.ok(!answer.startsWith("HTTP/1.1 101"), `${name}: ${answer.slice(0, 80)}`);
    assert.match(answer, /^(HTTP\/1\.1 4\d\d |$)/, name);
  }
  const early = await talk(upgradeHead(server) + "\x81\x80abcd", { end: true });
  refused(early, "frames before the answer");
  const body = await talk(`${upgradeHead(server, "/chat", { "Content-Length": "5" })}hello`, { end: true });
  refused(body, "an upgrade with a body");
  for (const header of ["upgrade: WebSocket", "Upgrade: WEBSOCKET"]) {
    const [name, value] = header.split(": ");
    const one = await RawSocket.open(server, "/chat", { Upgrade: undefined, [name]: value, Connection: "keep-alive, UPGRADE" });
    await one.served();
    one.close();
  }
});

test("requests with two ends are refused and nothing behind them is read", async () => {
  const inner = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
  const post = (headers, body) => `POST /api/session HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`;
  const chunked = `0\r\n\r\n${inner}`;
  const shapes = {
    "length and chunks": post("Content-Length: 4\r\nTransfer-Encoding: chunked", chunked),
    "chunks and length": post("Transfer-Encoding: chunked\r\nContent-Length: 4", chunked),
    "two lengths": post(`Content-Length: 0\r\nContent-Length: ${inner.length}`, inner),
    "a list of lengths": post(`Content-Length: 0, ${inner.length}`, inner),
    "a negative length": post("Content-Length: -1", inner),
    "a length with a plus": post("Content-Length: +5", inner),
    "a length in hex": post("Content-Length: 0x10", inner),
    "a length past 2^64": post("Content-Length: 18446744073709551617", inner),
    "chunked twice": post("Transfer-Encoding: chunked, chunked", chunked),
    "chunked, then identity": post("Transfer-Encoding: chunked, identity", chunked),
    "an unknown coding": post("Transfer-Encoding: xchunked", chunked),
    "a space before the colon": post("Transfer-Encoding : chunked", chunked),
    "a bare line feed": `POST /api/session HTTP/1.1\nHost: x\nContent-Length: 0\n\n${inner}`,
    "two hosts": `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${inner}`,
    "a NUL in a header": `GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n${inner}`,
    "no version": `GET /\r\n\r\n${inner}`,
    "HTTP/2's greeting": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an absolute address": `GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n${inner}`,
  };
  for (const [name, bytes] of Object.entries(shapes)) {
    const answer = await talk(bytes, { end: true });
    const seen = statuses(answer);
    assert.ok(!answer.includes('"live":true'), `${name}: what was hidden behind it was served`);
    assert.ok(seen.length <= 1 && (seen[0] ?? 400) >= 400, `${name}: ${answer.slice(0, 120)}`);
  }
  // A folded header is one header (RFC 9112, 5.2), so here a second request really follows.
  const folded = await talk(post("Transfer-Encoding:\r\n chunked", chunked), { end: true });
  assert.deepEqual(statuses(folded), [400, 200]);
  await well();
});

test("chunks: right ones are read, absurd ones refused", async () => {
  const post = (body) => `POST /api/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
  const json = '{"email":"a@b.example","password":"wrong one"}';
  const good = await talk(post(`5;ext=1\r\n${json.slice(0, 5)}\r\n${(json.length - 5).toString(16)}\r\n${json.slice(5)}\r\n0\r\nX-Trailer: y\r\n\r\n`));
  assert.deepEqual(statuses(good), [401]);
  const bad = {
    "2^64 bytes": "FFFFFFFFFFFFFFFF\r\nabc",
    "2^68 bytes": "10000000000000000\r\nabc",
    "no number": "zz\r\nabc\r\n0\r\n\r\n",
    "negative": "-5\r\nabc\r\n0\r\n\r\n",
    "longer than said": "2\r\nabcdef\r\n0\r\n\r\n",
    "an endless size line": `${"0".repeat(300_000)}1\r\na`,
    "an endless extension": `5;${"x".repeat(300_000)}\r\nabcde\r\n`,
    "2 MB in chunks of 64 kB": `${`10000\r\n${"y".repeat(65536)}\r\n`.repeat(32)}0\r\n\r\n`,
  };
  for (const [name, body] of Object.entries(bad)) refused(await talk(post(body), { end: true }), name);
  await well();
});

test("header bombs", async () => {
  const get = (headers) => `GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n`;
  const some = Array.from({ length: 100 }, (_, i) => `X-${i}: ${i}`).join("\r\n");
  assert.deepEqual(statuses(await talk(get(some))), [200]);
  const bombs = {
    "20,000 headers": Array.from({ length: 20_000 }, (_, i) => `X-${i}: ${i}`).join("\r\n"),
    "a header of 1 MB": `X: ${"y".repeat(1 << 20)}`,
    "a name of 100 kB": `${"n".repeat(100_000)}: 1`,
    "20,000 times the same": "Cookie: a=b\r\n".repeat(20_000).trim(),
  };
  for (const [name, headers] of Object.entries(bombs)) refused(await talk(get(headers), { end: true }), name);
  refused(await talk(`GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, { end: true }), "an address of 100 kB");
  refused(await talk(`${"A".repeat(100_000)} / HTTP/1.1\r\nHost: x\r\n\r\n`, { end: true }), "a method of 100 kB");
  await well();
});

test("no path leads out of what is served", async () => {
  const climbs = ["..", "%2e%2e", "..%2f..", "%2e%2e%2f", "..\\..", "..%5c", "....//", "%252e%252e", ".%00.", "%c0%ae%c0%ae", "%ff", "/etc/passwd", "%2fetc%2fpasswd"];
  for (const folder of ["/console/", "/demo/api/", "/assets/", "/channels/", "/"]) {
    for (const climb of climbs) {
      for (const target of ["wasl.yml", "data/wasl.db", "../etc/passwd", "handoff.yml"]) {
        const path = `${folder}${climb}/${target}`;
        const answer = await talk(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.match(answer, /^HTTP\/1\.1 40[045] /, path);
        assert.doesNotMatch(answer, /default_language|SQLite|root:/, path);
      }
    }
  }
  await well();
});

test("deep and huge JSON in bodies", { timeout: 60_000 }, async () => {
  const bodies = {
    "200,000 arrays": "[".repeat(200_000),
    "200,000 arrays, closed": "[".repeat(200_000) + "]".repeat(200_000),
    "100,000 objects": '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000),
    "a number of 100,000 digits": `{"email":${"9".repeat(100_000)},"password":1e999999}`,
    "1e400": '{"email":1e400,"password":-1e400}',
    "100,000 fields": `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":${i}`).join(",")}}`,
  };
  for (const [name, body] of Object.entries(bodies)) {
    const answer = await server.get("/api/session", { method: "POST", body, headers: { "Content-Type": "application/json" } });
    assert.equal(answer.status, 400, name);
  }
  const one = await RawSocket.open(server);
  const { frame, kText } = await import("./raw_socket.mjs");
  const frames = [
    "[".repeat(16_000),
    `{"type":"ping","x":${"[".repeat(8000)}${"]".repeat(8000)}}`,
    `{"type":"message","client_id":"a","text":${"9".repeat(15_000)}}`,
    `{"type":"hello","last_seq":1e400}`,
    `{"type":"hello","last_seq":-1}`,
    `{"type":"hello","last_seq":18446744073709551616}`,
    `{"type":"hello","last_seq":0.5}`,
  ];
  for (const [i, text] of frames.entries()) {
    one.send(frame(kText, text));
    await one.until(() => one.texts().length > i || one.over, `an answer to ${text.slice(0, 40)}`);
    const answer = JSON.parse(one.texts()[i]);
    assert.ok(["bad_json", "bad_message", "hello_first"].includes(answer.code), `${text.slice(0, 40)}: ${one.texts()[i]}`);
    if (answer.code === "hello_first") break; // and the socket is closed
  }
  one.close();
  await well();
});

test("after all this the server is well", async () => {
  await well();
  assert.doesNotMatch(server.log, /terminate|Sanitizer|Assertion/);
  assert.equal((await server.stop()).code, 0);
});
