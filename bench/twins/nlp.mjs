// The usual way on Node.js: ws for the wire, nlp.js for the words. Trained on the English examples
// it is given; answers each message, stores nothing, and leaves out what nobody asked of it
// (sentiment, entities).
//
// nlp.mjs EXAMPLES.tsv: lines `intent TAB text`.
import { readFile } from "node:fs/promises";
import { containerBootstrap } from "@nlpjs/core";
import { LangEn } from "@nlpjs/lang-en";
import { Nlp } from "@nlpjs/nlp";
import { WebSocketServer } from "ws";

const container = await containerBootstrap();
container.use(Nlp);
container.use(LangEn);
const nlp = container.get("nlp");
nlp.settings.autoSave = false;
nlp.settings.log = false;
nlp.settings.forceNER = false;
nlp.settings.calculateSentiment = false;
nlp.addLanguage("en");

const answered = new Set();
for (const line of (await readFile(process.argv[2], "utf8")).trim().split("\n")) {
  const [intent, text] = line.split("\t");
  nlp.addDocument("en", text, intent);
  if (!answered.has(intent)) nlp.addAnswer("en", intent, `This is what we say about ${intent}.`);
  answered.add(intent);
}
await nlp.train();

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false }, () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
server.on("connection", (socket) => {
  let seq = 0;
  socket.on("message", async (bytes) => {
    const { client_id, text } = JSON.parse(bytes.toString());
    const read = await nlp.process("en", text);
    socket.send(JSON.stringify({
      type: "message", seq: ++seq, from: "bot", text: read.answer ?? "Sorry, I did not understand.",
      language: "en", answer: read.intent, client_id,
    }));
  });
});
