--- What the passing of time ends. As tick.ts.
--@include moves

--- The lowest score of a sorted set; NEVER when it is empty.
local function lowestScore(key)
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  return first[2] and tonumber(first[2]) or NEVER
end

local function dueStudents(key, at)
  return redis.call('ZRANGEBYSCORE', key, '-inf', int(at), 'LIMIT', 0, LIMITS.tickBatch)
end

--- Where grace runs (again), whoever is away has all of it from now on. True when it stopped at its bound.
local function resumeGrace()
  if line.standing ~= 1 or graceStands() then return false end
  local suspended = redis.call('ZRANGEBYSCORE', keys.deadlines, int(NEVER), '+inf', 'LIMIT', 0, LIMITS.tickBatch)
  for _, student in ipairs(suspended) do setDeadline(student, lineTime() + line.graceMs) end
  line.standing = #suspended == LIMITS.tickBatch and 1 or 0
  return line.standing == 1
end

--- Ends what is overdue. True when it stopped at its bound.
local function sweep(state)
  local more = false
  local time = lineTime()
  if state ~= 'recovering' and time >= line.nextDeadline then
    local late = dueStudents(keys.deadlines, time)
    for _, student in ipairs(late) do
      local ticket = ticketOf(student)
      if ticket.state == 'waiting' and graceStands() then
        suspend(student)
      else
        endTicket(ticket, ticket.state == 'waiting' and 'away' or 'no_show')
      end
    end
    more = #late == LIMITS.tickBatch
    line.nextDeadline = lowestScore(keys.deadlines)
  end
  if nowMs >= line.nextExpiry then
    local expired = dueStudents(keys.inside, nowMs)
    for _, student in ipairs(expired) do endTicket(ticketOf(student), 'expired') end
    more = more or #expired == LIMITS.tickBatch
    line.nextExpiry = lowestScore(keys.inside)
  end
  return more
end

--- A closed room ends everyone's ticket, the present first. True when some are left.
local function endEveryone()
  local living = line.waiting + line.inside
  if living == 0 then return false end
  local left = LIMITS.tickBatch
  for _, key in ipairs({ keys.present, keys.deadlines, keys.inside }) do
    local students = left > 0 and redis.call('ZRANGE', key, 0, left - 1) or {}
    for _, student in ipairs(students) do endTicket(ticketOf(student), 'closed') end
    left = left - #students
  end
  if left == LIMITS.tickBatch then damaged('present, deadlines and inside', 'nobody', living) end
  return line.waiting + line.inside > 0
end
