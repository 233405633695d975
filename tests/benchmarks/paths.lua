-- For wrk: asks for the paths in the file $PATHS in turn; prints requests/s, p50, p95, p99 in ms, failures.
local paths, threads = {}, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end

function setup(thread)
  thread:set("first", threads * 7919)
  threads = threads + 1
end

function init() at = first end

function request()
  at = at + 1
  return wrk.format("GET", paths[at % #paths + 1])
end

function done(summary, latency)
  local failed = summary.errors
  print("RESULT", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    failed.status + failed.connect + failed.read + failed.write + failed.timeout)
end
