--- The legal moves of a ticket, out of ticket.ts: waiting → admitted → ended.
--@include ticket

--- More fields are the operator's act: 'operator', name, 'note', text.
local function admitTicket(ticket, expiresAt, ...)
  local student = ticket.student
  stopWaiting(ticket)
  redis.call('ZADD', keys.inside, int(expiresAt), student)
  line.inside = line.inside + 1
  line.nextExpiry = math.min(line.nextExpiry, expiresAt)
  setDeadline(student, lineTime() + line.noShowMs)
  ticket.state, ticket.expiresAt, ticket.acknowledged = 'admitted', expiresAt, false
  ticket.admittedSequence =
    append('admitted', 'number', int(ticket.number), 'student', student, 'expiresAt', int(expiresAt), ...)
  writeTicket(ticket)
end

local function acknowledgeTicket(ticket)
  ticket.acknowledged = true
  redis.call('ZREM', keys.deadlines, ticket.student)
  append('acknowledged', 'number', int(ticket.number), 'student', ticket.student)
  writeTicket(ticket)
end

local function endTicket(ticket, reason, ...)
  local student = ticket.student
  if ticket.state == 'waiting' then
    stopWaiting(ticket)
  else
    line.inside = line.inside - redis.call('ZREM', keys.inside, student)
    if not ticket.acknowledged then redis.call('ZREM', keys.deadlines, student) end
  end
  forgetSockets(student)
  append('ended', 'number', int(ticket.number), 'student', student, 'reason', reason, ...)
  writeTicket({
    student = student, number = ticket.number, epoch = ticket.epoch, joinedAt = ticket.joinedAt,
    state = 'ended', reason = reason,
  })
end
