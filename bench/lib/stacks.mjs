// Reads `perf script` and says where the time goes: by function, and by part of the program. A
// sample belongs to the part of its innermost frame that names one, so that memory, copies and
// system calls count where they were asked for; the columns tell them apart.

// Tried in this order on each frame, from the innermost outwards.
const parts = [
  ["store: SQLite", /^(sqlite3|\[libsqlite)/],
  ["store: our side", /^(virtual )?(non-virtual thunk to )?wasl::store::/],
  ["understand", /wasl::intents::/],
  ["flows and texts", /wasl::flows::|^icu_|\[libicu/],
  ["handoff and desk", /wasl::handoff::|wasl::bot::DeskLoop|wasl::bot::make_card/],
  ["JSON of events and snapshots", /wasl::bot::(to_row|to_snapshot|from_snapshot|to_json_line)/],
  ["JSON of frames", /wasl::channels::web::/],
  ["wire", /wasl::channels::|boost::beast::/],
  ["random, tokens", /wasl::bot::random|\[libsodium|^randombytes/],
  ["decide", /wasl::bot::(decide|\(anonymous namespace\)::Decider)/],
  ["shard: load, commit, publish", /wasl::bot::(Shard|Node|\(anonymous namespace\)::(DeskLoop|VisitorSession))/],
  ["event loop", /boost::asio::/],
];

const kinds = [
  ["memory", /^(malloc|_int_malloc|_int_free|cfree|calloc|realloc|_int_realloc|malloc_consolidate|unlink_chunk|operator (new|delete)|sysmalloc|systrim|__libc_(malloc|free|calloc)|tcache)/],
  ["copying", /^(__mem(move|cpy|cmp|set|chr)|__str)/],
];

/** Samples as lists of frames, innermost first: {symbol, kernel}. */
function* samples(text) {
  let frames = [];
  for (const line of text.split("\n")) {
    const found = /^\s+[0-9a-f]+ (.*) \((.*)\)$/.exec(line);
    if (found) {
      const library = /([^/]+?)(?:\.so.*)?$/.exec(found[2])[1];
      const symbol = found[1] === "[unknown]" ? `[${library}]` : found[1].replace(/\+0x[0-9a-f]+$/, "");
      frames.push({ symbol, kernel: found[2].startsWith("[") });
    } else if (frames.length > 0) {
      yield frames;
      frames = [];
    }
  }
  if (frames.length > 0) yield frames;
}

function kindOf(leaf) {
  if (leaf.kernel) return "kernel";
  const found = kinds.find(([, pattern]) => pattern.test(leaf.symbol));
  if (found) return found[0];
  return leaf.symbol.includes("nlohmann::") ? "nlohmann" : "own";
}

function partOf(frames) {
  for (const { symbol } of frames) {
    // What a callback of ours was bound to is no call of it.
    const name = symbol.startsWith("std::") || symbol.startsWith("nlohmann::") ? "" : symbol;
    // The JSON helpers of event_json.cpp have no name of their own.
    if (/^wasl::bot::\(anonymous namespace\)::(to_json|from_json)/.test(name)) return parts[5][0];
    const found = name && parts.find(([, pattern]) => pattern.test(name));
    if (found) return found[0];
  }
  return "elsewhere";
}

const short = (symbol) =>
  symbol
    .replace(/nlohmann::json_abi_v[\d_]+::/g, "nlohmann::")
    .replace(/<nlohmann::basic_json<std::map.*/, "<json>…")
    .replace(/basic_json<std::map.*?>::(?=\w+$)/, "json::")
    .replace(/std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >/g, "std::string")
    .slice(0, 110);

/** Shares by function and by part, as text; `cpuUs` is what one message cost. */
export function summary(text, cpuUs) {
  const own = new Map();
  const inclusive = new Map();
  const matrix = new Map();
  let total = 0;
  const add = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
  for (const frames of samples(text)) {
    ++total;
    add(own, short(frames[0].symbol));
    for (const name of new Set(frames.map((frame) => short(frame.symbol)))) add(inclusive, name);
    const part = partOf(frames);
    if (!matrix.has(part)) matrix.set(part, new Map());
    add(matrix.get(part), kindOf(frames[0]));
  }
  const percent = (count) => ((100 * count) / total).toFixed(1).padStart(5);
  const top = (map, count) =>
    [...map].sort((a, b) => b[1] - a[1]).slice(0, count).map(([name, n]) => `${percent(n)} %  ${name}`);

  const columns = ["own", "nlohmann", "memory", "copying", "kernel"];
  const rows = [...matrix]
    .map(([part, counts]) => [part, counts, [...counts.values()].reduce((a, b) => a + b, 0)])
    .sort((a, b) => b[2] - a[2]);
  const sums = new Map(columns.map((kind) => [kind, rows.reduce((sum, [, counts]) => sum + (counts.get(kind) ?? 0), 0)]));
  const line = (part, counts, sum) =>
    `${part.padEnd(31)} ${percent(sum)} % ${((cpuUs * sum) / total).toFixed(1).padStart(6)} µs ` +
    columns.map((kind) => percent(counts.get(kind) ?? 0)).join("  ");
  return [
    `${total} samples; ${cpuUs.toFixed(1)} µs CPU for each turn`,
    "",
    `${"by part, and in it by kind".padEnd(31)} share    cost   own  nlohm.  memory  copy  kernel (% of all)`,
    ...rows.map(([part, counts, sum]) => line(part, counts, sum)),
    line("all", sums, total),
    "",
    "by function, itself alone",
    ...top(own, 40),
    "",
    "by function, with what it calls",
    ...top(inclusive, 90),
  ].join("\n");
}
