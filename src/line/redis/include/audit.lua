--- Whether the parts of a line agree with each other. A server that evicts, or somebody's hand, may take one away alone;
--- then nothing that the others say can be trusted.
--@include line

local AUDIT_MS = 1000

--- The line is over, and is said to be: whoever asks next finds it lost, and rebuilds it from the trail.
local function damaged(part, held, expected)
  line.lost = 1
  saveLine()
  error({ err = string.format('LINE line_damaged (%s: %s instead of %s)', part, held, expected) })
end

--- How much a part holds; it may have become something else altogether.
local function measure(part, command, expected)
  local held = redis.pcall(command, keys[part])
  if type(held) == 'table' then damaged(part, held.err, expected) end
  return held
end

local function atLeast(part, command, expected)
  local held = measure(part, command, 'at least ' .. expected)
  if held < expected then damaged(part, held, 'at least ' .. expected) end
  return held
end

local function exactly(part, command, expected)
  local held = measure(part, command, expected)
  if held ~= expected then damaged(part, held, expected) end
end

--- Every student who lives has a record.
local function auditTickets()
  atLeast('tickets', 'HLEN', line.waiting + line.inside)
end

--- Whoever owns sockets is registered, or is being taken off. As many looks as there are pods.
local function auditPods()
  local from = '-'
  repeat
    local member = redis.call('ZRANGEBYLEX', keys.podStudents, from, '+', 'LIMIT', 0, 1)[1]
    local pod = member and string.match(member, '^[^/]+')
    if pod and not redis.call('ZSCORE', keys.pods, pod) then damaged('pods', 'none', pod) end
    if pod then from = '(' .. pod .. '0' end
  until not pod
end

--- At most once a second, whoever asks: a dozen commands, whatever the line's length, but for the bitmap's.
local function audit()
  if math.abs(nowMs - (line.auditedAt or 0)) < AUDIT_MS then return end
  exactly('present', 'ZCARD', line.present)
  exactly('inside', 'ZCARD', line.inside)
  exactly('waiting', 'BITCOUNT', line.waiting)
  auditTickets()
  local away = line.waiting - line.present
  local deadlines = atLeast('deadlines', 'ZCARD', away)
  if deadlines > away + line.inside then damaged('deadlines', deadlines, 'at most ' .. away + line.inside) end
  atLeast('podStudents', 'ZCARD', atLeast('sockets', 'HLEN', line.present))
  auditPods()
  atLeast('feed', 'XLEN', line.sequence - line.durableSequence)
  atLeast('durable', 'XLEN', 0)
  atLeast('claimed', 'BITCOUNT', line.claims or 0)
  line.auditedAt = nowMs
end
