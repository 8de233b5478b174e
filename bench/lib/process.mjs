// Programs under measurement: started, watched through /proc and ended by their own id.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { once } from "node:events";

const running = new Set();

/** Ends everything still running; called when the runner itself ends. */
export async function endAll() {
  await Promise.all([...running].map((server) => server.stop()));
}

/**
 * Starts `command` and waits for its line `listening on http://…:PORT`.
 * Gives its pid, its port, and the milliseconds from the start to that line.
 */
export async function startServer(command, args = [], options = {}) {
  const started = process.hrtime.bigint();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const ended = once(child, "exit");
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaints = (complaints + text).slice(-4000)));

  const port = await new Promise((resolve, reject) => {
    let said = "";
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}: ${complaints}`)));
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const found = /listening on http:\/\/\S*:(\d+)\n/.exec(said);
      if (found) resolve(Number(found[1]));
    });
  });
  const readyMs = Number(process.hrtime.bigint() - started) / 1e6;
  const server = {
    pid: child.pid,
    port,
    readyMs,
    /** Waits until a line of its log has `text`. */
    says(text, patienceMs) {
      return new Promise((resolve, reject) => {
        let seen = "";
        const over = (settle, value) => {
          clearTimeout(patience);
          child.stderr.off("data", look);
          settle(value);
        };
        const look = (more) => {
          seen += more;
          if (seen.includes(text)) over(resolve);
        };
        const patience = setTimeout(() => over(reject, new Error(`${command} did not say "${text}": ${complaints}`)), patienceMs);
        child.stderr.on("data", look);
      });
    },
    async stop() {
      if (!running.delete(server)) return;
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(patience);
    },
  };
  running.add(server);
  return server;
}

/**
 * Runs a program to its end and gives its stdout; `onLine` sees each line of it as it comes, and
 * `onProgress` each piece of stderr. `input` goes to its stdin.
 */
export async function runToEnd(command, args, onLine = () => {}, { input, onProgress = () => {} } = {}) {
  const child = spawn(command, args, { stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
  child.stdin?.on("error", () => {}); // it ended early; its exit code says why
  child.stdin?.end(input);
  let out = "";
  let rest = "";
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaints = (complaints + text).slice(-4000);
    onProgress(text);
  });
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    lines.forEach(onLine);
  });
  const entry = { stop: async () => { child.kill("SIGTERM"); await once(child, "exit"); } };
  running.add(entry);
  const [code, signal] = await once(child, "close");
  running.delete(entry);
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}: ${complaints}`);
  return out;
}

/** Resident memory of a process in bytes: all of it, and without what is mapped from files. */
export async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)[1]) * 1024;
  return { rss: bytes("VmRSS"), anonymous: bytes("RssAnon") };
}

/** The figures of /metrics by name. */
export async function metricsOf(server) {
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  const figures = {};
  for (const line of (await response.text()).split("\n")) {
    const found = /^(\w+) ([\d.e+-]+)$/.exec(line);
    if (found) figures[found[1]] = Number(found[2]);
  }
  return figures;
}
