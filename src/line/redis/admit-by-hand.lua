--[[
  admitByHand: an operator admits one waiting student, whatever rate, capacity and presence say.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, student, operator, note
  Returns: the ticket's record as it is now, or ''
  Refuses: line_recovering, room_closed
]]
--@include moves

runLine()
local ticket = readTicket(ARGV[2])
if ticket and ticket.state == 'waiting' then
  local state = roomState()
  if state == 'recovering' then refuse('line_recovering') end
  if state == 'closed' then refuse('room_closed') end
  admitTicket(ticket, nowMs + line.leaseMs, 'operator', ARGV[3], 'note', ARGV[4])
  saveLine()
end
return ticket and packTicket(ticket) or ''
