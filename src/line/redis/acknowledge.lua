--[[
  acknowledge: a client of the student has seen the admission.
  KEYS: all of the line (keys.ts)
  ARGV: incarnation, student, number
  Returns: nothing
]]
--@include moves

runLine()
local ticket = readTicket(ARGV[2])
if not ticket or ticket.state ~= 'admitted' or ticket.number ~= tonumber(ARGV[3]) or ticket.acknowledged then return end
acknowledgeTicket(ticket)
saveLine()
