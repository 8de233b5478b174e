// The WebSocket protocol, case by case, as the well-known suite sorts them: framing, pings, reserved
// bits, opcodes, fragmentation, UTF-8, closing.  Framed by hand; `ws` is the second opinion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { botFolder, cleanUp, Line, Server, within } from "./harness.mjs";
import { closeFrame, frame, kBinary, kClose, kPing, kPong, kText, RawSocket } from "./raw_socket.mjs";

const kCont = 0;
const kFrameMax = 16 * 1024;
const kAsk = '{"type":"ping"}'; // answered by one text frame, at any time

let server;
before(async () => {
  server = await Server.start(
    botFolder({ "wasl.yml": (text) => text.replace("connections_per_address: 50", "connections_per_address: 2000") }),
  );
});
after(() => cleanUp(server));

const padded = (size) => kAsk + " ".repeat(size - kAsk.length);
const text = (payload, options) => frame(kText, payload, options);
const more = { fin: false };
const bytes = (...list) => Buffer.from(list);
const inText = (...list) => Buffer.concat([Buffer.from('{"type":"ping","x":"'), bytes(...list), Buffer.from('"}')]);
const chars = (payload) => {
  const all = Buffer.from(payload);
  return [...all].map((byte, i) => frame(i === 0 ? kText : kCont, bytes(byte), { fin: i === all.length - 1 }));
};

/** Frames → what must come: so many texts (and pongs) and the socket lives, or a close code. */
const lives = (texts, pongs) => ({ texts, pongs });
const closes = (...codes) => ({ codes });

const cases = {
  framing: {
    "empty text": [[text("")], lives(1)],
    ...Object.fromEntries([125, 126, 127, 128, 1000, kFrameMax].map((size) => [`${size} bytes`, [[text(padded(size))], lives(1)]])),
    "one byte too many": [[text(padded(kFrameMax + 1))], closes(1009)],
    "a length of 2^40, nothing of it sent": [[text("", { length: 2n ** 40n })], closes(1009)],
    "a length of 2^63": [[text("", { length: 2n ** 63n })], closes(1002, 1009)],
    "a length of 2^64-1": [[text("", { length: 2n ** 64n - 1n })], closes(1002, 1009)],
    "15 bytes with a 16-bit length": [[text(kAsk, { form: 2 })], closes(1002)],
    "15 bytes with a 64-bit length": [[text(kAsk, { form: 8 })], closes(1002)],
    "not masked": [[text(kAsk, { mask: false })], closes(1002)],
    "a ping that is not masked": [[frame(kPing, "", { mask: false })], closes(1002)],
    "binary": [[frame(kBinary, "abc")], closes(1003)],
    "empty binary": [[frame(kBinary, "")], closes(1003)],
    "50 frames at once": [Array.from({ length: 50 }, () => text(kAsk)), lives(50)],
  },
  pings: {
    "empty": [[frame(kPing)], lives(0, [""])],
    "with text": [[frame(kPing, "Hello")], lives(0, ["Hello"])],
    "binary, 125 bytes": [[frame(kPing, Buffer.alloc(125, 0xfe))], lives(0, [Buffer.alloc(125, 0xfe)])],
    "126 bytes": [[frame(kPing, Buffer.alloc(126))], closes(1002)],
    "64-bit length": [[frame(kPing, Buffer.alloc(3), { form: 8 })], closes(1002)],
    "a pong nobody asked for": [[frame(kPong, "hm")], lives(0, [])],
    "an empty pong, then a ping": [[frame(kPong), frame(kPing, "x")], lives(0, ["x"])],
    "a pong of 126 bytes": [[frame(kPong, Buffer.alloc(126))], closes(1002)],
    "ten at once": [Array.from({ length: 10 }, (_, i) => frame(kPing, `p${i}`)), { texts: 0, lastPong: "p9" }],
  },
  "reserved bits": Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [
      [`${rsv} on a text`, [[text(kAsk, { rsv })], closes(1002)]],
      [`${rsv} on a ping after a good text`, [[text(kAsk), frame(kPing, "", { rsv })], closes(1002)]],
      [`${rsv} on a close`, [[closeFrame(1000, "", { rsv })], closes(1002)]],
    ]),
  ),
  opcodes: Object.fromEntries(
    [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
      [`${opcode}, empty`, [[frame(opcode)], closes(1002)]],
      [`${opcode} with a payload, after a good text`, [[text(kAsk), frame(opcode, "abc")], closes(1002)]],
    ]),
  ),
  fragmentation: {
    "two": [[text('{"type":', more), frame(kCont, '"ping"}')], lives(1)],
    "each byte one": [chars(kAsk), lives(1)],
    "empty ones between": [[text("", more), frame(kCont, kAsk, more), frame(kCont, "")], lives(1)],
    "a ping between": [[text('{"type":', more), frame(kPing, "hi"), frame(kCont, '"ping"}')], lives(1, ["hi"])],
    "a pong between": [[text('{"type":', more), frame(kPong, "hi"), frame(kCont, '"ping"}')], lives(1, [])],
    "a ping in fragments": [[frame(kPing, "a", more), frame(kCont, "b")], closes(1002)],
    "a close in fragments": [[closeFrame(1000, "", more)], closes(1002)],
    "a continuation of nothing": [[frame(kCont, "abc")], closes(1002)],
    "an unfinished continuation of nothing": [[frame(kCont, "abc", more)], closes(1002)],
    "a continuation after the end": [[text('{"type":', more), frame(kCont, '"ping"}'), frame(kCont, "x")], closes(1002)],
    "a text inside another": [[text('{"type":', more), text('"ping"}')], closes(1002)],
    "binary, in two": [[frame(kBinary, "a", more), frame(kCont, "b")], closes(1003)],
    "together too long": [[text(padded(9000), more), frame(kCont, " ".repeat(9000))], closes(1009)],
    "1,000 empty ones": [[text("", more), ...Array.from({ length: 998 }, () => frame(kCont, "", more)), frame(kCont, kAsk)], lives(1)],
  },
  "UTF-8": {
    "Arabic, emoji, the last code point": [[text('{"type":"ping","x":"وصل 😀 \u{10ffff} \u0000"}'.replace("\u0000", "\\u0000"))], lives(1)],
    "a letter cut by a frame": [[text(Buffer.concat([Buffer.from('{"type":"ping","x":"'), bytes(0xd9)]), more), frame(kCont, Buffer.concat([bytes(0x88), Buffer.from('"}')]))], lives(1)],
    "each byte of a letter in a frame": [chars('{"type":"ping","x":"😀"}'), lives(1)],
    ...Object.fromEntries(
      [
        ["a lone continuation byte", 0x80],
        ["a lone first byte", 0xd9],
        ["overlong, two bytes", 0xc0, 0xaf],
        ["overlong, three", 0xe0, 0x80, 0xaf],
        ["overlong, four", 0xf0, 0x80, 0x80, 0xaf],
        ["a surrogate", 0xed, 0xa0, 0x80],
        ["a surrogate pair", 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
        ["past U+10FFFF", 0xf4, 0x90, 0x80, 0x80],
        ["five bytes", 0xf8, 0x88, 0x80, 0x80, 0x80],
        ["FE", 0xfe],
        ["FF", 0xff],
      ].flatMap(([name, ...list]) => [
        [name, [[text(inText(...list))], closes(1007)]],
        [`${name}, in the second frame`, [[text('{"type":"ping","x":"', more), frame(kCont, bytes(...list)), frame(kCont, '"}')], closes(1007)]],
      ]),
    ),
    "cut at the end of the message": [[text(Buffer.concat([Buffer.from(kAsk), bytes(0xd9)]))], closes(1007)],
  },
  closing: {
    "empty": [[frame(kClose)], closes(1000)],
    ...Object.fromEntries(
      [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => [`${code}`, [[closeFrame(code, "bye")], closes(code)]]),
    ),
    ...Object.fromEntries(
      [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999].map((code) => [`${code}, which is no code`, [[closeFrame(code)], closes(1002)]]),
    ),
    "one byte": [[frame(kClose, bytes(3))], closes(1002)],
    "a reason of 123 bytes": [[closeFrame(1000, "x".repeat(123))], closes(1000)],
    "a reason of 124 bytes": [[closeFrame(1000, "x".repeat(124))], closes(1002)],
    "a reason that is not UTF-8": [[frame(kClose, bytes(0x03, 0xe8, 0xff, 0xfe))], closes(1002, 1007)],
    "frames after it": [[closeFrame(1000), text(kAsk), frame(kPing, "x"), closeFrame(1001)], { codes: [1000], texts: 0, pongs: [] }],
    "in the middle of a message": [[text('{"type":', more), closeFrame(1000)], { codes: [1000], texts: 0 }],
  },
};

async function run(name, [frames, expected], inPieces) {
  const one = await RawSocket.open(server);
  const all = Buffer.concat(frames);
  for (let at = 0; at < all.length; at += inPieces) {
    one.bytes(all.subarray(at, at + inPieces));
    if (inPieces < all.length) await new Promise(setImmediate);
  }
  if (expected.codes) {
    const code = await one.ended();
    assert.ok(expected.codes.includes(code), `${name}: closed with ${code}, not ${expected.codes}`);
  } else {
    await one.until(() => one.texts().length >= expected.texts, `${expected.texts} answers to ${name}`);
    await one.served(); // and everything before it is answered
    assert.equal(one.texts().length, expected.texts + 1, name);
  }
  const pongs = one.of(kPong).map(({ payload }) => payload);
  if (expected.pongs) assert.deepEqual(pongs, expected.pongs.map((pong) => Buffer.from(pong)), name);
  if (expected.lastPong) assert.equal(String(pongs.at(-1)), expected.lastPong, name);
  if (expected.codes && expected.texts !== undefined) assert.equal(one.texts().length, expected.texts, name);
  assert.deepEqual(one.broken, [], name);
  one.close();
}

for (const [group, table] of Object.entries(cases)) {
  test(`${group}: ${Object.keys(table).length} cases, whole and in pieces of 7 bytes`, { timeout: 120_000 }, async () => {
    for (const [name, one] of Object.entries(table)) {
      await run(`${group}, ${name}`, one, Infinity);
      const size = Buffer.concat(one[0]).length;
      if (size < 4000) await run(`${group}, ${name}, in pieces`, one, 7);
    }
  });
}

test("the expectations can fail: a case with a wrong one is told", async () => {
  await assert.rejects(run("wrong", [[text(kAsk, { rsv: 4 })], closes(1000)], Infinity), /closed with 1002, not 1000/);
  await assert.rejects(run("wrong", [[frame(kPing, "a")], lives(0, ["b"])], Infinity), /wrong/);
});

test("permessage-deflate is offered by a client and not taken; sub-protocols neither", async () => {
  const one = new Line(`ws://127.0.0.1:${server.port}/chat`, { perMessageDeflate: { threshold: 0 } });
  await within(one.opened, () => "the chat to open");
  assert.equal(one.socket.extensions, "");
  one.send({ type: "ping", x: "z".repeat(2000) });
  await one.waitFor(({ type }) => type === "pong");
  await one.close();
  assert.equal((await within(one.closed, () => "the close")).code, 1000);

  const raw = await RawSocket.open(server, "/chat", {
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits, x-other",
    "Sec-WebSocket-Protocol": "soap, wamp",
  });
  assert.doesNotMatch(raw.head, /Sec-WebSocket-(Extensions|Protocol)/i);
  await raw.served();
  raw.close();
});

test("the library's client agrees: pings, fragments, codes", async () => {
  const one = new Line(`ws://127.0.0.1:${server.port}/chat`);
  await within(one.opened, () => "the chat to open");
  const ponged = new Promise((done) => one.socket.on("pong", (data) => done(String(data))));
  one.socket.ping("are you there");
  assert.equal(await within(ponged, () => "a pong"), "are you there");
  one.raw('{"type":', { fin: false });
  one.raw('"ping"}', { fin: true });
  await one.waitFor(({ type }) => type === "pong");
  one.socket.close(3210, "enough");
  assert.deepEqual(await within(one.closed, () => "the close"), { code: 3210, reason: "" });
});
