--- One room's line in one epoch: its keys, its numbers, its time. Every script starts with holdLine or runLine.
--- SERVER, which stands above every script, names the server that this script was loaded for (script-runner.ts).
--@include limits
--@include clock

local keys = {
  meta = KEYS[1], tickets = KEYS[2], present = KEYS[3], deadlines = KEYS[4], inside = KEYS[5], waiting = KEYS[6],
  claimed = KEYS[7], sockets = KEYS[8], pods = KEYS[9], podStudents = KEYS[10], feed = KEYS[11], durable = KEYS[12],
  votes = KEYS[13],
}

local TEXTS = 6
local FIELDS = {
  'incarnation', 'control', 'durableBy', 'server', 'adoptedFrom', 'votesOn',
  'epoch', 'ready', 'recoveringUntil', 'baseNumber', 'firstNumber', 'restoredThrough', 'nextNumber',
  'sequence', 'durableSequence', 'lastTickAt', 'shift', 'credit', 'countedUntil', 'idle', 'opened',
  'waiting', 'present', 'inside', 'nextDeadline', 'nextExpiry', 'nextPodDeadline', 'renewAt',
  'lost', 'adoptedAt', 'votesSince', 'lottery', 'drawnFrom', 'settledAt', 'auditedAt', 'claims', 'begun', 'standing',
  'version', 'opensAt', 'rate', 'capacity', 'leaseMs', 'graceMs', 'noShowMs', 'graceEarly',
}
--- How far a room's lottery has come; none also when it is over.
local LOTTERY = { none = 0, entries = 1, frozen = 2, settled = 3 }
--- Later than any deadline: 2^53 - 1.
local NEVER = 9007199254740991
local KEEP_SECONDS = 7 * 24 * 3600
local RENEW_MS = 60000

local now = storeTime()
local nowMs = math.floor(now / 1000)
local line = {}
local loaded = {}

--- Lua would write µs as 1.76e+15.
local function int(number)
  return string.format('%.0f', number)
end

--- Ends the script with a code of line-error.ts. Only before the first write.
local function refuse(code)
  error({ err = 'LINE ' .. code })
end

local function loadLine()
  for i, value in ipairs(redis.call('HMGET', keys.meta, unpack(FIELDS))) do
    if value then
      loaded[FIELDS[i]] = i <= TEXTS and value or tonumber(value)
      line[FIELDS[i]] = loaded[FIELDS[i]]
    end
  end
  line.lottery = line.lottery or LOTTERY.none
  -- Not there in a line that an older version has opened.
  line.begun = line.begun or line.opened
end

local function saveLine()
  local changed = {}
  for _, field in ipairs(FIELDS) do
    local value = line[field]
    if value ~= loaded[field] then
      changed[#changed + 1] = field
      changed[#changed + 1] = type(value) == 'number' and int(value) or value
    end
  end
  if #changed > 0 then redis.call('HSET', keys.meta, unpack(changed)) end
end

--- The line whose incarnation the caller names in ARGV[1], ready or not. On a server that was started anew, or
--- promoted, the line is shut until `check` has found that it is all there.
local function holdLine()
  loadLine()
  if line.incarnation ~= ARGV[1] or line.lost == 1 then refuse('line_recovering') end
  if line.server ~= SERVER then refuse('line_unavailable') end
end

--- The same, and complete.
local function runLine()
  holdLine()
  if line.ready ~= 1 then refuse('line_recovering') end
end

--- As roomStateAt in room-state.ts.
local function roomState()
  if line.control == 'closed' then return 'closed' end
  if nowMs < line.recoveringUntil then return 'recovering' end
  if line.control ~= 'auto' then return line.control end
  return nowMs < line.opensAt and 'scheduled' or 'open'
end

--- As letsIn in room-state.ts.
local function admits()
  local state = roomState()
  return nowMs >= line.opensAt and (state == 'open' or state == 'draining')
end

--- As MemoryLine.graceStands: until the room lets somebody in, and while it is postponed, being away costs nothing.
local function graceStands()
  return line.graceEarly ~= 1 and (line.begun ~= 1 or roomState() == 'scheduled')
end

--- Appends an event; fields are name, value, … Returns its sequence.
local function append(kind, ...)
  line.sequence = line.sequence + 1
  redis.call('XADD', keys.feed, int(line.sequence) .. '-0', 'type', kind, 'at', int(nowMs), ...)
  return line.sequence
end

--- A line that is not ticked any more goes away by itself.
local function renewKeys()
  for _, key in pairs(keys) do redis.call('EXPIRE', key, KEEP_SECONDS) end
  line.renewAt = nowMs + RENEW_MS
end
