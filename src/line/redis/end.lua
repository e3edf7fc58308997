--[[
  end: ends a ticket for a reason that its state allows (mayEnd in ticket.ts).
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, student, number, reason, the state in which alone it may end ('' for any), then operator and note when
    it was done by hand
  Returns: the ticket's record as it is now, or ''
]]
--@include moves

local ENDS = { waiting = { left = true, removed = true }, admitted = { finished = true, removed = true } }

runLine()
local reason = ARGV[4]
local ticket = readTicket(ARGV[2])
local isMeant = isLive(ticket) and ticket.number == tonumber(ARGV[3]) and (ARGV[5] == '' or ticket.state == ARGV[5])
if isMeant and ENDS[ticket.state][reason] then
  if ARGV[6] then
    endTicket(ticket, reason, 'operator', ARGV[6], 'note', ARGV[7])
  else
    endTicket(ticket, reason)
  end
  saveLine()
end
return redis.call('HGET', keys.tickets, ARGV[2]) or ''
