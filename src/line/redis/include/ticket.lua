--- Tickets and the few ways in which one can change. As memory-line.ts.
--- Record: number|epoch|state|joinedAt|expiresAt|admittedSequence|acknowledged|reason; what a newer pod has put after
--- that is passed over.
--@include line-time
--@include sockets
--@include audit

local function packTicket(ticket)
  return table.concat({
    int(ticket.number), int(ticket.epoch), ticket.state, int(ticket.joinedAt),
    ticket.expiresAt and int(ticket.expiresAt) or '',
    ticket.admittedSequence and int(ticket.admittedSequence) or '',
    ticket.acknowledged and '1' or '', ticket.reason or '',
  }, '|')
end

local function writeTicket(ticket)
  redis.call('HSET', keys.tickets, ticket.student, packTicket(ticket))
end

local function readTicket(student)
  local record = redis.call('HGET', keys.tickets, student)
  if not record then return nil end
  local number, epoch, state, joinedAt, expiresAt, admittedSequence, acknowledged, reason =
    string.match(record, '^(%d+)|(%d+)|(%a+)|(%d+)|(%d*)|(%d*)|(%d?)|([%a_]*)')
  return {
    student = student, number = tonumber(number), epoch = tonumber(epoch), state = state,
    joinedAt = tonumber(joinedAt), expiresAt = tonumber(expiresAt), admittedSequence = tonumber(admittedSequence),
    acknowledged = acknowledged == '1', reason = reason ~= '' and reason or nil,
  }
end

--- Of somebody whom another part of the line knows, and who therefore has one.
local function ticketOf(student)
  return readTicket(student) or damaged('tickets', 'none', 'one of a student')
end

local function isLive(ticket)
  return ticket ~= nil and ticket.state ~= 'ended'
end

local function setDeadline(student, at)
  redis.call('ZADD', keys.deadlines, int(at), student)
  line.nextDeadline = math.min(line.nextDeadline, at)
end

--- A waiting ticket takes its place, not yet present.
local function placeTicket(student, epoch, number, joinedAt)
  local ticket = { student = student, number = number, epoch = epoch, state = 'waiting', joinedAt = joinedAt }
  writeTicket(ticket)
  redis.call('SETBIT', keys.waiting, int(number - line.baseNumber), 1)
  line.waiting = line.waiting + 1
  append('joined', 'number', int(number), 'student', student, 'epoch', int(epoch))
  return ticket
end

--- Whether a number of an earlier epoch may come back: this epoch does not issue it, and nobody has it.
local function isFree(number)
  return number >= line.baseNumber and number < line.firstNumber
    and redis.call('GETBIT', keys.claimed, int(number - line.baseNumber)) == 0
end

local function claim(number)
  local held = redis.call('SETBIT', keys.claimed, int(number - line.baseNumber), 1)
  line.claims = (line.claims or 0) + 1 - held
end

local function reinstateTicket(student, epoch, number, joinedAt)
  claim(number)
  return placeTicket(student, epoch, number, joinedAt)
end

--- The first socket of a waiting ticket.
local function makePresent(ticket)
  redis.call('ZREM', keys.deadlines, ticket.student)
  line.present = line.present + redis.call('ZADD', keys.present, int(ticket.number), ticket.student)
end

--- The away ticket's grace does not run for now.
local function suspend(student)
  setDeadline(student, NEVER)
  line.standing = 1
end

--- A waiting ticket has lost its last socket; the grace begins.
local function depart(ticket)
  line.present = line.present - redis.call('ZREM', keys.present, ticket.student)
  if graceStands() then
    suspend(ticket.student)
  else
    setDeadline(ticket.student, lineTime() + line.graceMs)
  end
  append('away', 'number', int(ticket.number), 'student', ticket.student)
end

local function stopWaiting(ticket)
  redis.call('SETBIT', keys.waiting, int(ticket.number - line.baseNumber), 0)
  local present = redis.call('ZREM', keys.present, ticket.student)
  if present == 0 then redis.call('ZREM', keys.deadlines, ticket.student) end
  line.present = line.present - present
  line.waiting = line.waiting - 1
end
