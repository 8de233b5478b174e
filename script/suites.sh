# Sourced by script/test and .ci/run: runs suites one after the other and counts their tests.
passed=0 failed=0 skipped=0
mkdir -p build/log

npm_ci() { # folder: installs its locked packages when they are not there
  if [ ! -d "$1/node_modules" ] || [ "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]; then
    echo "test: installing the packages of $1"
    npm --prefix "$1" ci --no-audit --no-fund --loglevel=error
  fi
}

# What a suite printed of its own count, as "passed failed skipped".  Knows ctest, vitest, node's
# runner and our own closing line.
read_count() {
  local log=$1
  if grep -qE '^[0-9]+% tests passed' "$log"; then
    sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests failed out of ([0-9]+).*/\2 \1/p' "$log" | tail -1 |
      awk '{ print $1 - $2, $2, 0 }'
  elif grep -qE '^[0-9]+ passed, [0-9]+ failed' "$log"; then
    grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -1 | tr -dc '0-9 ' | awk '{ print $1, $2, $3 + 0 }'
  elif grep -qE '^[#ℹ] pass [0-9]+' "$log"; then
    awk '/^[#ℹ] pass /{p=$3} /^[#ℹ] fail /{f=$3} /^[#ℹ] skipped /{s=$3} END { print p, f, s + 0 }' "$log"
  elif grep -qE '^ *Tests ' "$log"; then
    grep -E '^ *Tests ' "$log" | tail -1 |
      awk '{ p = f = 0; for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p = $(i-1); if ($i ~ /^failed/) f = $(i-1) } print p, f, 0 }'
  fi
}

suite() { # name command...
  local name=$1 log="build/log/$1.log" start status=0 count p f s
  shift
  start=$(date +%s)
  printf 'test: %-12s ' "$name"
  "$@" >"$log" 2>&1 || status=$?
  sed -i 's/\x1b\[[0-9;]*m//g' "$log" # colours
  count=$(read_count "$log")
  read -r p f s <<<"${count:-0 0 0}"
  if [ $status -ne 0 ] && [ "${f:-0}" -eq 0 ]; then f=1; fi
  if [ $status -eq 0 ] && [ -z "$count" ]; then p=1; fi # a check without a count of its own
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  printf '%s passed, %s failed, %s skipped in %s s\n' "$p" "$f" "$s" $(($(date +%s) - start))
  if [ "$f" -ne 0 ]; then
    grep -nE '\[  FAILED|Failure$|^not ok|✖|FAIL|error:|expected|^tests/' "$log" | head -60
    echo "test: $name ended with $status; the whole log is $log; its end:"
    tail -40 "$log"
  fi
}

summary() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
